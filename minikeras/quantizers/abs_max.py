"""Quantization by the largest magnitude, or by the range of each block of values."""

import math
from collections.abc import Sequence

from .. import ops
from ..argument_checks import check_int
from ..engine.dtypes import dtype_of
from ..errors import ShapeError
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike
from .zero_points import compute_quantization_parameters


@filtered
def abs_max_quantize(
    inputs: TensorLike,
    axis: int | Sequence[int],
    value_range: tuple[int, int] = (-127, 127),
    dtype: str = "int8",
    epsilon: float = 1e-07,
    to_numpy: bool = False,
) -> tuple[Tensor, Tensor]:
    """Scales values so that the largest magnitude becomes the end of the range, and rounds them.

    `scale = value_range[1] / (max(abs(inputs)) + epsilon)`, `quantized = clip(round(inputs * scale), value_range)`

    Args:
        inputs: The values.
        axis: The axis, or the axes, over which the largest magnitude is taken.
        value_range: The smallest and the largest quantized value.
        dtype: The dtype of the quantized values.
        epsilon: A small number, so that zeros can be scaled.
        to_numpy: Whether to compute outside of any trace.

    Returns:
        The quantized values; and the scales, of the dtype of the inputs, with size 1 along these axes.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> abs_max_quantize([[0.25, -1.0], [0.0, 4.0]], axis=-1)[0]
        array([[  32, -127],
               [   0,  127]], dtype=int8)
    """
    inputs = ops.convert_to_numpy(inputs) if to_numpy else ops.convert_to_tensor(inputs)
    axis = axis if isinstance(axis, int) else tuple(axis)
    largest = ops.max(ops.abs(inputs), axis=axis, keepdims=True)
    scale = ops.cast(ops.divide(value_range[1], ops.add(largest, epsilon)), dtype_of(inputs))
    rounded = ops.clip(ops.round(ops.multiply(inputs, scale)), value_range[0], value_range[1])
    return ops.cast(rounded, dtype), scale


@filtered
def abs_max_quantize_grouped_with_zero_point(
    inputs: TensorLike,
    block_size: int,
    value_range: tuple[int, int] = (-8, 7),
    dtype: str = "int8",
    epsilon: float = 1e-07,
    to_numpy: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """Quantizes the rows of a matrix in blocks, with a scale and a zero point for each block of a column.

    `scale = (max - min + epsilon) / (value_range[1] - value_range[0])`,
    `zero_point = clip(round(-min / scale) + value_range[0])`, `quantized = clip(round(inputs / scale) + zero_point)`

    Args:
        inputs: A matrix, shape (rows, columns).
        block_size: The number of rows of a block; the last block is filled up with zeros.
        value_range: The smallest and the largest quantized value.
        dtype: The dtype of the quantized values.
        epsilon: A small number, so that equal values can be scaled.
        to_numpy: Whether to compute outside of any trace, as layers do with their weights. As in Keras, a block whose
            values are all equal then has a scale near zero, and else one for a range of 2.

    Returns:
        The quantized values, (rows, columns); the scales, (blocks, columns); and the zero points, int8.

    Raises:
        ShapeError: If the inputs are no matrix.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> values, scale, zero = abs_max_quantize_grouped_with_zero_point([[-1.0], [2.75], [0.5]], block_size=2)
        >>> values.tolist(), scale.round(2).tolist(), zero.tolist()
        ([[-8], [7], [7]], [[0.25], [0.029999999329447746]], [[-4], [-8]])
    """
    inputs = ops.convert_to_numpy(inputs) if to_numpy else ops.convert_to_tensor(inputs)
    where = "abs_max_quantize_grouped_with_zero_point"
    block_size = check_int(where, "block_size", block_size, minimum=1)
    if len(inputs.shape) != 2:
        raise ShapeError(f"{where}: expected a matrix. Received: inputs of shape {tuple(inputs.shape)}")
    (rows, columns), (low, high), source = inputs.shape, value_range, dtype_of(inputs)
    blocks = math.ceil(rows / block_size)
    padded = ops.pad(inputs, ((0, blocks * block_size - rows), (0, 0)))
    padded = ops.reshape(padded, (blocks, block_size, columns))
    if to_numpy:
        smallest, largest = ops.min(padded, axis=1), ops.max(padded, axis=1)
        scale = ops.divide(ops.add(ops.subtract(largest, smallest), epsilon), high - low)
        zero = ops.clip(ops.add(ops.round(ops.divide(ops.negative(smallest), scale)), low), low, high)
        zero = ops.cast(zero, "int8")
    else:
        bits = int(math.log2(high - low + 1))
        scale, zero, _ = compute_quantization_parameters(
            ops.transpose(inputs),
            bits=bits,
            per_channel=True,
            group_size=block_size,
            compute_dtype=source,
            epsilon=epsilon,
            signed=True,
        )
        scale, zero = ops.transpose(scale), ops.transpose(zero)
    rounded = ops.round(ops.divide(padded, ops.expand_dims(scale, 1)))
    values = ops.clip(ops.add(rounded, ops.cast(ops.expand_dims(zero, 1), dtype_of(rounded))), low, high)
    values = ops.reshape(ops.cast(values, dtype), (blocks * block_size, columns))[:rows]
    return values, ops.cast(scale, source), zero
