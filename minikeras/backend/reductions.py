"""Sums, means and places over axes."""

from typing import Any

from .. import ops
from ..tracebacks import filtered

__all__ = [
    "all",
    "any",
    "argmax",
    "argmin",
    "cumprod",
    "cumsum",
    "logsumexp",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
]


@filtered
def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the mean; booleans count as 0 and 1.

    Example:
        >>> print(mean([1.0, 2.0]))
        1.5
    """
    return ops.mean(x, _axes(axis), keepdims)


@filtered
def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the sum."""
    return ops.sum(x, _axes(axis), keepdims)


@filtered
def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the product."""
    return ops.prod(x, _axes(axis), keepdims)


@filtered
def max(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the greatest value."""
    return ops.max(x, _axes(axis), keepdims)


@filtered
def min(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the smallest value."""
    return ops.min(x, _axes(axis), keepdims)


@filtered
def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the standard deviation."""
    return ops.std(x, _axes(axis), keepdims)


@filtered
def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the variance."""
    return ops.var(x, _axes(axis), keepdims)


@filtered
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns the logarithm of the sum of the exponentials."""
    return ops.logsumexp(x, _axes(axis), keepdims)


@filtered
def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Tells whether one of the values is true."""
    return ops.any(x, _axes(axis), keepdims)


@filtered
def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Tells whether all of the values are true."""
    return ops.all(x, _axes(axis), keepdims)


@filtered
def argmax(x: Any, axis: int = -1) -> Any:
    """Returns the places of the greatest values along an axis, as int64."""
    return ops.cast(ops.argmax(x, axis), "int64")


@filtered
def argmin(x: Any, axis: int = -1) -> Any:
    """Returns the places of the smallest values along an axis, as int64."""
    return ops.cast(ops.argmin(x, axis), "int64")


@filtered
def cumsum(x: Any, axis: int = 0) -> Any:
    """Returns the sums of the values up to each place along an axis."""
    return ops.cumsum(x, axis)


@filtered
def cumprod(x: Any, axis: int = 0) -> Any:
    """Returns the products of the values up to each place along an axis, a size that is known.

    Example:
        >>> cumprod([1.0, 2.0, 4.0])
        array([1., 2., 8.], dtype=float32)
    """
    parts = ops.unstack(x, axis=axis)
    products = parts[:1]
    for part in parts[1:]:
        products.append(ops.multiply(products[-1], part))
    return ops.stack(products, axis)


def _axes(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis
