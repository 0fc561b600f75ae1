"""A training that is killed at any moment ends, started again, as one that was never interrupted."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from minikeras import Input, Sequential, layers, optimizers, random, utils
from minikeras.callbacks import (
    BackupAndRestore,
    Callback,
    CSVLogger,
    EarlyStopping,
    ModelCheckpoint,
    ReduceLROnPlateau,
)

HOOKS = [
    "on_train_begin",
    "on_epoch_begin",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_begin",
    "on_test_batch_end",
    "on_test_end",
    "on_epoch_end",
    "on_train_end",
]


class Killed(BaseException):
    """What ends a training here. What is in the files at that moment is what a kill would leave of them."""


class Kill(Callback):
    """Ends a training at the n-th call of a hook, and keeps the files as they are then."""

    def __init__(self, folder, hook, number):
        super().__init__()
        self.folder, self.number, self.is_done = folder, number, False
        setattr(self, hook, self.count)

    def count(self, *args, **kwargs):
        self.number -= 1
        if self.number == 0:
            shutil.copytree(self.folder, f"{self.folder}-killed")
            raise Killed


class Own(Callback):
    """A callback of a user's: draws numbers, counts, and acts on what it has counted, in every kind of hook."""

    def __init__(self):
        super().__init__()
        self.counts, self.seen, self.norms = {}, [], np.zeros(3, "float32")

    def count(self, hook):
        self.counts[hook] = self.counts.get(hook, 0) + 1

    def on_train_begin(self, logs=None):
        self.count("train")
        np.random.normal()
        random.normal((1,))

    def on_epoch_begin(self, epoch, logs=None):
        self.count("epoch")
        self.model.optimizer.learning_rate = self.model.optimizer.learning_rate * (0.9 + 0.1 * np.random.rand())

    def on_train_batch_end(self, batch, logs=None):
        self.count("batch")
        if self.counts["batch"] % 7 == 0:
            kernel = self.model.layers[-1].kernel
            kernel.assign(kernel * (1 + 0.1 * np.random.normal()))

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append((epoch, logs["loss"]))
        self.norms = self.norms + np.float32(np.random.rand())
        logs["own"] = float(self.norms[0])

    def get_state(self):
        return {"counts": self.counts, "seen": self.seen, "norms": self.norms}

    def set_state(self, state):
        self.counts, self.norms = state["counts"], state["norms"]
        self.seen = [tuple(pair) for pair in state["seen"]]


def callbacks_in(folder, save_freq="epoch"):
    return {
        "backup": BackupAndRestore(f"{folder}/backup", save_freq=save_freq),
        "best": ModelCheckpoint(f"{folder}/best.weights.h5", save_best_only=True, save_weights_only=True),
        "loss": ModelCheckpoint(
            f"{folder}/loss.weights.h5", monitor="loss", save_best_only=True, save_weights_only=True, save_freq=5
        ),
        "stopping": EarlyStopping(patience=2, restore_best_weights=True),
        "patient": EarlyStopping("loss", patience=20, restore_best_weights=False),
        "plateau": ReduceLROnPlateau(patience=1, factor=0.5, cooldown=1),
        "own": Own(),
        "log": CSVLogger(f"{folder}/log.csv"),
        "all": CSVLogger(f"{folder}/all.csv", separator=";", append=True),
    }


def train(folder, callbacks, epochs=7, **options):
    """Trains a model with all that is random in it; returns all that is left of it."""
    utils.set_random_seed(5)
    model = Sequential([Input((4,)), layers.Dense(6, activation="relu"), layers.Dropout(0.3), layers.Dense(1)])
    model.compile(optimizers.Adam(0.2, **options), "mse", metrics=["mae"])
    x = np.random.default_rng(1).normal(size=(40, 4)).astype("float32")
    y = x[:, :1] * x[:, 1:2]
    fit = {"batch_size": 10, "epochs": epochs, "verbose": 0, "validation_data": (x[:9], y[:9])}
    history = model.fit(x, y, callbacks=list(callbacks), **fit)
    return {
        "weights": model.get_weights(),
        "optimizer": [variable.numpy() for variable in model.optimizer.variables],
        "history": history.history,
        "epochs": history.epoch,
        "random": [np.random.rand(), random.normal((1,)).item()],
    }


def left(folder, callbacks):
    """What callbacks and their files are in the end."""
    stopping, plateau, own = (callbacks[name] for name in ("stopping", "plateau", "own"))
    found = {
        "stopped": [stopping.stopped_epoch, stopping.wait, stopping.best, stopping.best_epoch],
        "plateau": [plateau.best, plateau.wait, plateau.cooldown_counter],
        "own": [own.counts, own.seen, own.norms],
        "best": [callbacks["best"].best, callbacks["loss"].best],
    }
    for name in ("log.csv", "all.csv"):
        found[name] = Path(folder, name).read_bytes()
    for name in ("best", "loss"):
        model = Sequential([Input((4,)), layers.Dense(6), layers.Dropout(0.3), layers.Dense(1)])
        model.load_weights(f"{folder}/{name}.weights.h5")
        found[name] = model.get_weights()
    return found


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    return interrupted(str(tmp_path_factory.mktemp("whole") / "all"), ORDER, [], "epoch")


def check_same(found, expected):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if name == "epochs":  # the history is that of the epochs that were left to do, as in Keras
            value = value[len(value) - len(found[name]) :]
        elif name == "history":
            value = {key: values[len(values) - len(found["epochs"]) :] for key, values in value.items()}
            value = value if found["epochs"] else {}
        np.testing.assert_equal(found[name], value, err_msg=name)


def interrupted(folder, order, kills, save_freq):
    """Trains, killed again and again, until it is done."""
    os.makedirs(folder)
    Path(folder, "all.csv").write_text("epoch;loss\n0;1.0\n1;2.0\n")  # of an earlier training
    for hook, number, place in kills:
        callbacks = callbacks_in(folder, save_freq)
        given = [callbacks[name] for name in order]
        given.insert(place, Kill(folder, hook, number))
        with pytest.raises(Killed):
            train(folder, given)
        shutil.rmtree(folder)
        os.rename(f"{folder}-killed", folder)
    callbacks = callbacks_in(folder, save_freq)
    found = train(folder, [callbacks[name] for name in order]) | left(folder, callbacks)
    assert not os.path.exists(f"{folder}/backup")
    return found


ORDER = list(callbacks_in(""))


def test_the_training_is_one_that_shows_it(uninterrupted):
    assert 3 < len(uninterrupted["epochs"]) < 7, "it is to be stopped"
    assert uninterrupted["stopped"][3] < len(uninterrupted["epochs"]) - 1, "the best epoch is not the last one"
    assert len(set(uninterrupted["history"]["learning_rate"])) == len(uninterrupted["epochs"])
    assert uninterrupted["plateau"][0] < uninterrupted["history"]["val_loss"][-1]
    assert uninterrupted["log.csv"].count(b"\n") == len(uninterrupted["epochs"]) + 1
    assert uninterrupted["all.csv"].count(b"\n") == len(uninterrupted["epochs"]) + 3


@pytest.mark.parametrize(("save_freq", "place"), [("epoch", 0), (3, len(ORDER))])
@pytest.mark.parametrize("hook", HOOKS)
def test_a_kill_in_every_hook(hook, save_freq, place, tmp_path, uninterrupted):
    numbers = {"on_train_begin": [1], "on_train_end": [1], "on_train_batch_end": [1, 10]}.get(hook, [3])
    for number in numbers if save_freq == "epoch" else numbers[-1:]:  # the first: before there is a backup
        found = interrupted(str(tmp_path / f"{number}"), ORDER, [(hook, number, place)], save_freq)
        check_same(found, uninterrupted)


@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_callbacks_and_several_kills(seed, tmp_path, uninterrupted):
    generator = np.random.default_rng(seed)
    # What adds to the logs stands before what reads them, as where nothing is interrupted.
    order = ["own", "plateau", *generator.permutation([n for n in ORDER if n not in ("own", "plateau")])]
    kills = [(str(generator.choice(HOOKS[1:-1])), int(generator.integers(1, 4)), int(generator.integers(0, 10)))]
    kills += [("on_train_batch_end", 4, 3), ("on_epoch_end", 1, int(generator.integers(0, 10)))]
    plain = interrupted(str(tmp_path / "plain"), order, [], "epoch")
    assert plain["epochs"] == uninterrupted["epochs"]
    check_same(interrupted(str(tmp_path / "killed"), order, kills, [3, "epoch"][seed % 2]), plain)
