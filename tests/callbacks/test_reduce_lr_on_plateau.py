"""Smaller steps once a training stands still."""

import pytest

from minikeras.callbacks import ReduceLROnPlateau
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning
from tests.callbacks.halving import fit, halving_model, weight_of


def test_reduces_the_steps_of_a_recorded_training(capsys):
    # With a rate of 1 the loss stays 4; with 0.25 it falls.
    model = halving_model(rate=1.0)
    history = fit(model, [ReduceLROnPlateau("loss", factor=0.25, patience=2, verbose=1)], epochs=5)
    assert history["loss"] == [4.0, 4.0, 4.0, 4.0, 1.0]
    assert history["learning_rate"] == [1.0, 1.0, 1.0, 0.25, 0.25]
    assert weight_of(model) == -0.5  # 2, -2, 2, -2, -1, -0.5
    assert capsys.readouterr().out == "\nEpoch 3: ReduceLROnPlateau reducing learning rate to 0.25.\n"


def test_not_below_the_least_rate():
    model = halving_model(rate=1.0)
    history = fit(model, [ReduceLROnPlateau("loss", 0.5, 1, min_delta=100, min_lr=0.375, verbose=0)], epochs=5)
    assert history["learning_rate"] == [1.0, 1.0, 0.5, 0.375, 0.375]


def test_cooldown():
    model = halving_model(rate=1.0)
    plateau = ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=100, cooldown=2)
    rates = fit(model, [plateau], epochs=7)["learning_rate"]
    # Reduced after the second epoch; the two that follow are not counted but for the end of the second.
    assert rates == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125]
    assert plateau.in_cooldown()
    plateau.on_train_begin()
    assert not plateau.in_cooldown() and plateau.best is None


def test_unknown_value_is_warned_of():
    message = "`val_f` which is not available. Available metrics are: loss,learning_rate."
    with pytest.warns(UserWarning, match=message):
        fit(halving_model(), [ReduceLROnPlateau("val_f", mode="min")], epochs=1)


def test_name_of_keras_2():
    with pytest.warns(LegacyWarning, match="min_delta"):
        assert ReduceLROnPlateau(epsilon=0.5).min_delta == 0.5


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"factor": 1.0}, ArgumentError),
        ({"factor": -0.1}, ArgumentError),
        ({"factor": "half"}, ArgumentTypeError),
        ({"patience": None}, ArgumentTypeError),
        ({"cooldown": -1}, ArgumentError),
        ({"min_lr": "0"}, ArgumentTypeError),
        ({"min_learning_rate": 0.1}, ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error, match=f"ReduceLROnPlateau: .*{next(iter(arguments))}"):
        ReduceLROnPlateau(**arguments)
