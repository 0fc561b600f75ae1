"""Norms, and normalization by them."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

RNG = np.random.default_rng(0)
A, B, C = (RNG.normal(size=size) for size in [(4, 3), (3, 5), (2, 3, 4)])
NORMS = [(None, None), (None, 1), (2, 0), (1, 0), (0, 1), (3, 1), (0.5, 0), (-2, 1), (np.inf, 1), (-np.inf, 0)]
NORMS += [("nuc", (0, 1)), (2, None), (-2, (1, 0)), (2.0, (-1, 0)), ("nuc", None)]
NORMS += [("fro", (0, 1)), ("fro", None), (1, (0, 1)), (-1, (1, 0)), (np.inf, (0, 1)), (-np.inf, None), (1, (-1, -2))]


@pytest.mark.parametrize(("ord", "axis"), NORMS)
@pytest.mark.parametrize("keepdims", [False, True])
def test_norms(ord, axis, keepdims):
    x = np.abs(A) + 0.1
    np.testing.assert_allclose(ops.norm(x, ord, axis, keepdims), np.linalg.norm(x, ord, axis, keepdims), rtol=1e-12)


def test_no_norms():
    with pytest.raises(ArgumentError, match="'nuc', 1, -1, 2, -2, inf or -inf. Received: ord=3"):
        ops.norm(A, 3)
    with pytest.raises(ArgumentError, match="expects one or two axes"):
        ops.norm(C, 1)
    with pytest.raises(ArgumentError, match="expects a number as `ord`"):
        ops.norm(A, "fro", axis=1)


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
def test_norms_by_singular_values(ord):
    np.testing.assert_allclose(ops.norm(C, ord, axis=(2, 0)), np.linalg.norm(C, ord, axis=(2, 0)), rtol=1e-12)
    assert ops.norm(C, ord, axis=(0, 2), keepdims=True).shape == (1, 3, 1)
    assert ops.norm(KerasTensor((None, 3, 4)), ord, axis=(1, 2)).shape == (None,)
    check_grads(lambda x: ops.norm(x, ord, axis=(1, 2)), C)


@pytest.mark.parametrize("ord", [None, "fro", "nuc", 1, 2, np.inf])
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 0, 3), (0, 2, 3)])
def test_norms_of_nothing_are_0(shape, ord):
    norms = ops.norm(np.zeros(shape), ord, axis=(-2, -1))
    assert norms.shape == shape[:-2] and not norms.any()


def test_normalize():
    x = np.float32([[3, 4], [0, 0]])
    np.testing.assert_allclose(ops.normalize(x), [[0.6, 0.8], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, order=1), [[3 / 7, 4 / 7], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, axis=0), [[1, 1], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, axis=None), [[0.6, 0.8], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, epsilon=10), [[0.3, 0.4], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize([3, 4], order=3), np.array([3, 4]) / 91 ** (1 / 3), rtol=1e-6)
    np.testing.assert_array_equal(ops.normalize(-2.0), [-1])


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_normalize_zeros(order, dtype):
    """A vector of zeros, on which the norm has no slope, is divided by epsilon."""
    with Trace() as trace:
        x = Tensor(np.zeros((1, 2), dtype), trace)
        y = ops.normalize(x, order=order)
        (grad,) = gradients(y, [x])
    np.testing.assert_array_equal(y.array, [[0, 0]])
    expected = np.inf if dtype == "float16" else 1e7  # more than float16 holds
    np.testing.assert_allclose(grad.array, np.full((1, 2), expected), rtol=1e-6)


@pytest.mark.parametrize("order", [0, 1.5, float("inf"), True])
def test_normalize_by_a_wrong_order(order):
    with pytest.raises(ArgumentError, match="`order` to be a positive integer"):
        ops.normalize(np.ones(2), order=order)


def test_normalize_by_a_norm_of_matrices():
    x = np.float32([[1, -2], [3, 4]])
    np.testing.assert_allclose(ops.normalize(x, axis=(0, 1), order=1), x / 6, rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, axis=(1, 0), order=1), x / 7, rtol=1e-6)  # of the transpose
    np.testing.assert_allclose(ops.normalize(x, axis=None, order=1), x / 6, rtol=1e-6)
    np.testing.assert_array_equal(ops.normalize(np.zeros((2, 2)), axis=(0, 1), order=1), np.zeros((2, 2)))
    matrices = np.array([[[1.0, -2.0], [3.0, 4.0]], [[0.1, 5.0], [1.0, 0.2]]])
    check_grads(lambda x: ops.normalize(x, axis=(-2, -1), order=1), matrices)
    for axis, order in (((0, 1), 3), ((0, 1, 2), 1), (None, 1)):
        with pytest.raises(ArgumentError, match=rf"order 1 for two.*order={order}"):
            ops.normalize(np.ones((2, 2, 2)), axis=axis, order=order)


@pytest.mark.parametrize("x", [np.ones((3, 4)), KerasTensor((3, 4)), KerasTensor((None, 4))])
@pytest.mark.parametrize("ord", [None, 1, 2, "nuc", "fro"])
def test_an_axis_that_occurs_twice_is_refused(x, ord):
    for axis in ((0, 0), (1, -1)):
        with pytest.raises(ArgumentError, match="occurs several times"):
            ops.norm(x, ord=ord, axis=axis)
