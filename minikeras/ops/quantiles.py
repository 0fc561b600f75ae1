"""Quantiles: order statistics, and interpolation between them. Percentiles and medians are among them."""

import math
from functools import lru_cache

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ShapeError, brief
from ..typing import Axis, Tensor, TensorLike
from .arithmetic import add, mod, multiply, subtract, true_divide
from .common.arguments import as_real, normalize_axes, static_shape
from .common.broadcasting import unbroadcast
from .comparison import equal
from .conversion import cast
from .extrema import clip
from .indexing import get_item
from .logic import isnan
from .reductions import mean, sum
from .selection import where
from .shaping import expand_dims, moveaxis, reshape

_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def _picked(rows: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    if ranks.ndim == 1:
        return rows.take(ranks, -1)
    size = rows.shape[-1]
    first = np.arange(0, rows.size, size).reshape(*rows.shape[:-1], 1)
    return rows.reshape(-1).take(first + ranks)


def _in_order(x: np.ndarray) -> np.ndarray:
    # NaNs are last. With the vector instructions of today this is faster than `np.partition`, but not if elements of a
    # row are apart.
    ordered = x.copy()
    ordered.sort(-1)
    return ordered


def _places(x: np.ndarray, ranks: np.ndarray, found: np.ndarray) -> list[np.ndarray]:
    """Returns where the elements of the given ranks are; of equal elements, the first has the lowest rank.

    They are searched, as a stable `argsort` takes fifty times as long as sorting.

    Args:
        x: Rows of n elements along the last axis.
        ranks: Shape (count,), or one for each row, shape (..., count).
        found: The elements of these ranks, shape (..., count).

    Returns:
        For each of the ranks, indices into the flattened `x`, one for each row.
    """
    has_nan = np.isnan(found).any()
    if has_nan:  # also where other elements are NaN
        found = _picked(_in_order(x), ranks)
    count, each = math.prod(x.shape[:-1]), found.shape[-1]  # -1 would not do for no rows
    rows, ranks = x.reshape(count, x.shape[-1]), np.broadcast_to(ranks, found.shape).reshape(count, each)
    places = []
    for rank, value in zip(ranks.T, found.reshape(count, each).T, strict=True):
        is_equal = rows == value[:, None]
        if has_nan:
            is_equal |= np.isnan(rows) & np.isnan(value)[:, None]
        flat = np.flatnonzero(is_equal)
        places.append(flat if len(flat) == count else _nth_equal(rows, rank, value, is_equal))
    return places


def _nth_equal(rows: np.ndarray, rank: np.ndarray, value: np.ndarray, is_equal: np.ndarray) -> np.ndarray:
    """Returns where, in the flattened rows, the elements are that have the given rank, of all that are equal."""
    is_below = np.where(np.isnan(value)[:, None], rows == rows, rows < value[:, None])
    number = rank - np.add.reduce(is_below, -1, np.intp)
    place = (np.add.accumulate(is_equal, -1, np.intp) > number[:, None]).argmax(-1)
    return np.arange(len(rows)) * rows.shape[-1] + place


def _order_statistics_kernel(x: np.ndarray, ranks: np.ndarray, omit_nan: bool) -> np.ndarray:
    ordered = _in_order(x)
    found = _picked(ordered, ranks)
    if not omit_nan and ordered.dtype.kind == "f":
        has_nan = np.isnan(ordered[..., -1])
        if np.count_nonzero(has_nan):
            found[has_nan] = np.nan
    return found


def _put_ranked_kernel(g: np.ndarray, x: np.ndarray, ranks: np.ndarray, found: np.ndarray) -> np.ndarray:
    out = np.zeros(x.size, g.dtype)
    for place, values in zip(_places(x, ranks, found), np.moveaxis(g, -1, 0), strict=True):
        out[place] += values.reshape(-1)
    return out.reshape(x.shape)


def _take_ranked_kernel(values: np.ndarray, x: np.ndarray, ranks: np.ndarray, found: np.ndarray) -> np.ndarray:
    flat = values.reshape(-1)
    return np.stack([flat[place] for place in _places(x, ranks, found)], -1).reshape(found.shape)


def _order_statistics_vjp(g: object, y: object, x: object, ranks: object, omit_nan: bool) -> object:
    # A quantile that is NaN, as some or all elements are, depends on no element.
    return apply(_PUT_RANKED, where(isnan(y), cast(0, dtype_of(g)), g), x, ranks, y)


_ORDER_STATISTICS = Primitive(
    "order_statistics",
    _order_statistics_kernel,
    shape=lambda x, ranks, omit_nan: ((*x.shape[:-1], ranks.shape[-1]), x.dtype),
    vjps=(_order_statistics_vjp, None),
)
# The gradient goes to the elements of the given ranks among those of `x`; its own gradient comes from there.
_PUT_RANKED = Primitive(
    "put_ranked",
    _put_ranked_kernel,
    shape=lambda g, x, ranks, found: (x.shape, g.dtype),
    vjps=(lambda g, y, put, x, ranks, found: apply(_TAKE_RANKED, g, x, ranks, found), None, None, None),
)
_TAKE_RANKED = Primitive(
    "take_ranked",
    _take_ranked_kernel,
    shape=lambda values, x, ranks, found: (found.shape, values.dtype),
    vjps=(lambda g, y, values, x, ranks, found: apply(_PUT_RANKED, g, x, ranks, found), None, None, None),
)


def _ranks_kernel(positions: np.ndarray, last: np.ndarray, method: str) -> np.ndarray:
    low, high = np.floor(positions), np.ceil(positions)
    if method == "nearest":
        ranks = np.where(positions - low <= 0.5, low, high)
    elif method in ("lower", "higher"):
        ranks = low if method == "lower" else high
    else:
        ranks = np.concatenate((low, high), -1)
    return np.minimum(np.maximum(ranks, 0), last).astype(np.int32)


def _ranks_rule(positions: Spec, last: Spec, method: str) -> tuple:
    *rows, count = positions.shape
    return (*rows, 2 * count if count is not None and method in ("linear", "midpoint") else count), "int32"


def _lerp_kernel(below: np.ndarray, above: np.ndarray, share: np.ndarray) -> np.ndarray:
    result = below * (1 - share) + above * share
    np.copyto(result, below, where=share == 0)  # infinity times 0 would be NaN
    return result


def _lerp_share_vjp(g: object, y: object, below: object, above: object, share: object) -> object:
    slope = multiply(g, subtract(above, below))
    return unbroadcast(where(equal(share, 0), cast(0, dtype_of(g)), slope), share)


_RANKS = Primitive("ranks", _ranks_kernel, shape=_ranks_rule)
_LERP = Primitive(
    "lerp",
    _lerp_kernel,
    shape=lambda below, above, share: (below.shape, below.dtype),
    vjps=(
        lambda g, y, below, above, share: multiply(g, subtract(1, share)),
        lambda g, y, below, above, share: multiply(g, share),
        _lerp_share_vjp,
    ),
)


def _in_rows(x: Tensor, axes: tuple, where_: str) -> Tensor:
    """Returns a tensor whose last axis holds the elements along the given axes."""
    sizes = static_shape(x)
    if 0 in [sizes[axis] for axis in axes]:
        raise ShapeError(f"`{where_}` of no elements is not defined. Received: shape {sizes}, axes {axes}")
    if len(axes) == 1:
        return x if axes[0] == len(sizes) - 1 else moveaxis(x, axes[0], -1)
    moved = moveaxis(x, axes, tuple(range(-len(axes), 0))) if axes else x
    kept = [size for axis, size in enumerate(sizes) if axis not in axes]
    count = None if None in [sizes[axis] for axis in axes] else math.prod(sizes[axis] for axis in axes)
    target = [*kept, count]
    if target.count(None) == 1:
        target[target.index(None)] = -1
    return reshape(moved, tuple(target))


def _interpolated(rows: Tensor, positions: Tensor, last: object, method: str, omit_nan: bool) -> Tensor:
    """Returns the values at positions between 0 and `last` among the elements of each row in ascending order."""
    ranks = apply(_RANKS, positions, last, method=method)
    found = apply(_ORDER_STATISTICS, rows, ranks, omit_nan=omit_nan)
    if method not in ("linear", "midpoint"):
        return found
    count = static_shape(positions)[-1]
    below, above = get_item(found, (..., slice(0, count))), get_item(found, (..., slice(count, None)))
    if method == "midpoint":
        return multiply(add(below, above), 0.5)
    return apply(_LERP, below, above, cast(mod(positions, 1), dtype_of(rows)))


def _quantile(
    name: str, x: TensorLike, q: TensorLike, axis: Axis, method: str, keepdims: bool, one: int, omit_nan: bool
) -> Tensor:
    """Computes quantiles, where `one` is the value of `q` that stands for the maximum."""
    if method not in _METHODS:
        expected = ", ".join(map(repr, _METHODS))
        raise ArgumentError(f"`{name}` expects one of {expected} as `method`. Received: method={brief(method)}")
    x = as_real(x, name)
    # Positions are not rounded to float16, which cannot count further than 2048.
    kind = "float64" if dtype_of(x) == "float64" else "float32"
    is_known = isinstance(q, (float, int, np.number)) or (type(q) is list and all(type(each) is float for each in q))
    q = np.asarray(q, kind) if is_known else cast(q, kind)
    if len(static_shape(q)) > 1:
        raise ShapeError(f"`{name}` expects `q` to have one axis at most. Received: q of shape {static_shape(q)}")
    if isinstance(q, np.ndarray) and not all(0 <= each <= one for each in q.reshape(-1).tolist()):
        raise ArgumentError(f"`{name}` expects `q` from 0 to {one}. Received: q={brief(q.tolist())}")
    if one != 1:
        q = true_divide(q, one)
    axes = normalize_axes(axis, len(static_shape(x)))
    rows = _in_rows(x, axes, name)
    last = static_shape(rows)[-1] - 1
    if omit_nan:
        missing = sum(cast(isnan(rows), "int32"), -1, keepdims=True)
        last = cast(clip(subtract(last, missing), 0, last), dtype_of(q))
    line = q if static_shape(q) else expand_dims(q, 0)
    found = _interpolated(rows, multiply(line, last), last, method, omit_nan)
    found = moveaxis(found, -1, 0) if static_shape(q) else get_item(found, (..., 0))
    if keepdims and axes:
        found = expand_dims(found, tuple(axis + len(static_shape(q)) for axis in axes))
    return found


@specialized
@op("numpy.Quantile", settings="axis method keepdims")
def quantile(x: TensorLike, q: TensorLike, axis: Axis = None, method: str = "linear", keepdims: bool = False) -> Tensor:
    """Returns quantiles along the given axes, by default along all.

    Of n elements in ascending order, the quantile is the one at position `q (n - 1)`, counted from 0.

    Args:
        x: Input tensor, of any shape.
        q: The quantile, a number from 0 to 1, or several in a vector.
        axis: Axis or axes to reduce; None reduces all of them.
        method: What to do between the positions of two elements: "linear" interpolates, "lower" and "higher" take one
            of them, "midpoint" takes their mean, "nearest" the nearer one, in the middle the lower.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The quantiles; for a vector `q`, they are along a new first axis. NaN where an element is NaN.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ArgumentError: If `q` is out of range, or the method is unknown.
        ShapeError: If there are no elements, or `q` has several axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> quantile([4.0, 1.0, 2.0, 3.0], [0.0, 0.5, 0.75])
        array([1.  , 2.5 , 3.25], dtype=float32)
    """
    return _quantile("quantile", x, q, axis, method, keepdims, one=1, omit_nan=False)


@specialized
@op("numpy.Percentile", settings="axis method keepdims")
def percentile(
    x: TensorLike, q: TensorLike, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns percentiles along the given axes, by default along all: quantiles for `q` from 0 to 100.

    Args:
        x: Input tensor, of any shape.
        q: The percentile, a number from 0 to 100, or several in a vector.
        axis: Axis or axes to reduce; None reduces all of them.
        method: The interpolation; see `quantile`.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The percentiles; for a vector `q`, they are along a new first axis. NaN where an element is NaN.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ArgumentError: If `q` is out of range, or the method is unknown.
        ShapeError: If there are no elements, or `q` has several axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(percentile([4.0, 1.0, 2.0, 3.0], 75))
        3.25
    """
    return _quantile("percentile", x, q, axis, method, keepdims, one=100, omit_nan=False)


@specialized
@op("numpy.Nanquantile", settings="axis method keepdims")
def nanquantile(
    x: TensorLike, q: TensorLike, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns quantiles along the given axes, by default along all, ignoring NaNs.

    Args:
        x: Input tensor, of any shape.
        q: The quantile, a number from 0 to 1, or several in a vector.
        axis: Axis or axes to reduce; None reduces all of them.
        method: The interpolation; see `quantile`.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The quantiles; for a vector `q`, they are along a new first axis. NaN where all elements are NaN.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ArgumentError: If `q` is out of range, or the method is unknown.
        ShapeError: If there are no elements, or `q` has several axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanquantile([4.0, float("nan"), 2.0], 0.5))
        3.0
    """
    return _quantile("nanquantile", x, q, axis, method, keepdims, one=1, omit_nan=True)


@specialized
@op("numpy.Nanpercentile", settings="axis method keepdims")
def nanpercentile(
    x: TensorLike, q: TensorLike, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns percentiles along the given axes, by default along all, ignoring NaNs.

    Args:
        x: Input tensor, of any shape.
        q: The percentile, a number from 0 to 100, or several in a vector.
        axis: Axis or axes to reduce; None reduces all of them.
        method: The interpolation; see `quantile`.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The percentiles; for a vector `q`, they are along a new first axis. NaN where all elements are NaN.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ArgumentError: If `q` is out of range, or the method is unknown.
        ShapeError: If there are no elements, or `q` has several axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanpercentile([4.0, float("nan"), 2.0], 50))
        3.0
    """
    return _quantile("nanpercentile", x, q, axis, method, keepdims, one=100, omit_nan=True)


@lru_cache(maxsize=64)
def _middle(size: int) -> np.ndarray:
    """Returns the ranks of the middle, which are known exactly: positions in float32 are rounded beyond 2^24."""
    ranks = np.array([(size - 1) // 2, size // 2], np.int32)
    ranks.flags.writeable = False  # all calls share them
    return ranks


@specialized
@op("numpy.Median", settings="axis keepdims")
def median(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the median along the given axes, by default along all; of an even number, the mean of the middle two.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The medians, NaN where an element is NaN.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ShapeError: If there are no elements.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(median([4.0, 1.0, 2.0, 3.0]))
        2.5
    """
    x = as_real(x, "median")
    axes = normalize_axes(axis, len(static_shape(x)))
    rows = _in_rows(x, axes, "median")
    ranks = _middle(static_shape(rows)[-1] or 1)  # symbolic: only the shape matters
    found = mean(apply(_ORDER_STATISTICS, rows, ranks, omit_nan=False), -1)
    return expand_dims(found, axes) if keepdims and axes else found


@specialized
@op("numpy.Nanmedian", settings="axis keepdims")
def nanmedian(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the median along the given axes, by default along all, ignoring NaNs.

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes to reduce; None reduces all of them.
        keepdims: Whether to keep the reduced axes, with size 1.

    Returns:
        The medians, NaN where all elements are NaN.

    Raises:
        ArgumentTypeError: If `x` is complex.
        ShapeError: If there are no elements.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nanmedian([4.0, float("nan"), 1.0, 3.0]))
        3.0
    """
    return _quantile("nanmedian", x, 0.5, axis, "midpoint", keepdims, one=1, omit_nan=True)
