"""Trainings that end before they should, and go on as if nothing had happened."""

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.callbacks import BackupAndRestore, Callback, CallbackList, CSVLogger
from minikeras.callbacks.training_state import RandomState
from minikeras.errors import ArgumentError, ArgumentTypeError, ModelFileError, StateError
from tests.callbacks.halving import fit, halving_model, weight_of
from tests.callbacks.killed_training import train


class Fail(Callback):
    """Raises at a moment of a training."""

    def __init__(self, hook, iterations):
        super().__init__()
        self.iterations, self.error = iterations, RuntimeError("mine")
        setattr(self, hook, self.fail)

    def fail(self, *args, **kwargs):
        if self.model.optimizer.iterations == self.iterations:
            raise self.error


def assert_same_bits(first, second):
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_killed_process(tmp_path):
    folder, log = tmp_path / "backup", tmp_path / "log.csv"
    command = [sys.executable, "-m", "tests.callbacks.killed_training", str(folder), str(log)]
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    killed = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": root}, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    # 24 of 40 steps: those of two epochs, and four.
    assert json.loads((folder / "training_metadata.json").read_text()) == {"epoch": 2, "batch": 3}
    expected, values, _ = train([CSVLogger(tmp_path / "expected.csv")])
    shutil.copytree(folder, tmp_path / "again")
    state, last, epochs = train([BackupAndRestore(folder, save_freq=4), CSVLogger(log, append=True)])
    assert log.read_text() == (tmp_path / "expected.csv").read_text()
    assert epochs == [2, 3] and last == values
    assert_same_bits(state, expected)
    assert not folder.exists()
    # The last backup was damaged: then it goes on from the one before.
    damaged = tmp_path / "again" / "latest.weights.h5"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    state, last, _ = train([BackupAndRestore(tmp_path / "again", save_freq=4), CSVLogger(log, append=True)])
    assert log.read_text() == (tmp_path / "expected.csv").read_text()
    assert last == values
    assert_same_bits(state, expected)


@pytest.mark.parametrize(
    ("hook", "iterations", "epochs"),
    [("on_train_batch_end", 13, [1, 2]), ("on_epoch_begin", 20, [2]), ("on_epoch_end", 20, [1, 2])],
)
def test_after_epochs(hook, iterations, epochs, tmp_path):
    fail = Fail(hook, iterations)
    with pytest.raises(RuntimeError) as caught:
        train([fail, BackupAndRestore(tmp_path / "a")], epochs=3)
    assert caught.value is fail.error
    expected, values, _ = train([], epochs=3)
    state, last, done = train([BackupAndRestore(tmp_path / "a")], epochs=3)
    assert done == epochs and last == values
    assert_same_bits(state, expected)


def test_a_whole_epoch_is_done(tmp_path):
    """The last backup is that of the last batch: the epoch goes on with its end."""
    with pytest.raises(RuntimeError):
        train([BackupAndRestore(tmp_path / "a", save_freq=10), Fail("on_epoch_end", 20)], epochs=3)
    expected, values, _ = train([], epochs=3)
    state, last, done = train([BackupAndRestore(tmp_path / "a", save_freq=10)], epochs=3)
    assert done == [1, 2] and last == values
    assert_same_bits(state, expected)


def test_values_of_an_epoch_that_went_on(tmp_path):
    with pytest.raises(RuntimeError):
        train([BackupAndRestore(tmp_path / "a", save_freq=3), Fail("on_train_batch_end", 5)], epochs=1)
    _, expected, _ = train([], epochs=1)
    assert train([BackupAndRestore(tmp_path / "a")], epochs=1)[1] == expected


def test_files(tmp_path):
    folder = tmp_path / "a"
    backup = BackupAndRestore(folder, double_checkpoint=True, delete_checkpoint=False)
    model = halving_model()
    fit(model, [backup], epochs=2)
    names = ["latest.weights.h5", "latest.weights.h5.bkp", "training_metadata.json", "training_metadata.json.bkp"]
    assert sorted(os.listdir(folder)) == names
    assert (folder / names[2]).read_bytes() == b'{"epoch": 2, "batch": 0}'
    assert (folder / names[3]).read_bytes() == b'{"epoch": 1, "batch": 0}'
    # It is a file of weights like any other.
    other = halving_model()
    other.load_weights(folder / names[0])
    assert weight_of(other) == 0.5
    # A longer training goes on with it, once.
    history = other.fit([[1.0]], [[0.0]], epochs=3, verbose=0, callbacks=[backup])
    assert history.epoch == [2] and weight_of(other) == 0.25
    assert other.fit([[1.0]], [[0.0]], epochs=1, verbose=0).epoch == [0]
    assert fit(other, [BackupAndRestore(folder)], epochs=3) == {}
    assert not folder.exists()


def test_what_does_not_fit(tmp_path):
    folder = tmp_path / "a"
    fit(halving_model(), [BackupAndRestore(folder, delete_checkpoint=False)], epochs=1)
    other = Sequential([layers.Input((1,)), layers.Dense(2)])
    other.compile("sgd", "mse")
    before = other.get_weights()
    with pytest.raises(ModelFileError, match=r"latest.weights.h5"):
        other.fit(np.ones((1, 1)), np.ones((1, 2)), verbose=0, callbacks=[BackupAndRestore(folder)])
    assert_same_bits(other.get_weights(), before)
    (folder / "latest.weights.h5").write_bytes(b"")
    model = halving_model()
    with pytest.raises(ModelFileError, match="it is empty"):
        fit(model, [BackupAndRestore(folder)])
    assert weight_of(model) == 2.0
    with pytest.raises(StateError, match="must be built"):
        backup = BackupAndRestore(tmp_path / "b")
        backup.set_model(Sequential([layers.Dense(1)]))
        backup.on_train_begin()


def test_backups_after_epochs_cost_nothing_in_batches():
    assert CallbackList(BackupAndRestore("a")).batch_hook("on_train_batch_end") is None
    assert CallbackList(BackupAndRestore("a", save_freq=2)).batch_hook("on_train_batch_end") is not None


def test_random_states_come_back():
    import random

    np.random.seed(1)
    random.seed(2)
    np.random.normal(), random.gauss(0, 1)  # each keeps a second number
    state = RandomState.of_arrays(RandomState.now().arrays())
    expected = [np.random.normal(), np.random.rand(), random.gauss(0, 1), random.random()]
    state.restore()
    assert [np.random.normal(), np.random.rand(), random.gauss(0, 1), random.random()] == expected


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"backup_dir": ""}, ArgumentError),
        ({"backup_dir": None}, ArgumentTypeError),
        ({"backup_dir": "a", "save_freq": "batch"}, ArgumentError),
        ({"backup_dir": "a", "save_freq": False}, ArgumentError),
        ({"backup_dir": "a", "double_checkpoint": "yes"}, ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error):
        BackupAndRestore(**arguments)
