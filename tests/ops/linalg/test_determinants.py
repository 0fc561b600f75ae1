"""Determinants, and their logarithms."""

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.errors import MatrixError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.array([[[2.0, 1.0], [1.0, 3.0]], [[0.0, 1.0], [1.0, 0.0]]])


def test_determinants():
    np.testing.assert_allclose(ops.det(X), [5, -1], rtol=1e-12)
    sign, logarithm = ops.slogdet(X)
    np.testing.assert_array_equal(sign, [1, -1])
    np.testing.assert_allclose(logarithm, [np.log(5), 0], rtol=1e-12)
    np.testing.assert_allclose(ops.logdet(X), [np.log(5), 0], rtol=1e-12)
    assert ops.det(np.zeros((0, 0))) == 1
    assert [each.shape for each in ops.slogdet(KerasTensor((None, 2, 2)))] == [(None,), (None,)]


def test_singular():
    sign, logarithm = ops.slogdet(np.ones((2, 2)))
    assert (sign, logarithm) == (0, -np.inf)
    with pytest.raises(MatrixError, match="singular"):
        grad(lambda x: ops.slogdet(x)[1])(np.ones((2, 2)))


@pytest.mark.parametrize(
    ("x", "cofactors"),
    [
        ([[1, 2], [2, 4]], [[4, -2], [-2, 1]]),
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]]),
        (np.zeros((2, 2)), np.zeros((2, 2))),
        (np.diag([0, 2, 3]), np.diag([6, 0, 0])),
        ([[0, 0, 1], [0, 0, 0], [0, 2, 0]], [[0, 0, 0], [2, 0, 0], [0, 0, 0]]),
    ],
    ids=str,
)
def test_singular_matrices_have_a_gradient(x, cofactors):
    """It is the matrix of the cofactors, worked out by hand."""
    found = grad(ops.det)(np.array(x, "float64"))
    np.testing.assert_allclose(found, cofactors, atol=1e-10)
    check_grads(ops.det, np.stack([np.array(x, "float64"), np.eye(len(x))]), order=1)
