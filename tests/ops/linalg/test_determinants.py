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
    check_grads(ops.det, np.stack([np.array(x, "float64"), np.eye(len(x))]))


SINGULAR = {
    "corank 1": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "corank 2": np.outer([1, -2, 0.5], [3, 1, 2]),
    "zero": np.zeros((3, 3)),
    "one element": [[0]],
    "of 4": np.array([[0, 1, 2, 0], [1, 0, 0, 3], [1, 1, 2, 3], [2, -1, 1, 1]]),
}


@pytest.mark.parametrize("x", SINGULAR.values(), ids=SINGULAR)
def test_singular_matrices_have_second_derivatives(x):
    """A determinant is a polynomial: its derivatives divide by nothing."""
    x = np.array(x, "float64")
    check_grads(ops.det, x)
    near = x + 1e-13 * np.eye(len(x))
    ours = [grad(lambda each: ops.sum(grad(ops.det)(each) * np.cos(x + 1)))(each) for each in (x, near)]
    np.testing.assert_allclose(*ours, atol=1e-11)


def test_second_derivative_of_two_rows():
    """`a d - b c`: by hand."""
    for x in (np.zeros((2, 2)), np.ones((2, 2)), np.array([[1.0, 2.0], [5.0, 3.0]])):
        found = grad(lambda each: ops.sum(grad(ops.det)(each) * np.float64([[1, 10], [100, 1000]])))(x)
        np.testing.assert_allclose(found, [[1000, -100], [-10, 1]], rtol=1e-12)
    singular = np.array([[1, 2j], [1j, -2]])
    first = grad(lambda z: ops.real(ops.det(z)))
    np.testing.assert_allclose(first(singular), [[-2, -1j], [-2j, 1]], atol=1e-12)
    second = grad(lambda z: ops.real(ops.sum(first(z) * np.array([[1, 10], [100, 1000]]))))(singular)
    np.testing.assert_allclose(second, [[1000, -100], [-10, 1]], rtol=1e-12)


def test_third_derivative():
    x = np.array([[2.0, 1.0, 0.0], [0.5, 3.0, 1.0], [-1.0, 0.0, 1.5]])
    weights = np.cos(np.arange(9.0)).reshape(3, 3)
    check_grads(grad(lambda each: ops.sum(grad(ops.det)(each) * weights)), x, order=1)
    with pytest.raises(MatrixError, match="singular"):
        grad(lambda z: ops.sum(grad(lambda y: ops.sum(grad(ops.det)(y) * weights))(z) * weights))(np.ones((3, 3)))
