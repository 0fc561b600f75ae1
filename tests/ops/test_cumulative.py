"""Cumulative sums and differences."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.float32([[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (None, [1, 3, 6, 10, 15, 21]),
        (0, [[1, 2, 3], [5, 7, 9]]),
        (1, [[1, 3, 6], [4, 9, 15]]),
        (-1, [[1, 3, 6], [4, 9, 15]]),
    ],
)
def test_cumsum(axis, expected):
    assert ops.cumsum(X, axis=axis).tolist() == expected
    check_grads(lambda x: ops.square(ops.cumsum(x, axis=axis)), X)


def test_types_of_running_sums():
    assert ops.cumsum([True, True, False]).tolist() == [1, 2, 2]
    assert ops.cumsum([True]).dtype == "int32" and ops.cumsum(np.uint8([200, 100])).tolist() == [200, 44]
    assert ops.cumsum(np.uint8([200, 100]), dtype="int32").tolist() == [200, 300]
    assert ops.cumsum(2.5).tolist() == [2.5] and ops.cumsum(np.zeros((0, 2), "float32"), axis=0).shape == (0, 2)
    with pytest.raises(ArgumentError, match="2 axes"):
        ops.cumsum(X, axis=2)


def test_differences():
    x = np.float32([[1, 4, 9, 16], [0, 1, 0, 1]])
    for options in ({}, {"n": 2}, {"axis": 0}, {"n": 0}, {"n": 5}):
        np.testing.assert_array_equal(ops.diff(x, **options), np.diff(x, **options))
    assert ops.diff([True, False, False]).tolist() == [True, False]
    assert ops.diff(KerasTensor((None, 4)), 2).shape == (None, 2)
    with pytest.raises(ArgumentError, match="at least 0. Received: n=-1"):
        ops.diff(x, n=-1)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_cumprod(axis):
    np.testing.assert_array_equal(ops.cumprod(X, axis), np.cumprod(X, axis))
    with_zeros = np.array([[0.5, 0.0, 2.0], [-1.0, 3.0, 0.0], [2.0, 0.0, 0.0]])
    check_grads(lambda x: ops.square(ops.cumprod(x, axis)), with_zeros)


def test_types_of_running_products():
    assert ops.cumprod([True, True, False]).dtype == "int32" and ops.cumprod(np.uint8([20, 20])).tolist() == [20, 144]
    assert ops.cumprod([2, 3], dtype="float32").tolist() == [2, 6] and ops.cumprod(2.5).tolist() == [2.5]
    assert ops.cumprod(np.zeros((0, 2), "float32"), axis=0).shape == (0, 2)
    with pytest.raises(ArgumentError, match="2 axes"):
        ops.cumprod(X, axis=2)


def test_the_gradient_of_a_product_of_nothing():
    check_grads(lambda x: ops.cumprod(x, axis=0), np.zeros((0, 2)))
    check_grads(lambda x: ops.cumprod(x, axis=0), np.ones((1, 2)))
