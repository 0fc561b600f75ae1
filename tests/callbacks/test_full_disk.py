"""A disk that is full, at any moment of a training: one named error, closed files, a model that goes on."""

import errno
import gc
import os
import resource
from contextlib import contextmanager

import numpy as np
import pytest

from minikeras import Input, Sequential, layers
from minikeras.callbacks import BackupAndRestore, CSVLogger, ModelCheckpoint, TensorBoard
from minikeras.errors import FileWriteError
from minikeras.saving.atomic import writing
from minikeras.utils import progbar
from tests.callbacks.halving import fit, halving_model, weight_of


@contextmanager
def room_for(size):
    """No file can become larger than so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


MAKE = {
    "log": lambda folder: CSVLogger(folder / "log.csv"),
    "added": lambda folder: CSVLogger(folder / "log.csv", append=True),
    "board": lambda folder: TensorBoard(folder / "logs", histogram_freq=1, update_freq=1, embeddings_freq=1),
    "checkpoint": lambda folder: ModelCheckpoint(folder / "made" / "a.keras"),
    "weights": lambda folder: ModelCheckpoint(folder / "a.weights.h5", save_weights_only=True, save_freq=1),
    "backup": lambda folder: BackupAndRestore(folder / "backup", double_checkpoint=True),
}


@pytest.mark.parametrize("kind", MAKE)
def test_the_disk_is_full(kind, tmp_path):
    for size in (0, 60, 10_000):  # nothing is written; what is small breaks off; what is large does
        folder = tmp_path / str(size)
        folder.mkdir()
        model, open_before = halving_model(), set(os.listdir("/proc/self/fd"))
        with room_for(size):
            try:
                callback = MAKE[kind](folder)
                history = fit(model, [callback], epochs=4)
            except FileWriteError as error:
                assert isinstance(error, OSError) and error.errno == errno.EFBIG
                assert str(folder) in str(error)
                history = model.history.history if hasattr(model, "history") else {}
        gc.collect()
        assert set(os.listdir("/proc/self/fd")) <= open_before, "all files are closed"
        # Every step that was begun is done.
        assert weight_of(model) == 2.0 * 0.5 ** int(model.optimizer.iterations)
        assert len(history.get("loss", ())) in (int(model.optimizer.iterations), int(model.optimizer.iterations) - 1)
        done = int(model.optimizer.iterations)
        assert fit(model, [MAKE[kind](folder)], epochs=2 + done, initial_epoch=done)["loss"]


def test_lines_are_whole(tmp_path):
    header, line = "epoch,loss,val_loss\r\n", "0,4.0,NA\r\n"
    for size in (
        0,
        5,
        len(header) - 1,
        len(header),
        len(header) + 4,
        *range(len(header + line) - 1, len(header + line) + 2),
    ):
        with room_for(size), pytest.raises(FileWriteError, match=r"log.csv' could not be written: File too large"):
            fit(halving_model(), [CSVLogger(tmp_path / "log.csv")], epochs=9)
        text = (tmp_path / "log.csv").read_bytes().decode()
        assert text == (header + line if size >= len(header + line) else "")


def test_a_file_that_cannot_be_opened(tmp_path):
    (tmp_path / "file").write_text("")
    for path, error in (
        (tmp_path / "file" / "log.csv", FileWriteError),
        (tmp_path, FileWriteError),
        (tmp_path / "none" / "log.csv", FileNotFoundError),
    ):
        with pytest.raises(error, match=f"'{path}' could not be written") as caught:
            fit(halving_model(), [CSVLogger(path)])
        assert isinstance(caught.value, FileWriteError)
    for make in (
        lambda: TensorBoard(tmp_path / "file" / "logs"),
        lambda: ModelCheckpoint(tmp_path / "file" / "a" / "b.keras"),
        lambda: BackupAndRestore(tmp_path / "file" / "backup"),
    ):
        with pytest.raises(FileWriteError, match="file"):
            fit(halving_model(), [make()])


def test_devices():
    """What is written is seen only when it is handed over, and some of that only when the file is closed."""
    with pytest.raises(FileWriteError, match="'/dev/full' could not be written: No space left on device"):
        fit(halving_model(), [CSVLogger("/dev/full")])
    assert fit(halving_model(), [CSVLogger(os.devnull)], epochs=1) == {"loss": [4.0]}


def test_an_error_when_a_file_is_closed(tmp_path):
    logger = CSVLogger("/dev/full")
    logger.on_train_begin()
    logger.csv_file.write("not handed over yet")
    with pytest.raises(FileWriteError, match="'/dev/full'"):
        logger.on_train_end()
    assert logger.csv_file.closed
    logger._close()


def test_files_opened_before_another_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    boards = [TensorBoard(tmp_path / "logs"), TensorBoard(tmp_path / "file")]
    with pytest.raises(FileWriteError):
        fit(halving_model(), boards)
    assert boards[0]._files == {}


def test_the_backup_before_stays(tmp_path):
    model = Sequential([Input((1,)), layers.Dense(4), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((1, 1)), np.ones((1, 1))
    model.fit(x, y, epochs=2, verbose=0, callbacks=[BackupAndRestore(tmp_path / "a", delete_checkpoint=False)])
    size = (tmp_path / "a" / "latest.weights.h5").stat().st_size
    with room_for(size - 1000), pytest.raises(FileWriteError, match=r"latest.weights.h5"):
        model.fit(x, y, epochs=4, verbose=0, callbacks=[BackupAndRestore(tmp_path / "a")])
    assert len(os.listdir(tmp_path / "a")) == 2
    assert model.fit(x, y, epochs=4, verbose=0, callbacks=[BackupAndRestore(tmp_path / "a")]).epoch == [2, 3]


def test_errors_are_named_once(tmp_path):
    with pytest.raises(FileWriteError) as caught, writing("outer"), writing("inner"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert str(caught.value) == "[Errno 28] 'inner' could not be written: No space left on device"
    with pytest.raises(ValueError, match="mine"), writing("a"):
        raise ValueError("mine")


def test_standard_output(monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        with pytest.raises(FileWriteError, match="standard output, '/dev/full', could not be written: No space"):
            fit_with_a_bar()
        monkeypatch.undo()
        with pytest.raises(OSError):
            full.close()
    with pytest.raises(BrokenPipeError):  # who reads a pipe may go
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "w") as pipe:
            monkeypatch.setattr("sys.stdout", pipe)
            progbar.write_text("a\n")
    monkeypatch.undo()


def fit_with_a_bar():
    halving_model().fit(np.ones((1, 1)), np.ones((1, 1)), epochs=2, verbose=2)
