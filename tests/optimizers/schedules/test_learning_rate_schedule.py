"""The base class, and what all schedules have in common."""

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from minikeras.errors import NotSupportedError
from minikeras.optimizers import schedules

ALL = [
    schedules.CosineDecay(0.1, 6),
    schedules.CosineDecay(0.1, 6, warmup_target=0.2, warmup_steps=3),
    schedules.CosineDecayRestarts(0.1, 3),
    schedules.CosineDecayRestarts(0.1, 3, t_mul=1.0),
    schedules.ExponentialDecay(0.1, 6, 0.5),
    schedules.ExponentialDecay(0.1, 2, 0.5, staircase=True),
    schedules.InverseTimeDecay(0.1, 6, 0.5),
    schedules.InverseTimeDecay(0.1, 2, 0.5, staircase=True),
    schedules.PiecewiseConstantDecay([2, 5], [0.1, 0.2, 0.3]),
    schedules.PolynomialDecay(0.1, 6),
    schedules.PolynomialDecay(0.1, 3, cycle=True, power=2),
]
every = pytest.mark.parametrize("schedule", ALL, ids=lambda schedule: type(schedule).__name__)


@every
def test_eager_is_traced_is_replayed(schedule):
    results = []
    for replay in (False, True):
        steps = Variable(0, dtype="int32")

        def next_rate(_, steps=steps):
            rate = schedule(steps)
            steps.assign_add(1)
            return rate

        step = Step(next_rate, "step", replay)
        results.append([step([np.float32(0)]).copy() for _ in range(10)])
    eager = [np.asarray(schedule(number)) for number in range(10)]
    np.testing.assert_array_equal(results[0], eager)
    np.testing.assert_array_equal(results[1], eager)
    assert {rate.dtype for rate in (*eager, *results[0], *results[1])} == {np.dtype("float32")}
    assert {rate.shape for rate in eager} == {()}


@every
def test_kinds_of_steps(schedule):
    given = [4, np.int32(4), np.int64(4), np.array(4), Variable(4, dtype="int32"), np.float32(4), np.float64(4)]
    rates = [np.asarray(schedule(step)) for step in given]
    assert len({float(rate) for rate in rates}) == 1
    assert {rate.dtype for rate in rates} == {np.dtype("float32")}


@every
def test_numpy_numbers_do_not_change_the_dtype(schedule):
    config = {
        name: np.float64(value) if type(value) is float else value for name, value in schedule.get_config().items()
    }
    assert np.asarray(type(schedule)(**config)(3)).dtype == np.float32


@every
def test_config_round_trip(schedule):
    again = type(schedule).from_config(schedule.get_config())
    assert again.get_config() == schedule.get_config()
    assert float(again(3)) == float(schedule(3))


def test_base_class_has_no_rule():
    with pytest.raises(NotSupportedError, match="'LearningRateSchedule' must implement `__call__"):
        schedules.LearningRateSchedule()(0)
    with pytest.raises(NotSupportedError, match="'LearningRateSchedule' must implement `get_config"):
        schedules.LearningRateSchedule().get_config()
