"""Elementwise comparisons."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ShapeError

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("equal", [False, True, False, False]),
        ("not_equal", [True, False, True, True]),
        ("less", [True, False, False, False]),
        ("less_equal", [True, True, False, False]),
        ("greater", [False, False, True, False]),
        ("greater_equal", [False, True, True, False]),
    ],
)
def test_comparisons(name, expected):
    result = getattr(ops, name)([1.0, 2.0, 3.0, NAN], 2)
    assert result.tolist() == expected and result.dtype == "bool"


def test_types_are_made_common_first():
    assert ops.equal(np.uint8([255]), np.int8([-1])).tolist() == [False]
    assert ops.less(np.int32([2]), 2.5).tolist() == [True]


@pytest.mark.parametrize("name", ["equal", "less", "logical_or"])
def test_shapes_that_do_not_fit(name):
    with pytest.raises(ShapeError, match=r"\(2,\) and \(3,\)"):
        getattr(ops, name)(np.ones(2), np.ones(3))


def test_nearly_equal():
    first, second = [1.0, 1.0, NAN, INF, INF, 1.0], [1.0 + 1e-6, 1.1, NAN, INF, -INF, INF]
    assert ops.isclose(first, second).tolist() == [True, False, False, True, False, False]
    assert ops.isclose(first, second, equal_nan=True).tolist() == [True, False, True, True, False, False]
    assert ops.isclose([1.0, 2.0], [1.5, 2.5], rtol=0.0, atol=0.5).tolist() == [True, True]
    assert bool(ops.allclose([1.0], [1.0 + 1e-6])) and not bool(ops.allclose([1.0, 2.0], [1.0, 3.0]))
