"""Files of weights that are looked into and changed."""

import json
import zipfile

import h5py
import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, ModelFileError
from minikeras.saving import KerasFileEditor
from tests.saving.models import functional, sequential, subclassed, trained


@pytest.fixture
def saved(tmp_path, capsys):
    model, _ = trained(sequential, "sgd")
    model.save(tmp_path / "a.keras")
    editor = KerasFileEditor(tmp_path / "a.keras")
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"Keras model file '{tmp_path}/a.keras'"
    assert second == f"Saved with Keras 3.15.1 - date: {editor.metadata['date_saved']}"
    assert editor.config["class_name"] == "Sequential"
    return model, editor


def test_summary(saved, capsys):
    saved[1].summary()
    assert capsys.readouterr().out == (
        "Weights structure\n"
        "  > layers\n"
        "  │   ├─ dense\n"
        "  │   │   ├─ 0: shape=(3, 4), dtype=float32\n"
        "  │   │   └─ 1: shape=(4,), dtype=float32\n"
        "  │   └─ dense_1\n"
        "  │       ├─ 0: shape=(4, 2), dtype=float32\n"
        "  │       └─ 1: shape=(2,), dtype=float32\n"
        "  └─ optimizer\n"
        "      ├─ 0: shape=(), dtype=int64\n"
        "      └─ 1: shape=(), dtype=float32\n"
    )
    assert saved[1].object_metadata["/layers/dense_1"] == {"name": "end"}


def test_compare(saved, capsys):
    model, editor = saved
    assert editor.compare(model) == {"status": "success", "error_count": 0, "match_count": 6}
    assert capsys.readouterr().out.splitlines()[-1] == "    Found 6 matching weights"
    other = Sequential([layers.Input((3,)), layers.Dense(4), layers.Dense(5), layers.Dense(1)])
    assert editor.compare(other) == {"status": "error", "error_count": 4, "match_count": 2}
    assert capsys.readouterr().out == (
        "Running comparison\n"
        "...Weight shape mismatch for /layers/dense_1/0\n"
        "    In reference model: shape=(4, 5)\n"
        "    In saved file: shape=(4, 2)\n"
        "...Weight shape mismatch for /layers/dense_1/1\n"
        "    In reference model: shape=(5,)\n"
        "    In saved file: shape=(2,)\n"
        "...Object /layers/dense_2 present in reference model, missing from saved file\n"
        "    In reference model, /layers/dense_2 contains the following keys: ['0', '1']\n"
        "...Object /optimizer present in saved file, missing from reference model\n"
        "    In saved file, /optimizer contains the following keys: ['0', '1']\n"
        "─────────────────────\n"
        "Found 4 errors: saved file is not compatible with the reference model\n"
    )


@pytest.mark.parametrize("make", [sequential, functional, subclassed])
def test_nothing_is_lost(make, tmp_path):
    model, x = trained(make)
    model.save(tmp_path / "a.keras")
    KerasFileEditor(tmp_path / "a.keras").resave_weights(tmp_path / "b.weights.h5")
    before = [weight.numpy() for weight in (*model.weights, *model.optimizer.variables)]
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    model.load_weights(tmp_path / "b.weights.h5")
    after = [weight.numpy() for weight in (*model.weights, *model.optimizer.variables)]
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))
    assert KerasFileEditor(tmp_path / "b.weights.h5").compare(model)["status"] == "success"


def test_changes(saved, tmp_path):
    model, editor = saved
    kernel = np.full((2, 5), 3, "float32")
    editor.delete_object("optimizer")
    editor.add_object("layers/dense_2", {"0": kernel})
    editor.add_weights("dense_2", {"1": np.ones(5, "float32"), "2": [1.0]})
    editor.delete_weight("layers/dense_2", "2")
    editor.rename_object("layers/dense", "first")
    editor.rename_object("first", "dense")
    editor.save(tmp_path / "b.weights.h5")
    deeper = Sequential([layers.Input((3,)), layers.Dense(4), layers.Dense(2), layers.Dense(5)])
    deeper.load_weights(tmp_path / "b.weights.h5")
    assert np.array_equal(deeper.get_weights()[0], model.get_weights()[0])
    assert np.array_equal(deeper.get_weights()[4], kernel)


def test_what_is_refused(saved, tmp_path):
    _, editor = saved
    for call, reason in (
        (lambda: editor.rename_object("dense", "a/b"), "without '/'"),
        (lambda: editor.rename_object("dense", "dense_1"), "already"),
        (lambda: editor.delete_object("nothing"), "does not appear"),
        (lambda: editor.delete_object("layers/nothing"), "not found"),
        (lambda: editor.delete_object("layers/dense/0"), "not found"),
        (lambda: editor.delete_weight("dense", "7"), "'7' not found"),
        (lambda: editor.add_object("nowhere/dense", {}), "not found"),
        (lambda: editor.save(tmp_path / "b.keras"), r"'\.weights\.h5'"),
        (lambda: KerasFileEditor(tmp_path / "a.h5"), r"'\.weights\.h5'"),
    ):
        with pytest.raises(ArgumentError, match=reason):
            call()
    editor.add_object("dense", {"0": np.ones(1)})
    with pytest.raises(ArgumentError, match="more than once"):
        editor.delete_object("dense")
    for weights in ([1], {"0": ["a"]}):
        with pytest.raises(TypeError, match="dict of arrays|numeric arrays"):
            editor.add_weights("dense_1", weights)


def test_attacks(tmp_path):
    path = tmp_path / "a.weights.h5"

    def into_itself(file):
        file["a/b"] = file["b"] = file["/"]

    def deep(file):
        file.create_group("/".join("a" * 100))

    for attack, reason in (
        (lambda file: file.__setitem__("a", h5py.ExternalLink("b.h5", "/")), "link"),
        (lambda file: file.create_dataset("vars/0", (10**6, 10**6), "float32"), "4,000,000,000,000 bytes"),
        (into_itself, "occurs several times"),
        (deep, "groups are nested more than"),
        (lambda file: file.__setitem__("a", [1.0]), "expected a group"),
    ):
        with h5py.File(path, "w") as file:
            attack(file)
        with pytest.raises(ModelFileError, match=reason):
            KerasFileEditor(path)


def test_nothing_in_a_file_reaches_the_terminal_as_it_is(tmp_path, capsys):
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    path = tmp_path / "a.keras"
    model.save(path)
    strange = "\x1b[2J\rnew\nline\x9b\u202e"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["metadata.json"] = json.dumps({"keras_version": strange, "date_saved": strange}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    editor = KerasFileEditor(path)
    editor.rename_object("dense", strange)
    editor.add_weights(strange, {strange: np.zeros(2)})
    editor.summary()
    editor.compare(model)
    shown = capsys.readouterr().out
    assert all(letter.isprintable() for letter in shown.replace("\n", ""))
    assert not any(line.startswith("line") for line in shown.splitlines())
    assert shown.count(r"\x1b[2J\rnew\nline\x9b\u202e") >= 5
