"""A training ends with its loss."""

import numpy as np
import pytest

from minikeras import Input, Model, layers, metrics
from minikeras.callbacks import Callback, TerminateOnNaN
from minikeras.errors import ArgumentTypeError, NonFiniteError, NonFiniteWarning
from tests.callbacks.halving import X, Y, fit, halving_model, weight_of


class Count(Callback):
    """Counts the epochs that end, and whether the training does."""

    def __init__(self):
        super().__init__()
        self.epochs, self.ended = 0, False

    def on_epoch_end(self, epoch, logs=None):
        self.epochs += 1

    def on_train_end(self, logs=None):
        self.ended = True


@pytest.mark.parametrize("rate", [float("inf"), float("nan")])
def test_stops_after_the_step(rate, capsys):
    model = halving_model(weight=rate)
    count = Count()
    with pytest.warns(NonFiniteWarning):
        fit(model, [TerminateOnNaN(), count], epochs=5)
    assert (count.epochs, count.ended) == (1, True)
    assert capsys.readouterr().out == "Batch 0: Invalid loss, terminating training\n"


def test_raises_before_the_others_take_it_for_finished():
    count = Count()
    with pytest.warns(NonFiniteWarning), pytest.raises(NonFiniteError, match="at batch 0. Loss value: inf"):
        fit(halving_model(weight=float("inf")), [count, TerminateOnNaN(raise_error=True)])
    assert (count.epochs, count.ended) == (0, False)


@pytest.mark.parametrize("step", ["train_step", "get_metrics_result", "on_batch_end"])
def test_a_loss_of_the_users(step, capsys):
    """What tells of the loss may be the user's: a step, the values, or the callback."""

    class Own(Model):
        def train_step(self, data):
            return super().train_step(data) if step != "train_step" else {"loss": np.float32("nan")}

        def get_metrics_result(self):
            return super().get_metrics_result() if step == "on_batch_end" else {"loss": np.float32("nan")}

    class Sub(TerminateOnNaN):
        def on_batch_end(self, batch, logs=None):
            assert isinstance(logs, dict)
            super().on_batch_end(batch, {"loss": float("nan")} if step == "on_batch_end" else logs)

    for callback in (Sub(),) if step == "on_batch_end" else (TerminateOnNaN(), Sub()):
        inputs = Input((1,))
        model = Own(inputs, layers.Dense(1)(inputs))
        model.compile("sgd", "mse")
        count = Count()
        fit(model, [callback, count], epochs=3)
        assert count.epochs == 1
        assert capsys.readouterr().out == "Batch 0: Invalid loss, terminating training\n"


def test_other_values_are_not_read():
    class Slow(metrics.MeanAbsoluteError):
        reads = 0

        def result(self):
            Slow.reads += 1
            return super().result()

    model = halving_model()
    model.compile(model.optimizer, "mse", metrics=[Slow()])
    x, y = np.repeat(X, 8, axis=0), np.repeat(Y, 8, axis=0)
    model.fit(x, y, batch_size=1, verbose=0, callbacks=[TerminateOnNaN()])
    assert Slow.reads == 1  # at the end of the epoch


def test_a_training_in_order():
    model = halving_model()
    fit(model, [TerminateOnNaN()])
    assert weight_of(model) == 0.25
    TerminateOnNaN().on_batch_end(0)
    TerminateOnNaN().on_batch_end(0, {"mae": float("nan")})


def test_wrong_type():
    with pytest.raises(ArgumentTypeError, match="TerminateOnNaN: `raise_error`"):
        TerminateOnNaN("yes")
