"""Cosine decay, worked by hand."""

import math

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.optimizers.schedules import CosineDecay


@pytest.mark.parametrize(
    ("step", "rate"), [(0, 4.0), (5, 2 + math.sqrt(2)), (10, 2.0), (15, 2 - math.sqrt(2)), (20, 0.0), (99, 0.0)]
)
def test_values(step, rate):
    value = CosineDecay(4.0, decay_steps=20)(step)
    assert value.dtype == np.float32
    assert float(value) == pytest.approx(rate, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("step", "rate"), [(0, 4.0), (10, 2.5), (20, 1.0), (99, 1.0)])
def test_alpha(step, rate):
    assert float(CosineDecay(4.0, 20, alpha=0.25)(step)) == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize(("step", "rate"), [(0, 1.0), (5, 2.5), (10, 4.0), (20, 2.0), (30, 0.0), (99, 0.0)])
def test_warmup(step, rate):
    schedule = CosineDecay(1.0, 20, warmup_target=4.0, warmup_steps=10)
    assert float(schedule(step)) == pytest.approx(rate, rel=1e-6, abs=1e-6)


def test_warmup_of_no_steps_starts_at_its_target():
    assert float(CosineDecay(1.0, 20, warmup_target=4.0)(0)) == 4.0


def test_warmup_without_target_warns():
    with pytest.warns(UserWarning, match="`warmup_steps=10` has no effect without `warmup_target`"):
        schedule = CosineDecay(4.0, 20, warmup_steps=10)
    assert float(schedule(10)) == pytest.approx(2.0, rel=1e-6)


@pytest.mark.parametrize("options", [{"decay_steps": 0}, {"decay_steps": 10, "warmup_steps": -1}])
def test_out_of_range(options):
    with pytest.raises(ArgumentError, match=f"CosineDecay: `{list(options)[-1]}` must be a finite number"):
        CosineDecay(0.1, **options)
