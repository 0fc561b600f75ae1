"""Pseudoinverses, least squares and ranks."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import MatrixError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.linalg.least_squares import max_size
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
SINGULAR = np.array([[3.0, 0.0], [0.0, 1e-9], [0.0, 0.0]])


@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (3, 5), (2, 4, 3)])
def test_pinv(shape):
    x = RNG.normal(size=shape)
    np.testing.assert_allclose(ops.pinv(x), np.linalg.pinv(x), rtol=1e-10)
    check_grads(ops.pinv, x)


def test_what_counts_as_zero():
    np.testing.assert_allclose(ops.pinv(SINGULAR), [[1 / 3, 0, 0], [0, 1e9, 0]])
    np.testing.assert_allclose(ops.pinv(SINGULAR, rcond=1e-3), [[1 / 3, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(ops.pinv(SINGULAR.astype("float32")), [[1 / 3, 0, 0], [0, 0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.lstsq(SINGULAR, [3.0, 1.0, 7.0], rcond=1e-3), [1, 0])
    assert ops.matrix_rank(SINGULAR) == 2 and ops.matrix_rank(SINGULAR, tol=1e-3) == 1
    assert max_size((4, 2, 3)) == 3


@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (3, 5)])
@pytest.mark.parametrize("columns", [(), (2,)])
def test_lstsq(shape, columns):
    a, b = RNG.normal(size=shape), RNG.normal(size=(shape[0], *columns))
    x = ops.lstsq(a, b)
    np.testing.assert_allclose(x, np.linalg.lstsq(a, b, rcond=None)[0], rtol=1e-10)
    check_grads(ops.lstsq, a, b)
    assert ops.lstsq(KerasTensor(shape), KerasTensor(b.shape)).shape == x.shape


def test_the_gradient_among_matrices_of_a_rank():
    """All matrices `u v^T` have rank 1, so that the gradient through it is that of numbers."""
    u, v = RNG.normal(size=(4, 1)), RNG.normal(size=(1, 3))
    check_grads(lambda u, v: ops.pinv(ops.matmul(u, v)), u, v, order=1)
    check_grads(lambda u, v: ops.lstsq(ops.matmul(u, v), np.arange(4.0)), u, v, order=1)


@pytest.mark.parametrize(("left", "right"), [((3,), (3,)), ((2, 3, 3), (2, 3)), ((3, 2), (2,)), ((3, 2), (3, 1, 1))])
def test_shapes_that_do_not_fit(left, right):
    for make in (np.ones, KerasTensor):
        with pytest.raises(ShapeError, match=r"`lstsq` expects `a` of shape \(m, n\)"):
            ops.lstsq(make(left), make(right))


def test_ranks():
    x = np.stack([np.eye(3), np.diag([1.0, 0.0, 0.0]), np.zeros((3, 3)), np.ones((3, 3))])
    ranks = ops.matrix_rank(x)
    assert ranks.tolist() == [3, 1, 0, 1] and ranks.dtype == "int32"
    assert ops.matrix_rank(KerasTensor((None, 4, 3))).shape == (None,)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite(bad):
    x = np.array([[bad, 1.0], [1.0, 1.0]])
    with pytest.raises(MatrixError, match="`pinv`: the matrix contains NaN or infinity"):
        ops.pinv(x)
    with pytest.raises(MatrixError, match="`lstsq`: the matrix contains NaN or infinity"):
        ops.lstsq(x, np.ones(2))
    assert ops.matrix_rank(np.stack([x, np.eye(2)])).tolist() == [0, 2]


def test_pinv_with_a_cutoff_for_each_matrix():
    x = np.stack([np.diag([4.0, 1.0])] * 2)
    found = ops.pinv(x, rcond=np.array([0.1, 0.5]))
    np.testing.assert_allclose(found, [np.diag([0.25, 1.0]), np.diag([0.25, 0.0])])
    for value in (x, x[0], KerasTensor((2, 2))):
        with pytest.raises(ShapeError, match="as a number, or one per matrix"):
            ops.pinv(value, rcond=np.array([0.1, 0.5, 0.1]))
