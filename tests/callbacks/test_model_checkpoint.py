"""Which files there are after a training, and what is in them."""

import os

import numpy as np
import pytest

from minikeras import Sequential, saving
from minikeras.callbacks import Callback, CallbackList, EarlyStopping, ModelCheckpoint
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    FileWriteError,
    LegacyWarning,
    LogNameError,
    NotSupportedError,
)
from minikeras.layers import Dense
from tests.callbacks.halving import X, Y, fit, halving_model, weight_of


class Script(Callback):
    """Gives the epochs known values."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.values[epoch]


def weights_in(path):
    model = halving_model(weight=0.0)
    model.load_weights(path)
    return weight_of(model)


def test_a_file_for_every_epoch(tmp_path, capsys):
    pattern = os.path.join(tmp_path, "new", "{epoch:02d}-{loss:.1f}.weights.h5")
    model = halving_model()
    fit(model, [ModelCheckpoint(pattern, save_weights_only=True, verbose=1)], epochs=2)
    names = ["01-4.0.weights.h5", "02-1.0.weights.h5"]
    assert sorted(os.listdir(tmp_path / "new")) == names
    assert [weights_in(tmp_path / "new" / name) for name in names] == [1.0, 0.5]
    paths = [str(tmp_path / "new" / name) for name in names]
    assert capsys.readouterr().out == "".join(
        f"\nEpoch {n}: saving model to {path}\n\nEpoch {n}: finished saving model to {path}\n"
        for n, path in enumerate(paths, 1)
    )


def test_the_best_model(tmp_path, capsys):
    path = tmp_path / "best.keras"
    checkpoint = ModelCheckpoint(path, save_best_only=True, verbose=1)
    model = halving_model()
    fit(model, [Script([3.0, 1.0, 2.0]), checkpoint])
    loaded = saving.load_model(path)
    assert weight_of(loaded) == 0.5 and checkpoint.best == 1.0
    assert int(loaded.optimizer.iterations) == 2  # it can be trained on
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert lines == [
        f"Epoch 1: val_loss improved from None to 3.00000, saving model to {path}",
        f"Epoch 1: finished saving model to {path}",
        f"Epoch 2: val_loss improved from 3.00000 to 1.00000, saving model to {path}",
        f"Epoch 2: finished saving model to {path}",
        "Epoch 3: val_loss did not improve from 1.00000",
    ]


def test_a_threshold(tmp_path):
    pattern = str(tmp_path / "{epoch}.weights.h5")
    options = {"save_best_only": True, "save_weights_only": True, "mode": "min", "initial_value_threshold": 2.0}
    fit(halving_model(), [Script([3.0, 1.0, 1.5]), ModelCheckpoint(pattern, **options)])
    assert os.listdir(tmp_path) == ["2.weights.h5"]


def test_after_batches(tmp_path):
    pattern = str(tmp_path / "{epoch}-{batch}.weights.h5")
    x, y = np.repeat(X, 4, axis=0), np.repeat(Y, 4, axis=0)
    for group, names in {1: ["1-3", "2-2"], 2: ["1-4", "2-4"]}.items():
        model = halving_model()
        model.compile(model.optimizer, "mse", steps_per_execution=group)
        checkpoint = ModelCheckpoint(pattern, save_weights_only=True, save_freq=3)
        model.fit(x, y, batch_size=1, epochs=2, verbose=0, callbacks=[checkpoint])
        assert sorted(os.listdir(tmp_path)) == [f"{name}.weights.h5" for name in names]
        for name in names:
            os.remove(tmp_path / f"{name}.weights.h5")


def test_the_best_after_batches(tmp_path):
    """Keras raises here in the first epoch: it does not know yet which way is better."""
    options = {"save_best_only": True, "save_weights_only": True, "monitor": "loss", "save_freq": 1}
    x, y = np.repeat(X, 3, axis=0), np.repeat(Y, 3, axis=0)
    checkpoint = ModelCheckpoint(tmp_path / "a.weights.h5", **options)
    halving_model().fit(x, y, batch_size=1, verbose=0, callbacks=[checkpoint])
    assert checkpoint.best == (4 + 1 + 0.25) / 3


def test_saving_after_epochs_costs_nothing_in_batches():
    by_epoch, by_batch = ModelCheckpoint("a.keras"), ModelCheckpoint("a.keras", save_freq=2)
    assert CallbackList(by_epoch).batch_hook("on_train_batch_end") is None
    assert CallbackList(by_batch).batch_hook("on_train_batch_end") is not None

    class Own(ModelCheckpoint):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)

    assert CallbackList(Own("a.keras")).batch_hook("on_train_batch_end") is not None


def test_values_that_cannot_be_compared(tmp_path):
    options = {"save_best_only": True, "save_weights_only": True, "mode": "min"}
    checkpoint = ModelCheckpoint(tmp_path / "a.weights.h5", **options)
    with pytest.warns(UserWarning, match="Can save best model only with val_loss available"):
        fit(halving_model(), [checkpoint], epochs=1)
    with pytest.warns(UserWarning, match="a scalar value. Received: .1 2.. Falling back"):
        fit(halving_model(), [Script([np.array([1, 2])]), checkpoint], epochs=1)
    assert os.listdir(tmp_path) == ["a.weights.h5"]


def test_an_error_leaves_the_model_and_the_file_before(tmp_path):
    path = str(tmp_path / "a.weights.h5")
    model = halving_model()
    fit(model, [ModelCheckpoint(path, save_weights_only=True)], epochs=1)
    with pytest.raises(LogNameError, match=r'"{f}.keras". Reason: \'f\'. There are: epoch, loss'):
        fit(model, [ModelCheckpoint("{f}.keras")], epochs=1)
    os.mkdir(tmp_path / "folder.keras")
    with pytest.raises(FileWriteError, match="expected `filepath` to name a file. Received: the directory"):
        fit(model, [ModelCheckpoint(tmp_path / "folder.keras")], epochs=1)
    assert weight_of(model) == 0.25  # three steps
    assert weights_in(path) == 1.0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filepath": "a"}, ArgumentError),
        ({"filepath": "a.keras", "save_weights_only": True}, ArgumentError),
        ({"filepath": "{epoch.keras"}, ArgumentError),
        ({"filepath": 3}, ArgumentTypeError),
        ({"filepath": "a.keras", "save_freq": 0}, ArgumentError),
        ({"filepath": "a.keras", "save_freq": "batch"}, ArgumentError),
        ({"filepath": "a.keras", "save_best_only": None}, ArgumentTypeError),
        ({"filepath": "a.keras", "initial_value_threshold": "best"}, ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error, match="^ModelCheckpoint: "):
        ModelCheckpoint(**arguments)


def test_arguments_of_keras_2(tmp_path):
    with pytest.warns(LegacyWarning, match=r"`ModelCheckpoint\(period=2\)`"):
        checkpoint = ModelCheckpoint(tmp_path / "{epoch}.weights.h5", save_weights_only=True, period=2)
    model = Sequential([Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 2)), np.ones(4), epochs=5, verbose=0, callbacks=[checkpoint])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2.weights.h5", "4.weights.h5"]
    with pytest.warns(LegacyWarning, match="load_weights_on_restart=False"):
        ModelCheckpoint("a.keras", load_weights_on_restart=False)
    with pytest.raises(NotSupportedError, match=r"`model.load_weights\(filepath\)` before `fit`"):
        ModelCheckpoint("a.keras", load_weights_on_restart=True)
    with pytest.raises(ArgumentTypeError, match="unknown arguments. Received: perriod"):
        ModelCheckpoint("a.keras", perriod=2)
    with pytest.raises(ArgumentError):
        ModelCheckpoint("a.keras", period=-1)


def test_the_accuracy_by_its_name_in_keras_2(tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{epoch}-{val_acc:.1f}.keras", monitor="val_acc", save_best_only=True)
    model = Sequential([Dense(1, kernel_initializer="zeros")])
    model.compile("sgd", "mse", metrics=["accuracy"])
    with pytest.warns(LegacyWarning, match="'val_acc' .* write 'val_accuracy'"):
        model.fit(
            np.ones((4, 2)), np.zeros(4), epochs=2, verbose=0, validation_split=0.5,
            callbacks=[checkpoint, EarlyStopping(monitor="val_acc", patience=0)],
        )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["1-1.0.keras"]
    assert checkpoint.monitor_op is np.greater and checkpoint.best == 1.0
