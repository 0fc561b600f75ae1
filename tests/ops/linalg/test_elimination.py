"""LU decomposition next to that of scipy."""

import numpy as np
import pytest
import scipy.linalg

from minikeras import ops
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.linalg import lapack
from tests.helpers import check_grads

RNG = np.random.default_rng(0)


@pytest.fixture(params=["scipy", "numpy"], autouse=True)
def routines(request, monkeypatch):
    """Runs each test with scipy, and as if it were not installed."""
    if request.param == "numpy":
        monkeypatch.setattr(lapack, "_found", lambda name, letter: None)


@pytest.mark.parametrize(
    "shape", [(1, 1), (3, 3), (5, 2), (2, 5), (32, 32), (33, 33), (100, 70), (70, 100), (150, 150)]
)
def test_as_scipy(shape):
    x = RNG.normal(size=shape)
    lu, pivots = ops.lu_factor(x)
    expected, expected_pivots = scipy.linalg.lu_factor(x)
    assert pivots.dtype == "int32" and lu.dtype == "float64"
    np.testing.assert_array_equal(pivots, expected_pivots)
    np.testing.assert_allclose(lu, expected, rtol=1e-9, atol=1e-12)


def test_batches():
    x = RNG.normal(size=(2, 3, 40, 35)).astype("float32")
    lu, pivots = ops.lu_factor(x)
    assert lu.dtype == "float32" and pivots.shape == (2, 3, 35)
    for place in np.ndindex(2, 3):
        alone = ops.lu_factor(x[place])
        np.testing.assert_array_equal(pivots[place], alone[1])
        np.testing.assert_allclose(lu[place], alone[0], rtol=1e-4, atol=1e-4)
    for shape, size in (((0, 3, 2), (0, 2)), ((0, 3), (0,)), ((3, 0), (0,)), ((2, 0, 0), (2, 0))):
        assert [each.shape for each in ops.lu_factor(np.zeros(shape))] == [shape, size]
    symbolic = ops.lu_factor(KerasTensor((None, 3, 2)))
    assert [(each.shape, each.dtype) for each in symbolic] == [((None, 3, 2), "float32"), ((None, 2), "int32")]


def test_singular_matrices_have_factors():
    x = np.array([[0.0, 2.0, 1.0], [0.0, 4.0, 1.0], [0.0, 1.0, 1.0]])
    lu, pivots = ops.lu_factor(x)
    np.testing.assert_allclose(lu, [[0, 2, 1], [0, 4, 1], [0, 0.25, 0.75]])
    assert pivots.tolist() == [0, 1, 2]


@pytest.mark.parametrize("shape", [(2, 3, 3), (4, 3), (3, 4)])
def test_gradients(shape):
    check_grads(lambda x: ops.lu_factor(x)[0], RNG.normal(size=shape))
