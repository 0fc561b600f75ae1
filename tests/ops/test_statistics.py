"""Variances and averages: worked by hand, and what is refused."""

import numpy as np
import pytest

from minikeras import Model, ops
from minikeras.errors import NotSupportedError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.layers import Input

X = np.float32([[1, 2, 3], [5, 5, 8]])


def test_refused():
    with pytest.raises(NotSupportedError, match="one replica"):
        ops.moments(X, [0], synchronized=True)
    for options in ({}, {"axis": (0, 1)}):
        with pytest.raises(ShapeError, match=r"weights of shape \(2, 3\), or one for each index along an axis"):
            ops.average(X, weights=[1.0, 2.0, 3.0], **options)
    with pytest.raises(ShapeError):
        ops.average(X, axis=0, weights=[1.0, 2.0, 3.0])


def test_by_hand():
    assert ops.var(X, axis=1).tolist() == pytest.approx([2 / 3, 2])
    assert ops.std([1.0, 3.0], keepdims=True).tolist() == [1]
    mean, variance = ops.moments(X, [0])
    assert (mean.tolist(), variance.tolist()) == ([3, 3.5, 5.5], [4, 2.25, 6.25])
    assert float(ops.average([1.0, 3.0], weights=[3.0, 1.0])) == 1.5
    assert ops.average(X, axis=0, weights=[1.0, 3.0]).tolist() == [4, 4.25, 6.75]


def test_types():
    assert ops.var([1, 2]).dtype == np.float32 and ops.average([1, 2], weights=[1, 2]).dtype == np.float32


def test_averages_along_an_axis_of_free_size():
    x = KerasTensor((None, 3))
    assert ops.average(x, axis=0, weights=[1.0, 3.0]).shape == (3,)
    assert ops.average(x, axis=1, weights=[1.0, 3.0, 2.0]).shape == (None,)
    inputs = Input((3,))
    model = Model(inputs, ops.average(inputs, axis=1, weights=np.float32([1, 3, 0])))
    np.testing.assert_array_equal(model(np.float32(X)), ops.average(np.float32(X), axis=1, weights=[1.0, 3.0, 0.0]))
