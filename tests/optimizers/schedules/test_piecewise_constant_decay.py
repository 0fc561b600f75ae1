"""The schedule read from a table."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers.schedules import PiecewiseConstantDecay


@pytest.mark.parametrize(("step", "rate"), [(0, 4.0), (10, 4.0), (11, 2.0), (20, 2.0), (21, 1.0), (10**9, 1.0)])
@pytest.mark.parametrize("boundaries", [[10, 20], (10.0, 20.5)])
def test_values(boundaries, step, rate):
    value = PiecewiseConstantDecay(boundaries, [4.0, 2.0, 1.0])(np.int32(step))
    assert value.dtype == np.float32
    assert float(value) == rate


def test_whole_numbers_as_values():
    value = PiecewiseConstantDecay([10], [2, 1])(0)
    assert (float(value), value.dtype) == (2.0, np.float32)


@pytest.mark.parametrize(("boundaries", "values"), [([10], [1.0]), ([10], [1.0, 2.0, 3.0]), ([], [1.0]), ([], [])])
def test_lengths(boundaries, values):
    with pytest.raises(ArgumentError, match="one value more than boundaries"):
        PiecewiseConstantDecay(boundaries, values)


@pytest.mark.parametrize("boundaries", [[20, 10], [10, 10]])
def test_boundaries_must_increase(boundaries):
    with pytest.raises(ArgumentError, match="expected `boundaries` to increase"):
        PiecewiseConstantDecay(boundaries, [1.0, 2.0, 3.0])


def test_wrong_types():
    with pytest.raises(ArgumentTypeError, match="expected `boundaries` to be a list of numbers"):
        PiecewiseConstantDecay(10, [1.0, 2.0])
    with pytest.raises(ArgumentTypeError, match=r"`values\[1\]` must be a finite number"):
        PiecewiseConstantDecay([10], [1.0, "2"])


def test_lists_are_copied():
    boundaries, values = [10], [1.0, 2.0]
    schedule = PiecewiseConstantDecay(boundaries, values)
    boundaries.append(20)
    values[0] = 5.0
    assert schedule.get_config() == {"boundaries": [10], "values": [1.0, 2.0], "name": "PiecewiseConstant"}
