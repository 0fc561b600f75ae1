"""Reductions and cumulative results that ignore NaNs; the quantiles among them are in `quantiles`."""

from collections.abc import Callable

from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..typing import Axis, DTypeLike, Tensor, TensorLike
from .arithmetic import subtract, true_divide
from .common.arguments import as_float, as_value
from .conversion import cast
from .cumulative import cumprod, cumsum
from .exponents import sqrt, square
from .logic import isnan, logical_not
from .reductions import all, max, min, prod, sum
from .searching import argmax, argmin
from .selection import where


def _filled(x: TensorLike, value: float) -> Tensor:
    """Returns a tensor with a value in place of NaNs."""
    x = as_value(x)
    return where(isnan(x), cast(value, dtype_of(x)), x) if "float" in dtype_of(x) else x


def _known(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    """Counts the elements that are not NaN."""
    return sum(cast(logical_not(isnan(x)), dtype_of(x)), axis, keepdims)


@op("numpy.Nansum", settings="axis keepdims")
def nansum(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Sums the elements along the given axes, by default along all, ignoring NaNs; 0 where all are NaN.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nansum([1.0, float("nan"), 2.0]))
        3.0
    """
    return sum(_filled(x, 0), axis, keepdims)


@op("numpy.Nanprod", settings="axis keepdims")
def nanprod(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the product of elements along the given axes, by default along all, ignoring NaNs; 1 where all are NaN.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanprod([2.0, float("nan"), 3.0]))
        6.0
    """
    return prod(_filled(x, 1), axis, keepdims)


@op("numpy.Nanmax", settings="axis keepdims")
def nanmax(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the maximum along the given axes, by default along all, ignoring NaNs; NaN where all are NaN.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Raises:
        ShapeError: If there are no elements.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanmax([1.0, float("nan"), 2.0]))
        2.0
    """
    return _extreme(max, float("-inf"), x, axis, keepdims)


@op("numpy.Nanmin", settings="axis keepdims")
def nanmin(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the minimum along the given axes, by default along all, ignoring NaNs; NaN where all are NaN.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Raises:
        ShapeError: If there are no elements.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanmin([1.0, float("nan"), 2.0]))
        1.0
    """
    return _extreme(min, float("inf"), x, axis, keepdims)


def _extreme(reduce: Callable, never: float, x: TensorLike, axis: Axis, keepdims: bool) -> Tensor:
    x = as_value(x)
    found = reduce(_filled(x, never), axis, keepdims)
    if "float" not in dtype_of(x):
        return found
    return where(all(isnan(x), axis, keepdims), cast(float("nan"), dtype_of(x)), found)


@op("numpy.Nanmean", settings="axis keepdims")
def nanmean(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the mean along the given axes, by default along all, ignoring NaNs; NaN where all are NaN.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanmean([1.0, float("nan"), 2.0]))
        1.5
    """
    x = as_float(x)
    return true_divide(sum(_filled(x, 0), axis, keepdims), _known(x, axis, keepdims))


@op("numpy.Nanvar", settings="axis keepdims")
def nanvar(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the variance along the given axes, by default along all, ignoring NaNs; NaN where all are NaN.

    `nanmean((x - nanmean(x))^2)`

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanvar([1.0, float("nan"), 3.0]))
        1.0
    """
    x = as_float(x)
    # NaNs are filled before the square, so that no gradient is NaN because of them.
    away = where(isnan(x), cast(0, dtype_of(x)), subtract(x, nanmean(x, axis, keepdims=True)))
    return true_divide(sum(square(away), axis, keepdims), _known(x, axis, keepdims))


@op("numpy.Nanstd", settings="axis keepdims")
def nanstd(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the standard deviation along the given axes, by default along all, ignoring NaNs.

    `nanvar(x)^(1/2)`

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The standard deviations, NaN where all elements are NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanstd([1.0, float("nan"), 3.0]))
        1.0
    """
    return sqrt(nanvar(x, axis, keepdims))


@op("numpy.Nanargmax", settings="axis keepdims")
def nanargmax(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Returns the index of the maximum along an axis, ignoring NaNs; of equal elements, the first.

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        keepdims: Whether to keep the reduced axis, with size 1.

    Returns:
        The indices, -1 where all elements are NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanargmax([1.0, float("nan"), 2.0]))
        2
    """
    return _find(argmax, float("-inf"), x, axis, keepdims)


@op("numpy.Nanargmin", settings="axis keepdims")
def nanargmin(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Returns the index of the minimum along an axis, ignoring NaNs; of equal elements, the first.

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        keepdims: Whether to keep the reduced axis, with size 1.

    Returns:
        The indices, -1 where all elements are NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanargmin([1.0, float("nan"), 2.0]))
        0
    """
    return _find(argmin, float("inf"), x, axis, keepdims)


def _find(find: Callable, never: float, x: TensorLike, axis: int | None, keepdims: bool) -> Tensor:
    x = as_value(x)
    found = find(_filled(x, never), axis, keepdims)
    if "float" not in dtype_of(x):
        return found
    return where(all(isnan(x), axis, keepdims), cast(-1, "int32"), found)


@op("numpy.Nancumsum", settings="axis dtype")
def nancumsum(x: TensorLike, axis: int | None = None, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the cumulative sum along an axis, with 0 in place of NaNs.

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        dtype: The dtype of the sums; by default that of the input, int32 for booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> nancumsum([1.0, float("nan"), 3.0])
        array([1., 1., 4.], dtype=float32)
    """
    return cumsum(_filled(x, 0), axis, dtype)


@op("numpy.Nancumprod", settings="axis dtype")
def nancumprod(x: TensorLike, axis: int | None = None, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the cumulative product along an axis, with 1 in place of NaNs.

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        dtype: The dtype of the products; by default that of the input, int32 for booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> nancumprod([2.0, float("nan"), 3.0])
        array([2., 2., 6.], dtype=float32)
    """
    return cumprod(_filled(x, 1), axis, dtype)
