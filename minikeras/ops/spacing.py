"""Values evenly spaced on a logarithmic scale; on a linear one, see `linspace` in `creation`."""

import numpy as np

from ..engine.dtypes import dtype_of, is_float, standardize_dtype
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .arithmetic import multiply
from .common.arguments import as_size, as_value, promoted
from .comparison import less
from .conversion import cast
from .creation import linspace
from .exponents import log10, power
from .logic import logical_and
from .selection import where
from .shaping import expand_dims, moveaxis


def _bounds(start: TensorLike, stop: TensorLike, dtype: DTypeLike | None) -> tuple[Tensor, Tensor, str]:
    """Returns the bounds in the dtype to compute in, and that of the result."""
    dtype = None if dtype is None else standardize_dtype(dtype)
    numbers = [each for each in (start, stop) if not hasattr(each, "dtype")]
    usual = standardize_dtype(None) if len(numbers) == 2 else None
    # Rounded to float32 first, 100 may become the integer 99.
    if usual or dtype == "float64" or (dtype is not None and not is_float(dtype)):
        start, stop = cast(start, "float64"), cast(stop, "float64")
    start, stop = promoted(start, stop, to_float=True)
    return as_value(start), as_value(stop), dtype or usual or dtype_of(start)


def _are_numbers(start: TensorLike, stop: TensorLike) -> bool:
    """Returns whether the bounds are numbers of Python, which become arrays, as there are recipes for these alone."""
    return type(start) in (int, float) and type(stop) in (int, float)


def _count(num: int, where_: str) -> int:
    count = as_size(num, where_, "num")
    if count < 0:
        raise ArgumentError(f"`{where_}` expects a non-negative `num`. Received: num={brief(num)}")
    return count


@specialized
@op("numpy.Logspace", settings="num endpoint base dtype axis")
def logspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    base: TensorLike = 10,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Tensor:
    """Returns powers with evenly spaced exponents.

    Args:
        start: The exponent of the first value; a number or a tensor.
        stop: The exponent of the last value; a number or a tensor.
        num: The number of values.
        endpoint: Whether to include the last value.
        base: The base of the powers.
        dtype: The dtype of the result; by default that of the exponents, or `floatx` if they are integers.
        axis: The axis of the result along which the values are stored.

    Raises:
        ArgumentError: If `num` is negative.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> logspace(0.0, 3.0, 4, base=2)
        array([1., 2., 4., 8.], dtype=float32)
    """
    if _are_numbers(start, stop):
        start, stop = np.asarray(start, np.float64), np.asarray(stop, np.float64)
        return logspace(start, stop, num, endpoint, base, standardize_dtype(dtype), axis)
    count = _count(num, "logspace")
    start, stop, dtype = _bounds(start, stop, dtype)
    exponents = linspace(start, stop, count, endpoint, axis=axis)
    return cast(power(base, exponents), dtype)


@specialized
@op("numpy.Geomspace", settings="num endpoint dtype axis")
def geomspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Tensor:
    """Returns a geometric progression: each value is a constant times the one before.

    Args:
        start: The first value; a number or a tensor.
        stop: The last value, of the same sign; a number or a tensor.
        num: The number of values.
        endpoint: Whether to include `stop`.
        dtype: The dtype of the result; by default that of the bounds, or `floatx` if they are integers.
        axis: The axis of the result along which the values are stored.

    Returns:
        The values; NaN between bounds of different signs.

    Raises:
        ArgumentError: If `num` is negative.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> geomspace(1.0, 8.0, 4)
        array([1., 2., 4., 8.], dtype=float32)
    """
    if _are_numbers(start, stop):
        start, stop = np.asarray(start, np.float64), np.asarray(stop, np.float64)
        return geomspace(start, stop, num, endpoint, standardize_dtype(dtype), axis)
    count = _count(num, "geomspace")
    start, stop, dtype = _bounds(start, stop, dtype)
    sign = where(logical_and(less(start, 0), less(stop, 0)), cast(-1, dtype_of(start)), cast(1, dtype_of(start)))
    exponents = linspace(log10(multiply(sign, start)), log10(multiply(sign, stop)), count, endpoint, axis=-1)
    values = multiply(expand_dims(sign, -1), power(10, exponents))
    # The bounds themselves are not rounded.
    values = where(np.arange(count) == 0, expand_dims(start, -1), values)
    if endpoint and count > 1:
        values = where(np.arange(count) == count - 1, expand_dims(stop, -1), values)
    return cast(moveaxis(values, -1, axis), dtype)
