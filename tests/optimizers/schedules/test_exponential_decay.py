"""Exponential decay, worked by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers.schedules import ExponentialDecay


@pytest.mark.parametrize(("step", "rate"), [(0, 8.0), (5, 8 * 0.5**0.5), (10, 4.0), (20, 2.0), (30, 1.0)])
def test_values(step, rate):
    value = ExponentialDecay(8.0, decay_steps=10, decay_rate=0.5)(step)
    assert value.dtype == np.float32
    assert float(value) == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize(("step", "rate"), [(0, 8.0), (9, 8.0), (10, 4.0), (19, 4.0), (20, 2.0)])
def test_staircase(step, rate):
    assert float(ExponentialDecay(8.0, 10, 0.5, staircase=True)(step)) == rate


@pytest.mark.parametrize("steps", [0, -1, float("nan")])
def test_decay_steps_must_be_positive(steps):
    with pytest.raises(ArgumentError, match="ExponentialDecay: `decay_steps` must be a finite number > 0"):
        ExponentialDecay(0.1, steps, 0.5)


@pytest.mark.parametrize("arguments", [("0.1", 10, 0.5), (0.1, None, 0.5), (0.1, 10, [0.5]), (0.1, 10, 0.5, "yes")])
def test_wrong_types(arguments):
    with pytest.raises(ArgumentTypeError, match="ExponentialDecay: .* must be"):
        ExponentialDecay(*arguments)
