import pytest

from minikeras.errors import ArgumentError, DataError
from minikeras.utils import text_dataset_from_directory


def texts(folder, **settings):
    dataset = text_dataset_from_directory(folder, labels=None, shuffle=False, verbose=False, **settings)
    return [str(text) for batch in dataset for text in batch.tolist()]


def test_contents(tmp_path):
    (tmp_path / "a.txt").write_bytes("Ünï\r\ncode\n".encode())
    (tmp_path / "b.txt").write_bytes(b"")
    assert texts(tmp_path) == ["Ünï\r\ncode\n", ""]
    assert texts(tmp_path, max_length=2) == ["Ün", ""] and texts(tmp_path, max_length=0) == ["", ""]
    with pytest.raises(ArgumentError, match="max_length"):
        texts(tmp_path, max_length=-1)


def test_other_encodings_name_the_file(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"good")
    (tmp_path / "b.txt").write_bytes("Grüße".encode("latin-1"))
    with pytest.raises(DataError, match=r"text_dataset_from_directory: the file '.*b.txt' cannot be read: 'utf-8'"):
        texts(tmp_path)
