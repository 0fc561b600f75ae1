"""compile, fit and train_on_batch: values by hand, history, callbacks, printed lines."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.callbacks import Callback
from minikeras.optimizers import SGD

X = np.float32([[1.0], [2.0], [3.0], [4.0]])


def line(rate=0.1, loss="mse", start=0.0, **options):
    """Returns the model `y = w * x` with w = start."""
    model = minikeras.Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False)])
    model.set_weights([[[start]]])
    model.compile(SGD(rate), loss, **options)
    return model


def w(model):
    return round(float(model.get_weights()[0][0, 0]), 5)


def test_one_step_by_hand():
    # y = 2x at x = 1, 2 with w = 0: loss (4 + 16) / 2, gradient mean(2 * (0 - 2x) * x) = -(4 + 16) / 2
    model = line()
    history = model.fit(X[:2], 2 * X[:2], verbose=0)
    assert history.history == {"loss": [10.0]} and w(model) == 1.0
    # the labels may also lack the last axis
    assert model.fit(X[:2], 2 * X[:2, 0], verbose=0).history == {"loss": [2.5]} and w(model) == 1.5


def test_the_loss_of_an_epoch_is_the_mean_over_examples():
    # rate 0: losses of the batches (1, 2, 3) and (4): (4 + 16 + 36) / 3 and 64; mean over all examples: 30
    model = line(rate=0.0, metrics=["mae"])
    history = model.fit(X, 2 * X, batch_size=3, epochs=2, verbose=0, shuffle=False).history
    assert history == {"loss": [30.0, 30.0], "mae": [5.0, 5.0]}


def test_sample_and_class_weights_by_hand():
    model = line(rate=0.0, metrics=["mae"], weighted_metrics=["mse"])
    history = model.fit(X[:2], 2 * X[:2], sample_weight=np.float32([1, 0]), verbose=0).history
    # the loss is divided by the number of examples, a weighted metric by the sum of the weights
    assert history == {"loss": [2.0], "mae": [3.0], "mse": [4.0]}
    model = line(rate=0.0)
    assert model.fit(X[:2], np.int64([0, 1]), class_weight={1: 5.0}, verbose=0).history == {"loss": [2.5]}


def test_validation():
    model = line(rate=0.0, metrics=["mae"])
    history = model.fit(X, 2 * X, validation_split=0.25, verbose=0).history
    assert {name: round(values[0], 4) for name, values in history.items()} == {
        "loss": 18.6667,
        "mae": 4.0,
        "val_loss": 64.0,
        "val_mae": 8.0,
    }
    given = model.fit(X, 2 * X, validation_data=(X[:1], X[:1]), validation_split=0.5, verbose=0).history
    assert given["val_loss"] == [1.0]  # the data given wins
    weighted = model.fit(X, 2 * X, validation_data=(X[:1], X[:1], np.float32([3])), verbose=0).history
    assert weighted["val_loss"] == [3.0]
    some = model.fit(X, X, validation_data=(X, X), validation_freq=2, epochs=4, verbose=0).history
    assert len(some["loss"]) == 4 and len(some["val_loss"]) == 2
    few = model.fit(X, X, validation_data=(X, X), validation_steps=1, validation_batch_size=2, verbose=0).history
    assert few["val_loss"] == [2.5]  # (1 + 4) / 2


def test_epochs_and_steps():
    model = line()
    assert model.fit(X, X, initial_epoch=2, epochs=5, verbose=0).epoch == [2, 3, 4]
    assert int(model.optimizer.iterations) == 3
    model.fit(X, X, batch_size=2, steps_per_epoch=1, epochs=3, verbose=0)
    assert int(model.optimizer.iterations) == 6
    with pytest.warns(UserWarning, match="expected 3 steps, but the pass over the data ends after 2"):
        model.fit(X, X, batch_size=2, steps_per_epoch=3, epochs=2, verbose=0)
    assert int(model.optimizer.iterations) == 10


def test_shuffling():
    def seen(shuffle):
        order = []

        class Order(Callback):
            def on_train_batch_end(self, batch, logs=None):
                order.append(round(logs["loss"] * (batch + 1), 3))

        minikeras.utils.set_random_seed(0)
        line(rate=0.0).fit(X, 2 * X, batch_size=1, epochs=2, verbose=0, shuffle=shuffle, callbacks=[Order()])
        return order

    assert seen(False) == [4, 20, 56, 120] * 2  # sums of the losses 4, 16, 36 and 64
    shuffled = seen(True)
    assert shuffled == seen(True) and shuffled[:4] != shuffled[4:] and shuffled[3] == shuffled[7] == 120
    assert seen("batch") == seen(False)  # batches of one example stay as they are


class Recorder(Callback):
    """Writes down which hooks are called, with which logs."""

    def __init__(self):
        super().__init__()
        self.calls = []
        for name in dir(Callback):
            if name.startswith("on_") and name not in ("on_batch_begin", "on_batch_end"):
                setattr(self, name, lambda *args, name=name, **kwargs: self.calls.append(name))


def test_the_order_of_the_hooks():
    recorder = Recorder()
    line().fit(X, X, batch_size=2, validation_split=0.25, verbose=0, callbacks=[recorder])
    assert recorder.calls == [
        "on_train_begin",
        "on_epoch_begin",
        *["on_train_batch_begin", "on_train_batch_end"] * 2,
        "on_test_begin",
        *["on_test_batch_begin", "on_test_batch_end"] * 1,
        "on_test_end",
        "on_epoch_end",
        "on_train_end",
    ]


def test_a_callback_may_stop_the_training():
    class Stop(Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 1

    model = line()
    history = model.fit(X, X, batch_size=1, epochs=5, verbose=0, callbacks=[Stop()])
    assert history.epoch == [0] and int(model.optimizer.iterations) == 2


def test_printed_lines(capsys):
    line(rate=0.0).fit(X, 2 * X, epochs=2, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Epoch 1/2" and lines[2] == "Epoch 2/2"
    assert lines[1].startswith("1/1 - 0s - ") and lines[1].endswith("/step - loss: 30.0000")
    line().fit(X, X, verbose=0)
    assert capsys.readouterr().out == ""
    line(rate=0.0).fit(X, 2 * X)
    text = capsys.readouterr().out
    assert text.startswith("1/1 - 0s ") and text.endswith("loss: 30.0000\n") and "\b" not in text


def test_train_on_batch():
    model = line(metrics=["mae"])
    assert model.train_on_batch(X[:2], 2 * X[:2]) == [10.0, 3.0] and w(model) == 1.0
    # what was measured on the batch before is forgotten
    assert model.train_on_batch(X[:2], 2 * X[:2], return_dict=True) == {"loss": 2.5, "mae": 1.5}
    assert model.train_on_batch(X[:1], 2 * X[:1], class_weight={2: 0.0}) == [0.0, 0.5] and w(model) == 1.5
    assert line().train_on_batch(X[:2], 2 * X[:2], sample_weight=np.float32([0, 0.5])) == 4.0


def test_averages_of_the_weights_end_in_the_model():
    model = minikeras.Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    # w: 0 -> 1 -> 1.5; its average starts with 1: 0.5 * 1 + 0.5 * 1.5
    model.fit(X[:2], 2 * X[:2], epochs=2, verbose=0)
    assert w(model) == 1.25


def test_steps_per_execution_groups_the_hooks():
    model, recorder = line(steps_per_execution=2), Recorder()
    model.fit(X, X, batch_size=1, verbose=0, callbacks=[recorder])
    assert recorder.calls.count("on_train_batch_end") == 2 and int(model.optimizer.iterations) == 4


def test_a_model_that_overrides_train_step():
    class Own(minikeras.Sequential):
        def train_step(self, data):
            return {**super().train_step(data), "twice": 2 * ops.sum(data[0])}

    model = Own([layers.Input((1,)), layers.Dense(1)])
    model.compile(SGD(0.1), "mse")
    history = model.fit(X, 2 * X, epochs=3, verbose=0).history
    assert history["twice"] == [20.0] * 3 and history["loss"][2] < history["loss"][0]


def test_run_eagerly_shows_arrays_to_python():
    seen = []

    class Look(layers.Layer):
        def call(self, inputs):
            seen.append(float(ops.sum(inputs)))
            return inputs

        def compute_output_shape(self, input_shape):
            return input_shape

    model = minikeras.Sequential([layers.Input((1,)), Look()])
    model.compile("sgd", "mse", run_eagerly=True)
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        model.fit(X, X, batch_size=1, shuffle=False, verbose=0)
    assert seen == [1, 2, 3, 4]


def test_nothing_is_trainable():
    model = line()
    model.trainable = False
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        assert model.fit(X, 2 * X, verbose=0).history == {"loss": [30.0]} and w(model) == 0
    assert model.evaluate(X, 2 * X, verbose=0) == 30.0  # which warns of nothing


def test_what_compile_keeps():
    model = line(metrics=["mae"])
    assert model.get_compile_config()["loss"] == "mse" and model.loss == "mse" and model.compiled
    assert model.metrics_names == ["loss"]
    model.train_on_batch(X, X)
    assert model.metrics_names == ["loss", "mae"] and [m.name for m in model.metrics] == ["loss", "compile_metrics"]
    assert minikeras.Sequential().get_compile_config() == {}


def test_what_compute_metrics_returns_is_reported():
    class Counts(minikeras.Sequential):
        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            return {**super().compute_metrics(x, y, y_pred, sample_weight), "highest": ops.max(y_pred)}

    for eager in (False, True):
        model = Counts([layers.Input((1,)), layers.Dense(1, use_bias=False)])
        model.set_weights([[[3.0]]])
        model.compile(SGD(0.0), "mse", metrics=["mae"], run_eagerly=eager)
        history = model.fit(X, 2 * X, epochs=2, verbose=0).history
        assert history == {"loss": [7.5] * 2, "mae": [2.5] * 2, "highest": [12.0] * 2}
        assert model.evaluate(X[:2], 2 * X[:2], verbose=0) == [2.5, 1.5, 6.0]
