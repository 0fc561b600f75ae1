"""Assets of layers in the archive of a model."""

import os
import pathlib

import pytest

from minikeras import Sequential, layers
from minikeras.errors import ModelFileError
from minikeras.saving.archive import archive_of, opened
from minikeras.saving.assets import read_assets, written_assets
from minikeras.saving.source import Source


class Vocabulary(layers.Layer):
    def __init__(self, words=(), **kwargs):
        super().__init__(**kwargs)
        self.words = list(words)

    def save_assets(self, folder):
        pathlib.Path(folder, "words.txt").write_text("\n".join(self.words), encoding="utf-8")
        os.makedirs(os.path.join(folder, "more"))
        pathlib.Path(folder, "more", "count").write_bytes(bytes([len(self.words)]))

    def load_assets(self, folder):
        self.words = pathlib.Path(folder, "words.txt").read_text(encoding="utf-8").split()


MEMBERS = {
    "assets/layers/vocabulary/words.txt": b"a\nb",
    "assets/layers/vocabulary/more/count": b"\x02",
}


@pytest.fixture
def archive(tmp_path):
    def make(members):
        path = tmp_path / "a.keras"
        path.write_bytes(archive_of(members))
        return path

    return make


def test_what_is_written():
    assert written_assets(Sequential([Vocabulary("ab")])) == MEMBERS
    assert written_assets(Sequential([layers.Dense(1)])) == {}


def test_what_is_read(archive):
    path = archive({"config.json": b"{}", **MEMBERS})
    model = Sequential([Vocabulary()])
    with opened(path, Source(path)) as members, read_assets(model, members, Source(path)) as folder:
        model.layers[0].load_assets(os.path.join(folder, "layers", "vocabulary"))
        assert sorted(os.listdir(folder)) == ["layers"]
    assert model.layers[0].words == ["a", "b"] and not os.path.exists(folder)


def test_nobody_reads_any(archive):
    path = archive(MEMBERS)
    with opened(path, Source(path)) as members:
        with read_assets(Sequential([layers.Dense(1)]), members, Source(path)) as folder:
            assert folder is None
    path = archive({"config.json": b"{}"})
    with (
        opened(path, Source(path)) as members,
        read_assets(Sequential([Vocabulary()]), members, Source(path)) as folder,
    ):
        assert folder is None


def test_a_damaged_asset(archive):
    path = archive(MEMBERS)
    path.write_bytes(path.read_bytes().replace(b"a\nb", b"a\nc"))
    with (
        opened(path, Source(path)) as members,
        pytest.raises(ModelFileError, match="in 'assets/layers/vocabulary/words.txt'"),
        read_assets(Sequential([Vocabulary()]), members, Source(path)),
    ):
        raise AssertionError("the asset was read")
