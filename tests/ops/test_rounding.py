"""Rounding to integers and decimals."""

import numpy as np
import pytest

from minikeras import ops

BY_HAND = [
    ("floor", ([1.7, -1.2],), [1, -2]),
    ("ceil", ([1.2, -1.7],), [2, -1]),
    ("round", ([0.5, 1.5, 2.5, -0.5, 1.2],), [0, 2, 2, -0.0, 1]),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), BY_HAND)
def test_by_hand(name, inputs, expected):
    np.testing.assert_array_equal(getattr(ops, name)(*inputs), np.float64(expected))


def test_trunc():
    assert ops.trunc([1.7, -1.7]).tolist() == [1, -1] and ops.trunc([3]).tolist() == [3]


@pytest.mark.parametrize("name", ["floor", "ceil"])
def test_integers_become_floats(name):
    assert getattr(ops, name)(np.int64([1, 2])).dtype == "float32"
    assert getattr(ops, name)([True]).dtype == "float32"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [([1.26, -1.26], 1, [1.3, -1.3]), ([126.0], -1, [130.0]), ([7, 12], 2, [7, 12]), ([12, 17], -1, [10, 20])],
)
def test_round_to_decimals(value, decimals, expected):
    result = ops.round(value, decimals)
    np.testing.assert_allclose(result, expected, rtol=1e-6)
    assert result.dtype == np.float32 if isinstance(value[0], float) else result.dtype == np.int32
