"""Slices by start and shape."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(12).reshape(3, 4)


def test_slice():
    assert ops.slice(X, (1, 0), (2, 1)).tolist() == [[4], [8]]
    assert ops.slice(X, (1, 2), (-1, 2)).tolist() == [[6, 7], [10, 11]]
    assert ops.slice(KerasTensor((None, 4)), (0, 1), (-1, 2)).shape == (None, 2)


def test_slice_update():
    before = X.copy()
    assert ops.slice_update(X, (1, 2), [[-1.5, -2.0]]).tolist() == [[0, 1, 2, 3], [4, 5, -1, -2], [8, 9, 10, 11]]
    np.testing.assert_array_equal(X, before)
    assert ops.slice_update(KerasTensor((None, 4)), (0, 1), np.ones((1, 1))).shape == (None, 4)


@pytest.mark.parametrize("start, size", [((0, 0), (4, 1)), ((-1, 0), (1, 1)), ((0,), (1,)), ((0, 3), (1, 2))])
def test_outside(start, size):
    with pytest.raises(ShapeError, match="exceeds a tensor of shape"):
        ops.slice(X, start, size)
    with pytest.raises(ShapeError, match="exceeds a tensor of shape"):
        ops.slice_update(X, start, np.zeros(size))


@pytest.mark.parametrize("start, shape", [([0.7], [2]), ([0], [2.5]), (np.array([1.0]), [-1])])
def test_blocks_between_elements(start, shape):
    with pytest.raises(TypeError, match="integers as start indices"):
        ops.slice([1, 2, 3], start, shape)
