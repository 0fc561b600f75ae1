"""Quantization to an interval that need not be symmetric: with scales and zero points, also by groups of columns."""

from .. import ops
from ..argument_checks import check_int
from ..engine.dtypes import dtype_of
from ..errors import ArgumentError, ShapeError
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike


@filtered
def compute_quantization_parameters(
    x: TensorLike,
    *,
    bits: int,
    symmetric: bool = False,
    per_channel: bool = False,
    group_size: int = -1,
    compute_dtype: str = "float32",
    epsilon: float = 0.0,
    signed: bool = False,
    with_zero: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """Returns the scales and zero points with which the ranges of values are mapped to integers of a few bits.

    `scale = (max - min + epsilon) / (2**bits - 1)`, `zero = round(-min / scale)`

    Args:
        x: The weights, shape (outputs, inputs).
        bits: The number of bits of the integers.
        symmetric: Whether the range is made symmetric about zero, which then has a fixed zero point in the middle.
        per_channel: Whether each output has its own range; else there is one.
        group_size: The number of inputs with a common range, for `per_channel`; -1: all of them.
        compute_dtype: The dtype of the result's last part.
        epsilon: A small number that is added to the ranges.
        signed: Whether the integers start at `-2**(bits - 1)` instead of 0.
        with_zero: Whether the ranges include 0, so that their zero points always exist; in Keras they do not.

    Returns:
        The scales, shape (outputs, groups); the zero points, int8 if signed and else uint8; and `2**bits - 1`.

    Raises:
        ArgumentError: If there are no values.
        ShapeError: If they have fewer than two axes.

    Source: https://keras.io/api/quantizers/, Jacob et al. 2017, https://arxiv.org/abs/1712.05877

    Example:
        >>> scale, zero, largest = compute_quantization_parameters([[-1.0, 2.75]], bits=4)
        >>> scale.tolist(), zero.tolist(), float(largest)
        ([[0.25]], [[4]], 15.0)
    """
    where = "compute_quantization_parameters"
    bits = check_int(where, "bits", bits, minimum=1)
    if x is None:
        raise ArgumentError(f"{where}: expected an array. Received: x=None")
    x = ops.convert_to_tensor(x)
    if len(x.shape) < 2:
        raise ShapeError(f"{where}: expected an array of at least two axes. Received: x of shape {tuple(x.shape)}")
    if 0 in x.shape:
        raise ArgumentError(f"{where}: expected at least one value. Received: x of shape {tuple(x.shape)}")
    smallest, largest = _ranges(x, per_channel, group_size)
    if with_zero:
        smallest, largest = ops.minimum(smallest, 0), ops.maximum(largest, 0)
    if symmetric:
        magnitude = ops.maximum(ops.abs(smallest), largest)
        smallest, largest = ops.where(ops.less(smallest, 0), ops.negative(magnitude), smallest), magnitude
    equal = ops.equal(smallest, largest)
    smallest = ops.where(equal, ops.subtract(smallest, 1), smallest)
    largest = ops.where(equal, ops.add(largest, 1), largest)
    levels = ops.cast(2**bits - 1, compute_dtype)
    extent = ops.subtract(largest, smallest)
    extent = ops.add(extent, epsilon) if epsilon > 0 else extent
    scale = ops.divide(extent, levels)
    scale = ops.where(ops.less_equal(scale, 0), ops.cast(1e-8, dtype_of(scale)), scale)
    low = -(2 ** (bits - 1)) if signed else 0
    if symmetric:
        zero = ops.full_like(scale, 2 ** (bits - 1) + low)
    else:
        zero = ops.add(ops.round(ops.divide(ops.negative(smallest), scale)), low)
    # Without a sign, zero points of ranges that lie on one side of 0 saturate, as in Keras on TensorFlow and JAX.
    zero = ops.clip(zero, low, 2 ** (bits - 1) - 1 if signed else 255)
    if not per_channel:
        scale, zero = (ops.tile(value, (x.shape[0], 1)) for value in (scale, zero))
    return scale, ops.cast(zero, "int8" if signed else "uint8"), levels


def _ranges(x: Tensor, per_channel: bool, group_size: int) -> tuple[Tensor, Tensor]:
    """Returns the smallest and the largest values, shape (outputs, groups); (1, 1) if there is one range."""
    outputs, inputs = x.shape[:2]
    groups = -(-inputs // group_size) if per_channel and group_size > 0 else 1
    if groups > 1:
        x = ops.pad(x, ((0, 0), (0, groups * group_size - inputs)))
        x = ops.reshape(x, (outputs, groups, group_size))
    else:
        x = ops.reshape(x, (outputs if per_channel else 1, 1, -1))
    return ops.min(x, axis=2), ops.max(x, axis=2)


def quantize_with_zero_point(x: TensorLike, scale: TensorLike, zero: TensorLike, levels: TensorLike) -> Tensor:
    """Returns `clip(round(x / scale + zero), 0, levels)`, not cast to integers.

    Args:
        x: The values.
        scale: Their scales, of shapes that can be broadcast to that of the values; 0 counts as 1e-8.
        zero: Their zero points.
        levels: The largest result.
    """
    scale = ops.where(ops.equal(scale, 0), ops.cast(1e-8, dtype_of(scale)), scale)
    return ops.clip(ops.round(ops.add(ops.divide(x, scale), ops.cast(zero, dtype_of(scale)))), 0, levels)


def dequantize_with_zero_point(x: TensorLike, scale: TensorLike, zero: TensorLike) -> Tensor:
    """Returns `scale * (x - zero)`.

    Args:
        x: The quantized values.
        scale: Their scales, of shapes that can be broadcast to that of the values.
        zero: Their zero points.
    """
    return ops.multiply(scale, ops.subtract(ops.cast(x, dtype_of(scale)), ops.cast(zero, dtype_of(scale))))


@filtered
def quantize_with_sz_map(
    weights_matrix: TensorLike,
    scale: TensorLike,
    zero: TensorLike,
    g_idx: TensorLike,
    maxq: TensorLike,
    group_axis: int = -1,
) -> Tensor:
    """Quantizes a matrix whose columns (or rows) belong to groups, each with its scales and zero points.

    `clip(round(weights / scale + zero), 0, maxq)`, with the scale and the zero point of the group

    Args:
        weights_matrix: The values, shape (outputs, inputs).
        scale: The scales, shape (outputs, groups).
        zero: The zero points, likewise.
        g_idx: The group of each column, shape (inputs,); fractions are cut off.
        maxq: The largest quantized value.
        group_axis: The axis of the groups, in scales and zero points.

    Returns:
        The quantized values, as floats.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> quantize_with_sz_map([[0.5, 4.0]], [[0.5, 2.0]], [[1, 0]], [0, 1], 15)
        array([[2., 2.]], dtype=float32)
    """
    scale, zero = _of_groups(scale, zero, g_idx, group_axis)
    return quantize_with_zero_point(ops.convert_to_tensor(weights_matrix), scale, zero, maxq)


@filtered
def dequantize_with_sz_map(
    weights_matrix: TensorLike,
    scale: TensorLike,
    zero: TensorLike,
    g_idx: TensorLike,
    group_axis: int = -1,
) -> Tensor:
    """Returns the values of a matrix that `quantize_with_sz_map` quantized.

    `scale * (weights - zero)`, with the scale and the zero point of the group

    Args:
        weights_matrix: The quantized values, shape (outputs, inputs).
        scale: The scales, shape (outputs, groups).
        zero: The zero points, likewise.
        g_idx: The group of each column, shape (inputs,); fractions are cut off.
        group_axis: The axis of the groups, in scales and zero points.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> dequantize_with_sz_map([[2, 2]], [[0.5, 2.0]], [[1, 0]], [0, 1])
        array([[0.5, 4. ]], dtype=float32)
    """
    scale, zero = _of_groups(scale, zero, g_idx, group_axis)
    return dequantize_with_zero_point(ops.convert_to_tensor(weights_matrix), scale, zero)


def _of_groups(scale: TensorLike, zero: TensorLike, g_idx: TensorLike, axis: int) -> tuple[Tensor, Tensor]:
    groups = ops.cast(ops.convert_to_tensor(g_idx), "int32")
    scale, zero = ops.convert_to_tensor(scale), ops.convert_to_tensor(zero)
    return ops.take(scale, groups, axis=axis), ops.take(zero, groups, axis=axis)
