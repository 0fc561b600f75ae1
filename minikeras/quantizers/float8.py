"""Scales of float8 values, from the largest magnitudes of recent steps."""

from .. import ops
from ..engine.dtypes import dtype_of, limits_of
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike


@filtered
def compute_float8_scale(amax: TensorLike, scale: TensorLike, dtype_max: TensorLike, margin: int = 0) -> Tensor:
    """Returns the scale with which the largest magnitude just fits into a dtype.

    `amax * 2**margin / dtype_max`; the present scale if the magnitude is 0 or not finite

    Args:
        amax: The largest magnitude.
        scale: The present scale.
        dtype_max: The largest value of the dtype.
        margin: The number of powers of two that are left free.

    Source: https://keras.io/api/quantizers/, Micikevicius et al. 2022, https://arxiv.org/abs/2209.05433

    Example:
        >>> compute_float8_scale(896.0, 1.0, 448.0), compute_float8_scale(0.0, 3.0, 448.0)
        (array(2., dtype=float32), array(3., dtype=float32))
    """
    amax, present = ops.convert_to_tensor(amax), ops.reciprocal(scale)
    inverse = ops.divide(ops.divide(dtype_max, amax), 2**margin)
    usable = ops.logical_and(ops.greater(amax, 0.0), ops.isfinite(amax))
    return ops.reciprocal(ops.where(usable, inverse, present))


@filtered
def compute_float8_amax_history(x: TensorLike, amax_history: TensorLike) -> Tensor:
    """Returns the history of largest magnitudes with that of a new value, which takes the place of the oldest one.

    Args:
        x: The new value, of any shape.
        amax_history: The largest magnitudes of earlier values, shape (steps,); the last one is at index 0.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> compute_float8_amax_history([-4.0, 2.0], [3.0, 1.0, 2.0])
        array([4., 2., 3.], dtype=float32)
    """
    amax_history = ops.convert_to_tensor(amax_history)
    newest = ops.cast(ops.max(ops.abs(x)), dtype_of(amax_history))
    return ops.concatenate([ops.reshape(newest, (1,)), ops.roll(amax_history, -1)[1:]])


@filtered
def quantize_and_dequantize(inputs: TensorLike, scale: TensorLike, quantized_dtype: str, compute_dtype: str) -> Tensor:
    """Rounds values to those that a dtype such as float8 has for a scale.

    `scale * cast(clip(inputs / scale), quantized_dtype)`

    Args:
        inputs: The values.
        scale: The scale.
        quantized_dtype: The dtype of low precision, such as "float8_e4m3fn".
        compute_dtype: The dtype of the result.

    Raises:
        ImportError: If the package ml_dtypes is not installed.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> quantize_and_dequantize([1.03, 500.0], 1.0, "float8_e4m3fn", "float32")
        array([  1., 448.], dtype=float32)
    """
    largest = ops.cast(float(limits_of(quantized_dtype).max), compute_dtype)
    scale = ops.cast(scale, compute_dtype)
    rounded = ops.cast(ops.clip(ops.divide(inputs, scale), ops.negative(largest), largest), quantized_dtype)
    return ops.multiply(ops.cast(rounded, compute_dtype), scale)
