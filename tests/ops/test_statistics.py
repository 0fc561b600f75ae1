"""Spread, averages and products: worked by hand, against numpy, and what is refused."""

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.errors import NotSupportedError, ShapeError
from tests.helpers import check_grads

X = np.float32([[1, 2, 3], [5, 5, 8]])


def test_by_hand():
    assert ops.var(X, axis=1).tolist() == pytest.approx([2 / 3, 2])
    assert ops.std([1.0, 3.0], keepdims=True).tolist() == [1]
    mean, variance = ops.moments(X, [0])
    assert (mean.tolist(), variance.tolist()) == ([3, 3.5, 5.5], [4, 2.25, 6.25])
    assert float(ops.average([1.0, 3.0], weights=[3.0, 1.0])) == 1.5
    assert ops.average(X, axis=0, weights=[1.0, 3.0]).tolist() == [4, 4.25, 6.75]
    assert ops.prod(X, axis=1).tolist() == [6, 200] and float(ops.prod(X)) == 1200
    assert ops.ptp(X, axis=1).tolist() == [2, 3] and ops.amax(X, 0).tolist() == [5, 5, 8] and float(ops.amin(X)) == 1
    assert ops.count_nonzero([[0, 1], [2, 0]], axis=1).tolist() == [1, 1] and int(ops.count_nonzero([0.0])) == 0


@pytest.mark.parametrize("size", range(12))
def test_products_of_any_number(size):
    x = np.random.default_rng(size).uniform(0.5, 1.5, (2, size))
    np.testing.assert_allclose(ops.prod(x, axis=1), np.prod(x, axis=1))
    np.testing.assert_allclose(ops.prod(x, axis=0, keepdims=True), np.prod(x, axis=0, keepdims=True))
    assert ops.prod(x).shape == () and ops.prod(x, axis=()).shape == x.shape


def test_products_with_zeros():
    assert grad(ops.prod)(np.float32([2, 0, 3])).tolist() == [0, 6, 0]
    assert grad(ops.prod)(np.float32([2, 0, 0])).tolist() == [0, 0, 0]
    check_grads(lambda x: ops.prod(x, axis=1), np.float64([[2, 0, 3], [0, 0, 1], [1, 2, 3]]))


def test_types():
    assert ops.prod(np.ones(2, "int8")).dtype == np.int32 and ops.prod(np.ones(2, "uint8")).dtype == np.uint32
    assert ops.prod([1, 2], dtype="float64").dtype == np.float64
    assert ops.var([1, 2]).dtype == np.float32 and ops.average([1, 2], weights=[1, 2]).dtype == np.float32


def test_refused():
    with pytest.raises(NotSupportedError, match="one replica"):
        ops.moments(X, [0], synchronized=True)
    for options in ({}, {"axis": (0, 1)}):
        with pytest.raises(ShapeError, match=r"weights of shape \(2, 3\), or one for each place along an axis"):
            ops.average(X, weights=[1.0, 2.0, 3.0], **options)
    with pytest.raises(ShapeError):
        ops.average(X, axis=0, weights=[1.0, 2.0, 3.0])
