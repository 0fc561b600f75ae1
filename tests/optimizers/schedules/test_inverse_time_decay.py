"""Inverse time decay, worked by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.optimizers.schedules import InverseTimeDecay


@pytest.mark.parametrize(("step", "rate"), [(0, 6.0), (5, 4.8), (10, 4.0), (20, 3.0), (60, 1.5)])
def test_values(step, rate):
    value = InverseTimeDecay(6.0, decay_steps=10, decay_rate=0.5)(step)
    assert value.dtype == np.float32
    assert float(value) == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize(("step", "rate"), [(0, 6.0), (9, 6.0), (10, 4.0), (19, 4.0), (20, 3.0)])
def test_staircase(step, rate):
    assert float(InverseTimeDecay(6.0, 10, 0.5, staircase=True)(step)) == rate


def test_decay_steps_must_be_positive():
    with pytest.raises(ArgumentError, match="InverseTimeDecay: `decay_steps` must be a finite number > 0"):
        InverseTimeDecay(0.1, 0, 0.5)
