"""Decompositions: their factors multiply to the matrix, and what has no gradient says so."""

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.errors import ArgumentError, MatrixError, NotSupportedError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
SHAPES = [(3, 3), (5, 3), (3, 5), (2, 4, 3), (2, 2, 3, 4)]
SPD = np.array([[4.0, 2.0, 0.0], [2.0, 5.0, 2.0], [0.0, 2.0, 6.0]])


def test_cholesky():
    lower = ops.cholesky(np.stack([SPD, 2 * SPD]))
    np.testing.assert_allclose(lower[0], [[2, 0, 0], [1, 2, 0], [0, 1, 5**0.5]], rtol=1e-12)
    np.testing.assert_allclose(lower[1] @ lower[1].T, 2 * SPD, rtol=1e-12)
    np.testing.assert_array_equal(ops.cholesky(SPD, upper=True), lower[0].T)
    skew = np.array([[0, 3, 1], [-3, 0, 2], [-1, -2, 0]])
    np.testing.assert_array_equal(ops.cholesky(SPD + skew), lower[0])  # as JAX does


@pytest.mark.parametrize("x", [-np.eye(2), np.ones((2, 2)) - 2 * np.eye(2), np.full((2, 2), np.nan)], ids=str)
def test_cholesky_of_what_is_not_positive_definite(x):
    with pytest.raises(MatrixError, match="not positive definite|contains NaN"):
        ops.cholesky(x)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mode", ["reduced", "complete"])
def test_qr(shape, mode):
    x = RNG.normal(size=shape)
    q, r = ops.qr(x, mode)
    expected = np.linalg.qr(x, mode)
    np.testing.assert_allclose(q @ r, x, atol=1e-12)
    np.testing.assert_array_equal(q, expected[0])
    np.testing.assert_array_equal(r, expected[1])
    symbolic = ops.qr(KerasTensor((None, *shape)), mode)
    assert [each.shape for each in symbolic] == [(None, *q.shape), (None, *r.shape)]
    if mode == "reduced" or shape[-2] <= shape[-1]:
        check_grads(lambda x: [ops.abs(each) for each in ops.qr(x, mode)], x, order=1)
    else:
        check_grads(lambda x: ops.qr(x, mode)[1], x, order=1)
        with pytest.raises(NotSupportedError, match="columns of q in `qr` is not defined"):
            grad(lambda x: ops.sum(ops.qr(x, mode)[0]))(x)


def test_no_such_mode():
    with pytest.raises(ArgumentError, match="'reduced' or 'complete'. Received: mode='raw'"):
        ops.qr(SPD, mode="raw")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("full", [False, True])
def test_svd(shape, full):
    x = RNG.normal(size=shape)
    u, s, vh = ops.svd(x, full_matrices=full)
    count = s.shape[-1]
    np.testing.assert_allclose((u[..., :count] * s[..., None, :]) @ vh[..., :count, :], x, atol=1e-12)
    for ours, theirs in zip((u, s, vh), np.linalg.svd(x, full_matrices=full), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_allclose(ops.svd(x, compute_uv=False), s, rtol=1e-12)
    symbolic = ops.svd(KerasTensor((None, *shape)), full_matrices=full)
    assert [each.shape for each in symbolic] == [(None, *each.shape) for each in (u, s, vh)]
    check_grads(lambda x: ops.svd(x, full_matrices=full)[1], x, order=1)
    if full and shape[-2] != shape[-1]:
        with pytest.raises(NotSupportedError, match="full_matrices=True is not defined"):
            grad(lambda x: ops.sum(ops.svd(x)[0]) + ops.sum(ops.svd(x)[2]))(x)
    else:
        check_grads(lambda x: [ops.abs(each) for each in ops.svd(x, full_matrices=full)], x)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_svd_of_what_is_not_finite(bad):
    x = np.stack([np.eye(2)] * 3)
    x[1, 0, 0] = bad
    with pytest.raises(MatrixError, match="`svd`: the matrix at index 1 of the batch contains NaN or infinity"):
        ops.svd(x)
    np.testing.assert_array_equal(ops.svd(x, compute_uv=False), [[1, 1], [np.nan, np.nan], [1, 1]])
    np.testing.assert_array_equal(ops.norm(x, 2, axis=(1, 2)), [1, np.nan, 1])
