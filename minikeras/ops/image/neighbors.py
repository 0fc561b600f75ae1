"""The elements next to fractional coordinates: where they are in an array, and with which weights they count.

All axes and both neighbors along each are computed by the same calls of numpy, since those take longer than the
arithmetic where points are few.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

FILL_MODES = ("constant", "mirror", "nearest", "reflect", "wrap")
_SHIFTS = np.arange(2)[:, None, None]
_FAR = 2.0**40  # beyond any array; larger coordinates do not fit in an int64


def half_away(x: np.ndarray) -> np.ndarray:
    """Rounds to the nearest integer, halves away from zero.

    Example:
        >>> half_away(np.float32([0.5, -0.5, 1.49, 0.49999997]))
        array([ 1., -1.,  1.,  0.], dtype=float32)
    """
    shifted = np.copysign(_below_half(x.dtype), x)
    np.add(shifted, x, shifted)
    return np.trunc(shifted, shifted)


@cache
def _below_half(dtype: np.dtype) -> np.floating:
    """Returns the largest number below 1/2: the sum of 1/2 itself and that number would be rounded to 1."""
    return np.nextafter(dtype.type(0.5), dtype.type(0))


class _Grid(NamedTuple):
    """The numbers of each axis of an array, as columns."""

    low: np.ndarray  # the limits to which whole coordinates are clipped
    high: np.ndarray
    last: np.ndarray  # the last index; of "reflect", that of an array followed by its mirror image
    span: np.ndarray  # whole coordinates from -span to twice the span less 2 are folded without a division
    period: np.ndarray
    stride: np.ndarray  # in elements; of all axes but the last, whose stride is 1


@lru_cache(maxsize=64)
def _grid(sizes: tuple[int, ...], order: int, mode: str, dtype: np.dtype) -> _Grid:
    size = np.array(sizes, "int64")[:, None]
    low, high = {"nearest": (-order, size - 1), "constant": (-2, size)}.get(mode, (-_FAR, _FAR))
    span = size - 1 if mode == "mirror" else size
    stride = np.cumprod(size[:0:-1, 0])[::-1, None]
    return _Grid(
        np.full(size.shape, low, dtype),
        np.broadcast_to(high, size.shape).astype(dtype),
        {"mirror": np.maximum(2 * span, 1), "reflect": 2 * span - 1}.get(mode, size - 1),
        span,
        np.maximum(span if mode == "wrap" else 2 * span, 1),
        stride,
    )


def _is_close(below: np.ndarray, grid: _Grid) -> bool:
    """Tells whether coordinates are inside the array or the copies next to it; False if one is undefined."""
    least, most = np.minimum.reduce(below, 1).tolist(), np.maximum.reduce(below, 1).tolist()
    spans = grid.span[:, 0].tolist()
    return all(-span <= low and high <= 2 * span - 2 for low, high, span in zip(least, most, spans, strict=True))


def _whole(below: np.ndarray, mode: str, grid: _Grid) -> np.ndarray:
    """Returns rounded coordinates as integers: clipped, or in a period of a continued array."""
    is_continued = mode not in ("constant", "nearest")
    if is_continued and below.shape[1] and _is_close(below, grid):
        return below.astype("int64")
    # Undefined coordinates may be anywhere: the weights are undefined, too.
    whole = np.fmin(np.fmax(below, grid.low), grid.high).astype("int64")
    if is_continued:
        whole += grid.span
        np.remainder(whole, grid.period, whole)
        whole -= grid.span
    return whole


def _fold(index: np.ndarray, mode: str, grid: _Grid) -> None:
    """Replaces indices next to an array by those of the elements with which it is continued."""
    if mode == "nearest":
        np.maximum(index, 0, out=index)
        np.minimum(index, grid.last, out=index)
    elif mode == "mirror":
        np.absolute(index, index)
        np.minimum(index, grid.last - index, out=index)
    elif mode == "reflect":
        np.maximum(index, ~index, out=index)
        np.minimum(index, grid.last - index, out=index)
    elif mode == "wrap":
        # As unsigned numbers, those below 0 are the largest: the smallest of the three is the one inside.
        unsigned, period = index.view("uint64"), grid.period.view("uint64")
        np.minimum(unsigned, unsigned + period, out=unsigned)
        np.minimum(unsigned, unsigned - period, out=unsigned)


def combined(combine: np.ufunc, parts: np.ndarray) -> np.ndarray:
    """Combines numbers of neighbors along each axis into those of elements.

    Args:
        combine: What is done with the numbers of two axes.
        parts: Shape (neighbors, axes, points).

    Returns:
        Shape (neighbors, ..., neighbors, points), with an axis of neighbors for each axis.

    Example:
        >>> combined(np.add, np.array([[[0], [10]], [[1], [11]]]))[..., 0]
        array([[10, 11],
               [11, 12]])
    """
    count = parts.shape[1]
    result = parts[:, 0]
    for axis in range(1, count):
        result = combine(result[..., None, :], parts[:, axis])
    return result


class Neighbors(NamedTuple):
    """The elements around points, in arrays with an axis of size 1 (the nearest) or 2 for each axis of the array.

    Args:
        offsets: Shape (..., points): their distances from the first element.
        is_outside: Whether they are outside of the array, in the same shape; None if they count as inside.
        weights: Shape (2, axes, points): the weights of both neighbors along each axis; None if there is only one.
    """

    offsets: np.ndarray
    is_outside: np.ndarray | None
    weights: np.ndarray | None


def neighbors(places: np.ndarray, sizes: Sequence[int], order: int, mode: str, slopes: Sequence[int] = ()) -> Neighbors:
    """Returns the elements with which an array is interpolated.

    Args:
        places: The coordinates, shape (axes, points).
        sizes: The sizes of the array.
        order: 0 for the nearest element, 1 for the two around it along each axis.
        mode: One of `FILL_MODES`.
        slopes: The axes for which the weights are replaced by their derivatives.

    Example:
        >>> found = neighbors(np.float32([[0.25, 1.5]]), (2,), 1, "constant")
        >>> found.offsets.tolist(), found.is_outside.tolist()
        ([[0, 1], [1, 2]], [[False, False], [False, True]])
        >>> found.weights[:, 0].tolist()
        [[0.75, 0.5], [0.25, 0.5]]
    """
    if places.dtype.itemsize < 4:
        places = places.astype("float32")  # sizes above 2048 are no numbers of float16
    grid = _grid(tuple(sizes), order, mode, places.dtype)
    below = np.floor(places) if order else half_away(places)
    weights = None
    if order:
        weights = np.empty((2, *places.shape), places.dtype)
        np.subtract(places, below, weights[1])
        np.subtract(1, weights[1], weights[0])
        for axis in slopes:
            weights[0, axis], weights[1, axis] = -1, 1
    whole = _whole(below, mode, grid)
    index = whole + _SHIFTS if order else whole[None]
    is_outside = None
    if mode == "constant":
        is_outside = combined(np.logical_or, index.view("uint64") > grid.last.view("uint64"))
    if order or mode != "nearest":  # of which the nearest elements have been clipped
        _fold(index, mode, grid)
    if len(sizes) > 1:
        outer = index[:, :-1]
        np.multiply(outer, grid.stride, outer)
    return Neighbors(combined(np.add, index), is_outside, weights)
