"""Paths that no file can have, and things that are no regular files, wherever minikeras reads or writes."""

import os
import pathlib
import signal
import socket

import numpy as np
import pytest

from minikeras import Sequential, callbacks, datasets, layers, saving, utils
from minikeras.errors import ArgumentError, FileReadError, MinikerasError, ModelFileError, ModelFileMissingError
from minikeras.utils.paths import opened


@pytest.fixture(scope="module")
def model():
    return Sequential([layers.Input((2,)), layers.Dense(1)])


@pytest.fixture(autouse=True)
def in_time():
    """Whoever waits for a pipe waits for ever."""

    def stop(*_):
        raise TimeoutError("still waiting after 20 s")

    old = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


WRITERS = {
    ".keras": lambda model, path: model.save(path),
    ".h5": lambda model, path: model.save(path),
    ".weights.h5": lambda model, path: model.save_weights(path),
    ".onnx": lambda model, path: model.export(path, format="onnx"),
    ".png": lambda model, path: utils.save_img(path, np.zeros((2, 2, 3))),
    ".csv": lambda model, path: callbacks.CSVLogger(path),
}
READERS = {
    ".keras": [lambda model, path: saving.load_model(path), lambda model, path: model.load_weights(path)],
    ".h5": [lambda model, path: saving.load_model(path), lambda model, path: model.load_weights(path)],
    ".weights.h5": [lambda model, path: model.load_weights(path)],
}
READERS[".keras"].append(lambda model, path: saving.KerasFileEditor(path))
READERS[".weights.h5"].append(lambda model, path: saving.KerasFileEditor(path))
WRONG = {"NUL": "a\0b", "bytes": b"a", "None": None, "a number": 3, "a list": ["a"], "a flag": True}


def wrong(kind, ending):
    value = WRONG[kind]
    return value + (ending.encode() if isinstance(value, bytes) else ending) if kind in ("NUL", "bytes") else value


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("ending", WRITERS)
def test_writing(kind, ending, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MinikerasError):
        WRITERS[ending](model, wrong(kind, ending))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("ending", READERS)
def test_reading(kind, ending, model):
    for read in READERS[ending]:
        with pytest.raises(ArgumentError, match="path"):
            read(model, wrong(kind, ending))


def things(folder, ending):
    """Makes what is no regular file; returns the names."""
    names = {kind: folder / f"{kind}{ending}" for kind in ("pipe", "device", "socket", "folder", "ring")}
    os.mkfifo(names["pipe"])
    os.symlink("/dev/zero", names["device"])
    os.symlink(names["ring"], names["ring"])
    names["folder"].mkdir()
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.fspath(names["socket"]))
    return names


@pytest.mark.parametrize("ending", READERS)
def test_what_is_no_regular_file(ending, model, tmp_path):
    for kind, path in things(tmp_path, ending).items():
        for read in READERS[ending]:
            with pytest.raises(ModelFileError, match="symbolic links" if kind == "ring" else f"is a {kind}") as caught:
                read(model, path)
            assert caught.value.path == os.fspath(path)


def test_links_to_files_are_followed(model, tmp_path):
    model.save(tmp_path / "a.keras")
    os.symlink(tmp_path / "a.keras", tmp_path / "b.keras")
    assert saving.load_model(tmp_path / "b.keras").count_params() == 3
    assert saving.load_model(pathlib.Path(tmp_path / "b.keras")).count_params() == 3
    with pytest.raises(ModelFileMissingError):
        saving.load_model(tmp_path / "c.keras")


def test_other_readers(tmp_path):
    pipe = things(tmp_path, ".png")["pipe"]
    with pytest.raises(FileReadError, match="is a pipe"):
        utils.load_img(pipe)
    with pytest.raises(ArgumentError, match="not contain the character"):
        utils.load_img("a\0.png")
    with pytest.raises(ArgumentError, match="not contain the character"):
        datasets.mnist.load_data("a\0.npz")
    with pytest.raises(OSError, match="is a pipe"):
        opened(pipe)
    with pytest.raises(FileNotFoundError):
        utils.load_img(tmp_path / "nowhere.png")


def test_the_users_copy_of_mnist_is_a_pipe(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", os.fspath(tmp_path))
    (tmp_path / "datasets").mkdir()
    os.mkfifo(tmp_path / "datasets" / "mnist.npz")
    with pytest.warns(UserWarning, match="is a pipe"):
        assert datasets.mnist.load_data()[0][0].shape == (60000, 28, 28)


def test_a_backup_that_is_a_pipe(model, tmp_path):
    model.compile("sgd", "mse")
    os.mkfifo(tmp_path / "latest.weights.h5")
    with pytest.raises(ModelFileError, match="is a pipe"):
        data = np.zeros((2, 2)), np.zeros((2, 1))
        model.fit(*data, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path)])
