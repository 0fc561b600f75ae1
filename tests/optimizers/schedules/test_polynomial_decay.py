"""Polynomial decay, worked by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.optimizers.schedules import PolynomialDecay


@pytest.mark.parametrize(("step", "rate"), [(0, 5.0), (5, 3.0), (10, 1.0), (11, 1.0), (1000, 1.0)])
def test_straight_line(step, rate):
    value = PolynomialDecay(5.0, decay_steps=10, end_learning_rate=1.0)(step)
    assert value.dtype == np.float32
    assert float(value) == rate


@pytest.mark.parametrize(("step", "rate"), [(0, 5.0), (5, 2.0), (10, 1.0)])
def test_power(step, rate):
    assert float(PolynomialDecay(5.0, 10, 1.0, power=2.0)(step)) == rate


# After 10 steps the line goes on as if it had 20, then 30, ...
@pytest.mark.parametrize(("step", "rate"), [(0, 5.0), (5, 3.0), (10, 1.0), (15, 2.0), (20, 1.0), (24, 1.8)])
def test_cycle(step, rate):
    assert float(PolynomialDecay(5.0, 10, 1.0, cycle=True)(step)) == pytest.approx(rate, rel=1e-6)


def test_rate_may_rise():
    assert float(PolynomialDecay(1.0, 10, 5.0)(5)) == 3.0


def test_decay_steps_must_be_positive():
    with pytest.raises(ArgumentError, match="PolynomialDecay: `decay_steps` must be a finite number > 0"):
        PolynomialDecay(0.1, -5)
