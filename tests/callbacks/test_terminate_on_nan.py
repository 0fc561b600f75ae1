"""A training ends with its loss."""

import pytest

from minikeras.callbacks import Callback, TerminateOnNaN
from minikeras.errors import ArgumentTypeError, NonFiniteError, NonFiniteWarning
from tests.callbacks.halving import fit, halving_model, weight_of


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


def test_a_training_in_order():
    model = halving_model()
    fit(model, [TerminateOnNaN()])
    assert weight_of(model) == 0.25
    TerminateOnNaN().on_batch_end(0)
    TerminateOnNaN().on_batch_end(0, {"mae": float("nan")})


def test_wrong_type():
    with pytest.raises(ArgumentTypeError, match="TerminateOnNaN: expected `raise_error`"):
        TerminateOnNaN("yes")
