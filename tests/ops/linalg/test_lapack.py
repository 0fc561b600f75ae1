"""Which routines of LAPACK are taken; what they compute is tested with the ops that call them."""

import sys

import numpy as np
import pytest

from minikeras import ops
from minikeras.ops.linalg import lapack
from minikeras.ops.linalg.lapack import factored, routine, substituted

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("shape", "taken"),
    [((3, 3), True), ((8, 3, 3), True), ((9, 3, 3), False), ((9, 32, 3), True), ((0, 3), False), ((2, 3, 0), False)],
)
def test_batches_of_small_matrices_are_left_to_numpy(shape, taken):
    assert (routine("getrf", np.zeros(shape)) is not None) == taken


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
def test_each_dtype_has_its_own(dtype):
    x = (RNG.normal(size=(3, 3)) + 3 * np.eye(3)).astype(dtype)
    x = x + 1j * x.T if x.dtype.kind == "c" else x
    lu, pivots = factored(routine("getrf", x), x)
    assert lu.dtype == pivots.dtype == x.dtype and lu.flags.c_contiguous
    lower, upper = np.tril(lu, -1) + np.eye(3), np.triu(lu)
    expected = x.copy()
    for row, chosen in enumerate(pivots.real.astype(int)):
        expected[[row, chosen]] = expected[[chosen, row]]
    np.testing.assert_allclose(lower @ upper, expected, rtol=1e-5, atol=1e-5)
    for is_lower, triangle in ((True, np.tril(x)), (False, np.triu(x))):
        found = substituted(routine("trtrs", x), x, expected, is_lower)
        assert found.dtype == x.dtype and found.flags.c_contiguous
        np.testing.assert_allclose(triangle @ found, expected, rtol=1e-5, atol=1e-5)


def test_without_scipy(monkeypatch):
    lapack._found.cache_clear()
    monkeypatch.setitem(sys.modules, "scipy.linalg", None)
    try:
        assert routine("trtrs", np.eye(2)) is None
        assert ops.solve_triangular(2 * np.eye(2), np.ones(2)).tolist() == [0.5, 0.5]
        assert ops.lu_factor(np.array([[0.0, 1.0], [2.0, 3.0]]))[1].tolist() == [1, 1]
    finally:
        lapack._found.cache_clear()
