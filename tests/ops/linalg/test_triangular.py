"""Substitution next to scipy's, and inverses from Cholesky factors."""

import numpy as np
import pytest
import scipy.linalg

from minikeras import ops
from minikeras.errors import MatrixError
from minikeras.ops.linalg import lapack
from minikeras.ops.linalg.triangular import substitute, triangular_solution
from tests.helpers import check_grads

RNG = np.random.default_rng(0)


@pytest.fixture(params=["scipy", "numpy"], autouse=True)
def routines(request, monkeypatch):
    """Runs each test with scipy, and as if it were not installed."""
    if request.param == "numpy":
        monkeypatch.setattr(lapack, "_found", lambda name, letter: None)


@pytest.mark.parametrize("size", [1, 3, 64, 65, 200])
@pytest.mark.parametrize("lower", [False, True])
def test_as_scipy(size, lower):
    a = RNG.normal(size=(size, size)) + size * np.eye(size)
    b = RNG.normal(size=(size, 5))
    expected = scipy.linalg.solve_triangular(a, b, lower=lower)
    for found in (ops.solve_triangular(a, b, lower), substitute(a, b, lower), triangular_solution(a, b, lower)):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    batch = ops.solve_triangular(np.stack([a, 2 * a]), np.stack([b, b]), lower)
    np.testing.assert_allclose(batch, np.stack([expected, expected / 2]), rtol=1e-10, atol=1e-12)


def test_the_other_triangle_is_not_read():
    a = np.array([[2.0, np.nan], [1.0, 4.0]])
    np.testing.assert_allclose(ops.solve_triangular(a, [2.0, 9.0], lower=True), [1, 2])
    check_grads(lambda a: ops.solve_triangular(a, [2.0, 9.0], lower=True), np.array([[2.0, 7.0], [1.0, 4.0]]))


def test_singular():
    a = np.stack([np.eye(70)] * 2)
    a[1, 68, 68] = 0
    with pytest.raises(MatrixError, match="`solve_triangular`: the matrix at index 1 of the batch is singular"):
        ops.solve_triangular(a, np.ones((2, 70)))
    with pytest.raises(MatrixError, match="`cholesky_inverse`: .* index 1 of the batch is singular: its diagonal"):
        ops.cholesky_inverse(a)


@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)])
@pytest.mark.parametrize("upper", [False, True])
def test_cholesky_inverse(shape, upper):
    x = RNG.normal(size=shape) + 3 * np.eye(3)
    factor = np.triu(x) if upper else np.tril(x)
    turned = np.swapaxes(factor, -1, -2)
    expected = np.linalg.inv(turned @ factor if upper else factor @ turned)
    np.testing.assert_allclose(ops.cholesky_inverse(x, upper=upper), expected, rtol=1e-10)
    check_grads(lambda x: ops.cholesky_inverse(x, upper=upper), x)
