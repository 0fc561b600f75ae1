"""Eigenvalues and eigenvectors, and their gradients."""

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.errors import MatrixError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.linalg.eigenvalues import inverse_gaps, on_diagonal
from tests.helpers import check_grads, run_step_test

SYMMETRIC = np.array([[4.0, 2.0, 0.0], [2.0, 5.0, 2.0], [0.0, 2.0, 6.0]])
ROTATION = np.array([[0.0, -2.0, 0.0], [2.0, 0.0, 0.0], [1.0, 1.0, 3.0]])


def test_eigh():
    values, vectors = ops.eigh(np.stack([SYMMETRIC, -SYMMETRIC]))
    product = vectors @ (values[..., None] * np.swapaxes(vectors, 1, 2))
    np.testing.assert_allclose(product, [SYMMETRIC, -SYMMETRIC], atol=1e-12)
    np.testing.assert_allclose(values, np.linalg.eigvalsh([SYMMETRIC, -SYMMETRIC]), rtol=1e-12)
    check_grads(lambda x: [ops.eigh(x)[0], ops.abs(ops.eigh(x)[1])], SYMMETRIC)


def test_equal_eigenvalues_have_a_gradient():
    np.testing.assert_allclose(grad(lambda x: ops.sum(ops.eigh(x)[0] ** 2))(np.eye(3)), 2 * np.eye(3), atol=1e-12)
    np.testing.assert_allclose(grad(lambda x: ops.sum(ops.svd(x)[1] ** 2))(np.eye(3)), 2 * np.eye(3), atol=1e-12)


def test_eig():
    values, vectors = ops.eig(ROTATION)
    np.testing.assert_allclose(np.sort_complex(values), [-2j, 2j, 3], atol=1e-12)
    np.testing.assert_allclose(ROTATION @ vectors, vectors * values, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), np.ones(3), rtol=1e-12)
    run_step_test(lambda x: list(ops.eig(x)), ROTATION, ROTATION + 1)


@pytest.mark.parametrize(
    ("dtype", "expected"), [("float16", "complex64"), ("float32", "complex64"), ("float64", "complex128")]
)
def test_eigenvalues_of_real_matrices_are_complex(dtype, expected):
    for result in (ops.eig(np.eye(2, dtype=dtype)), ops.eig(KerasTensor((None, 2, 2), dtype))):
        assert [each.dtype for each in result] == [expected, expected]
    assert [each.shape for each in ops.eig(KerasTensor((None, 2, 2)))] == [(None, 2), (None, 2, 2)]


def test_gradients_of_eig():
    def function(x):
        values, vectors = ops.eig(x)
        return [ops.real(values), ops.imag(values), ops.abs(vectors)]

    check_grads(function, np.stack([ROTATION + 0.1 * SYMMETRIC, SYMMETRIC + np.diag([0.0, 5.0, 9.0])]))
    check_grads(lambda x: function(x + 1j * SYMMETRIC), ROTATION)


def test_not_finite():
    with pytest.raises(MatrixError, match="`eig`: the matrix contains NaN or infinity"):
        ops.eig(np.full((2, 2), np.nan))


def test_the_parts_of_gradients():
    assert on_diagonal(np.array([1.0, 2.0])).tolist() == [[1, 0], [0, 2]]
    assert inverse_gaps(np.array([1.0, 3.0, 3.0])).tolist() == [[0, 0.5, 0.5], [-0.5, 0, 0], [-0.5, 0, 0]]
