"""Cosine decay with restarts, worked by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.optimizers.schedules import CosineDecayRestarts

# Periods of 10, 20 and 40 steps, which start at 4, 2 and 1.
GROWING = [(0, 4.0), (5, 2.0), (10, 2.0), (20, 1.0), (30, 1.0), (50, 0.5)]
# Periods of 10 steps each.
EQUAL = [(0, 4.0), (5, 2.0), (10, 2.0), (15, 1.0), (20, 1.0), (25, 0.5)]


@pytest.mark.parametrize(("step", "rate"), GROWING)
def test_growing_periods(step, rate):
    value = CosineDecayRestarts(4.0, first_decay_steps=10, m_mul=0.5)(step)
    assert value.dtype == np.float32
    assert float(value) == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize(("step", "rate"), EQUAL)
def test_equal_periods(step, rate):
    schedule = CosineDecayRestarts(4.0, first_decay_steps=10, t_mul=1.0, m_mul=0.5)
    assert float(schedule(step)) == pytest.approx(rate, rel=1e-6)


def test_alpha():
    # 4 * ((1 - 0.5) * 0.5 + 0.5) in the middle of the first period
    assert float(CosineDecayRestarts(4.0, 10, alpha=0.5)(5)) == pytest.approx(3.0, rel=1e-6)


@pytest.mark.parametrize("options", [{"first_decay_steps": 0}, {"first_decay_steps": 10, "t_mul": 0}])
def test_out_of_range(options):
    with pytest.raises(ArgumentError, match=f"`{list(options)[-1]}` must be a finite number > 0"):
        CosineDecayRestarts(0.1, **options)
