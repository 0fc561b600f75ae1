"""Quantization by the largest magnitude and by blocks, worked by hand and by properties."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.quantizers import abs_max_quantize, abs_max_quantize_grouped_with_zero_point
from tests.helpers import run_step_test

X = np.random.default_rng(0).normal(size=(9, 4)).astype("float32")


def test_by_hand():
    values, scale = abs_max_quantize([[4.0, -2.0], [0.25, 1.0]], axis=0, value_range=(-8, 7), epsilon=0.0)
    assert values.tolist() == [[7, -7], [0, 4]]  # 0.25 * 7 / 4 = 0.4375, and 1 * 7 / 2 = 3.5 to the even 4
    assert scale.tolist() == [[1.75, 3.5]] and values.dtype == "int8" and scale.dtype == "float32"


@pytest.mark.parametrize("axis", [-1, 0, (0, 1), [0]])
def test_errors_are_half_a_step(axis):
    values, scale = abs_max_quantize(X, axis)
    assert np.abs(values / scale - X).max() <= 0.5 / scale.min() + 1e-6
    assert np.abs(values.astype("int32")).max() == 127


def test_zeros_and_low_precision():
    values, scale = abs_max_quantize(np.zeros((2, 3), "float32"), -1)
    assert not values.any() and np.isfinite(scale).all()
    assert abs_max_quantize(X.astype("float16"), -1)[1].dtype == "float16"
    assert abs_max_quantize(X, -1, dtype="float32")[0].dtype == "float32"


def test_traced_and_symbolic():
    first = run_step_test(lambda x: abs_max_quantize(x, -1)[0], X, X[::-1].copy())
    np.testing.assert_array_equal(first[0], abs_max_quantize(X, -1)[0])
    values, scale = abs_max_quantize(KerasTensor((None, 3)), -1)
    assert (values.shape, values.dtype, scale.shape) == ((None, 3), "int8", (None, 1))


def test_blocks_by_hand():
    x = np.array([[-1.0], [0.5], [0.0], [3.0], [2.0]], "float32")
    values, scale, zero = abs_max_quantize_grouped_with_zero_point(x, 2, epsilon=0.0, to_numpy=True)
    # Ranges of 1.5, 3 and, with the zero that fills up the last block, 2, in 15 steps.
    np.testing.assert_allclose(scale[:, 0], [0.1, 0.2, 2 / 15], rtol=1e-6)
    assert zero[:, 0].tolist() == [2, -8, -8] and values[:, 0].tolist() == [-8, 7, -8, 7, 7]


@pytest.mark.parametrize("to_numpy", [False, True])
@pytest.mark.parametrize("block_size", [1, 4, 100])
def test_errors_of_blocks_with_zero_are_a_step(block_size, to_numpy):
    x = X.copy()
    x[::2] = np.abs(x[::2])
    x[1::2] = -np.abs(x[1::2])  # each block of several rows has both signs
    values, scale, zero = abs_max_quantize_grouped_with_zero_point(x, block_size, to_numpy=to_numpy)
    groups = np.arange(9) // block_size
    restored = (values - zero[groups].astype("float32")) * scale[groups]
    if block_size > 1:
        assert (np.abs(restored - x) <= scale[groups] * 1.01)[:8].all()
    assert scale.shape == zero.shape == (-(-9 // block_size), 4) and values.dtype == zero.dtype == "int8"


def test_refused():
    with pytest.raises(ShapeError, match=r"expected a matrix. Received: inputs of shape \(3,\)"):
        abs_max_quantize_grouped_with_zero_point(ops.ones(3), 2)
    with pytest.raises(ArgumentError, match="`block_size`"):
        abs_max_quantize_grouped_with_zero_point(X, 0)
