"""Learning rates by a function of the epoch."""

import numpy as np
import pytest

from minikeras import optimizers
from minikeras.callbacks import LearningRateScheduler
from minikeras.errors import ArgumentError, ArgumentTypeError, StateError
from tests.callbacks.halving import fit, halving_model, weight_of


def test_sets_the_steps_of_a_recorded_training(capsys):
    model = halving_model(weight=2.0, rate=1.0)
    history = fit(model, [LearningRateScheduler(lambda epoch, rate: rate / 2, verbose=1)])
    # Steps with rates of 1/2, 1/4, 1/8 multiply the weight with 0, 1/2, 3/4.
    assert history["learning_rate"] == [0.5, 0.25, 0.125]
    assert weight_of(model) == 0.0
    assert capsys.readouterr().out == "".join(
        f"\nEpoch {epoch}: LearningRateScheduler setting learning rate to {rate}.\n"
        for epoch, rate in [(1, 0.5), (2, 0.25), (3, 0.125)]
    )
    model = halving_model()
    fit(model, [LearningRateScheduler(lambda epoch: 0.25 / (epoch + 1))], epochs=2)
    assert weight_of(model) == 0.75  # 2 * 1/2 * 3/4


def test_numpy_floats_and_functions_with_defaults():
    class Schedule:
        def __call__(self, epoch, rate=0.0):
            assert rate > 0
            return np.float32(0.125) if epoch else np.float64(0.25)

    assert fit(halving_model(), [LearningRateScheduler(Schedule())], epochs=2)["learning_rate"] == [0.25, 0.125]


def test_an_error_in_the_schedule_arrives_whole():
    error = TypeError("mine")

    def schedule(epoch, rate):
        raise error

    with pytest.raises(TypeError) as caught:
        fit(halving_model(), [LearningRateScheduler(schedule)])
    assert caught.value is error


@pytest.mark.parametrize("schedule", [None, 0.1, lambda: 0.1, lambda a, b, c: 0.1])
def test_what_is_no_schedule_is_refused_when_made(schedule):
    with pytest.raises(ArgumentTypeError, match="LearningRateScheduler: expected `schedule`"):
        LearningRateScheduler(schedule)


@pytest.mark.parametrize("rate", [1, "0.1", None, np.float32([0.1])])
def test_what_is_no_rate(rate):
    model = halving_model()
    with pytest.raises(ArgumentError, match="a float for epoch 0"):
        fit(model, [LearningRateScheduler(lambda epoch: rate)])
    assert weight_of(model) == 2.0


def test_optimizers_whose_rate_cannot_be_set():
    model = halving_model()
    model.compile(optimizers.SGD(lambda: 0.1), "mse")
    with pytest.raises(ArgumentTypeError, match="created with a schedule or callable"):
        fit(model, [LearningRateScheduler(lambda epoch: 0.1)])
    scheduler = LearningRateScheduler(lambda epoch: 0.1)
    scheduler.set_model(type("Model", (), {"optimizer": object()})())
    with pytest.raises(StateError, match="attribute `learning_rate`"):
        scheduler.on_epoch_begin(0)
