"""Variances and averages: worked by hand, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import NotSupportedError, ShapeError

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
