"""Scales and zero points of ranges and of groups."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ShapeError
from minikeras.quantizers.zero_points import (
    compute_quantization_parameters,
    dequantize_with_sz_map,
    dequantize_with_zero_point,
    quantize_with_sz_map,
    quantize_with_zero_point,
)

X = np.random.default_rng(1).normal(size=(3, 8)).astype("float32")


def test_by_hand():
    scale, zero, levels = compute_quantization_parameters([[-1.0, 2.0], [0.0, 6.0]], bits=2, per_channel=True)
    assert (scale.tolist(), zero.tolist(), float(levels)) == ([[1.0], [2.0]], [[1], [0]], 3.0)
    scale, zero, _ = compute_quantization_parameters([[-1.0, 2.0], [0.0, 5.0]], bits=2)  # one range, from -1 to 5
    assert (scale.tolist(), zero.tolist()) == ([[2.0], [2.0]], [[0], [0]])
    scale, zero, _ = compute_quantization_parameters([[-1.0, 3.0]], bits=2, symmetric=True)
    assert (scale.tolist(), zero.tolist()) == ([[2.0]], [[2]])
    scale, zero, _ = compute_quantization_parameters([[-1.0, 2.0]], bits=2, signed=True)
    assert (scale.tolist(), zero.tolist(), zero.dtype) == ([[1.0]], [[-1]], "int8")


def test_groups_and_equal_values():
    scale, zero, _ = compute_quantization_parameters(
        [[-1.0, 2.0, 0.0, 3.0, -3.0]], bits=2, per_channel=True, group_size=2
    )
    assert scale.tolist() == [[1.0, 1.0, 1.0]] and zero.tolist() == [[1, 0, 3]]
    scale, _, _ = compute_quantization_parameters(np.zeros((1, 2), "float32"), bits=1)
    assert scale.tolist() == [[2.0]]  # a range of one on both sides
    _, zero, _ = compute_quantization_parameters([[5.0, 6.0]], bits=4)
    assert zero.tolist() == [[0]]  # -75, which uint8 does not have
    scale, zero, _ = compute_quantization_parameters(
        [[6.0, 7.5], [-1.5, -3.0]], bits=4, per_channel=True, with_zero=True
    )
    assert scale.ravel() == pytest.approx([0.5, 0.2]) and zero.tolist() == [[0], [15]]


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_round_trips(bits):
    scale, zero, levels = compute_quantization_parameters(X, bits=bits, per_channel=True)
    values = quantize_with_zero_point(X, scale, zero, levels)
    assert values.min() >= 0 and values.max() <= 2**bits - 1
    assert (np.abs(dequantize_with_zero_point(values, scale, zero) - X) <= scale).all()


def test_columns_of_groups():
    groups = np.array([1, 0, 1, 0, 1, 0, 1, 0.9], "float32")  # the last one belongs to group 0
    scale, zero = np.array([[0.5, 0.25]] * 3, "float32"), np.array([[8, 4]] * 3, "uint8")
    values = quantize_with_sz_map(X, scale, zero, groups, 15)
    expected = np.clip(np.round(X / scale[:, groups.astype(int)] + zero[:, groups.astype(int)]), 0, 15)
    np.testing.assert_array_equal(values, expected)
    restored = dequantize_with_sz_map(values, scale, zero, groups)
    np.testing.assert_array_equal(restored, (expected - zero[:, groups.astype(int)]) * scale[:, groups.astype(int)])
    transposed = dequantize_with_sz_map(values.T, scale.T, zero.T, groups, group_axis=0)
    np.testing.assert_array_equal(transposed, restored.T)


def test_refused():
    for x, error in ((None, ArgumentError), ([1.0], ShapeError), (np.zeros((0, 2)), ArgumentError)):
        with pytest.raises(error, match="compute_quantization_parameters: expected"):
            compute_quantization_parameters(x, bits=4)
    with pytest.raises(ArgumentError, match="`bits`"):
        compute_quantization_parameters(X, bits=0)
