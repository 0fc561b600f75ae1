"""Diagonals and triangles of matrices, and Vandermonde matrices."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.arange(12.0).reshape(3, 4).astype("float32")
CUBE = np.arange(24).reshape(2, 3, 4)


def test_free_sizes():
    assert ops.diagonal(KerasTensor((None, 3, 4)), 1, 1, 2).shape == (None, 3)
    assert ops.diagonal(KerasTensor((None, 3))).shape == (None,)
    assert ops.diag(KerasTensor((None,)), 2).shape == (None, None)


def test_results_are_no_views_of_variables():
    value = ops.diagonal(X)
    assert value.flags.writeable is False or not np.shares_memory(value, X)


@pytest.mark.parametrize("name", ["diagonal", "trace", "tril", "triu"])
def test_no_matrices(name):
    with pytest.raises(ShapeError, match="expects a matrix, or a stack of them"):
        getattr(ops, name)(X[0])


def test_bad_axes():
    with pytest.raises(ShapeError, match="two different axes"):
        ops.diagonal(X, 0, 1, -1)
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        ops.trace(X, 0, 0, 2)
    with pytest.raises(ShapeError, match="a vector or a matrix"):
        ops.diag(CUBE)


@pytest.mark.parametrize("k", [-4, -3, -1, 0, 2, 3, 5])
def test_as_numpy_does_it(k):
    np.testing.assert_array_equal(ops.diagonal(X, k), np.diagonal(X, k))
    np.testing.assert_array_equal(ops.diagonal(CUBE, k, 2, 0), np.diagonal(CUBE, k, 2, 0))
    np.testing.assert_array_equal(ops.diag(X, k), np.diag(X, k))
    np.testing.assert_array_equal(ops.diag(X[0], k), np.diag(X[0], k))
    np.testing.assert_array_equal(ops.trace(X, k), np.trace(X, k))
    for name in ("tril", "triu"):
        np.testing.assert_array_equal(getattr(ops, name)(CUBE, k), getattr(np, name)(CUBE, k))


def test_types():
    assert ops.trace(X).dtype == np.float32


def test_diagflat():
    assert ops.diagflat([[1, 2], [3, 4]], k=-1).tolist() == np.diagflat([1, 2, 3, 4], -1).tolist()
    assert ops.diagflat(3.0).tolist() == [[3]] and ops.diagflat(np.zeros(0), k=1).tolist() == [[0]]
    assert ops.diagflat([True, False]).dtype == "bool" and ops.diagflat(KerasTensor((None, 2)), 1).shape == (None, None)


def test_vander():
    for count in (None, 0, 1, 4):
        for increasing in (False, True):
            expected = np.vander(X[0], count, increasing)
            np.testing.assert_array_equal(ops.vander(X[0], count, increasing), expected)
            check_grads(lambda x, n=count, up=increasing: ops.vander(x, n, increasing=up), X[0])
    assert ops.vander(np.int8([1, 2]), 3).dtype == "int8" and ops.vander([], 2).shape == (0, 2)
    assert ops.vander(KerasTensor((None,)), 2).shape == (None, 2)


@pytest.mark.parametrize(
    ("x", "options", "error"),
    [
        (X, {}, ShapeError),
        (X[0], {"N": -1}, ArgumentError),
        (X[0], {"N": 2.0}, ArgumentTypeError),
        (X[0], {"increasing": 1}, ArgumentTypeError),
    ],
)
def test_no_vander(x, options, error):
    with pytest.raises(error, match="`vander` expects"):
        ops.vander(x, **options)
