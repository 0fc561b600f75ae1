"""Reductions and cumulative sums and products along axes."""

from typing import Any

from .. import ops
from ..tracebacks import filtered


@filtered
def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean over axes; booleans count as 0 and 1.

    Example:
        >>> print(mean([1.0, 2.0]))
        1.5
    """
    return ops.mean(x, _axes(axis), keepdims)


@filtered
def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum over axes.

    Example:
        >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
        array([4., 6.], dtype=float32)
    """
    return ops.sum(x, _axes(axis), keepdims)


@filtered
def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Product over axes.

    Example:
        >>> prod([[1.0, 2.0], [3.0, 4.0]], axis=0)
        array([3., 8.], dtype=float32)
    """
    return ops.prod(x, _axes(axis), keepdims)


@filtered
def max(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Maximum over axes.

    Example:
        >>> max([[1.0, 2.0], [3.0, 0.0]], axis=0)
        array([3., 2.], dtype=float32)
    """
    return ops.max(x, _axes(axis), keepdims)


@filtered
def min(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Minimum over axes.

    Example:
        >>> min([[1.0, 2.0], [3.0, 0.0]], axis=0)
        array([1., 0.], dtype=float32)
    """
    return ops.min(x, _axes(axis), keepdims)


@filtered
def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Standard deviation over axes.

    Example:
        >>> print(std([1.0, 5.0]))
        2.0
    """
    return ops.std(x, _axes(axis), keepdims)


@filtered
def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Variance over axes.

    Example:
        >>> print(var([1.0, 5.0]))
        4.0
    """
    return ops.var(x, _axes(axis), keepdims)


@filtered
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Log of the sum of exponentials over axes, computed stably.

    Example:
        >>> print(logsumexp([1000.0, 1000.0]).round(3))  # 1000 + log 2
        1000.693
    """
    return ops.logsumexp(x, _axes(axis), keepdims)


@filtered
def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns whether any element along axes is true.

    Example:
        >>> any([[True, False], [False, False]], axis=1)
        array([ True, False])
    """
    return ops.any(x, _axes(axis), keepdims)


@filtered
def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Returns whether all elements along axes are true.

    Example:
        >>> all([[True, False], [True, True]], axis=1)
        array([False,  True])
    """
    return ops.all(x, _axes(axis), keepdims)


@filtered
def argmax(x: Any, axis: int = -1) -> Any:
    """Indices of the maximum along an axis, as int64.

    Example:
        >>> argmax([[1.0, 3.0, 2.0]])
        array([1])
    """
    return ops.cast(ops.argmax(x, axis), "int64")


@filtered
def argmin(x: Any, axis: int = -1) -> Any:
    """Indices of the minimum along an axis, as int64.

    Example:
        >>> argmin([[1.0, 3.0, 0.0]])
        array([2])
    """
    return ops.cast(ops.argmin(x, axis), "int64")


@filtered
def cumsum(x: Any, axis: int = 0) -> Any:
    """Cumulative sum along an axis.

    Example:
        >>> cumsum([1.0, 2.0, 4.0])
        array([1., 3., 7.], dtype=float32)
    """
    return ops.cumsum(x, axis)


@filtered
def cumprod(x: Any, axis: int = 0) -> Any:
    """Cumulative product along an axis of known size.

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
