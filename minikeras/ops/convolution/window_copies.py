"""Copies of the windows of a block of examples.

The matrix of windows is a value of its own, so that a convolution and the gradient of its kernel share it. Both ways of
copying windows take few long runs of memory: with many channels a window's elements along the last spatial axis are one
run, with few channels an element of all windows in a row is.
"""

import math
import operator
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from ...engine.primitive import Primitive, Spec, copying
from ..common.sliding_windows import Pairs, Sizes, extent, window_counts, windows


def layout(counts: Sizes, phases: Sizes) -> Sizes:
    """Returns the axes of windows: their counts, or those of phases and of the windows in each."""
    if not phases:
        return counts
    return (math.prod(phases), *map(operator.floordiv, counts, phases))


def _counts(x: object, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> Sizes:
    return window_counts(x.shape[1:-1], size, strides, padding, dilation)


def _bind_windows(
    order: Callable, arrays: Sequence[np.ndarray], out: np.ndarray, phases: Sizes, **geometry: tuple
) -> Callable[[], object]:
    (x,) = arrays
    counts = _counts(x, **geometry)
    padded, inside = _padded(x, counts, **geometry)
    view = windows(padded, geometry["size"], counts, geometry["strides"], ((0, 0),) * len(counts), geometry["dilation"])
    view = order(view if not phases else _phased(view, phases), len(counts) * (2 if phases else 1))
    copy = copying(out.reshape(view.shape), view)
    if inside is None:
        return copy
    fill = copying(inside, x)

    def run() -> None:
        fill()
        copy()

    return run


def _phased(view: np.ndarray, phases: Sizes) -> np.ndarray:
    """Returns a view of windows, (batch, *counts, ...), as (batch, *phases, *counts, ...)."""
    rank = len(phases)
    counts = layout(view.shape[1 : rank + 1], phases)[1:]
    strides = view.strides[1 : rank + 1]
    return np.lib.stride_tricks.as_strided(
        view,
        (len(view), *phases, *counts, *view.shape[rank + 1 :]),
        (view.strides[0], *strides, *map(operator.mul, strides, phases), *view.strides[rank + 1 :]),
        writeable=False,
    )


def _padded(
    x: np.ndarray, counts: Sizes, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> tuple[np.ndarray, np.ndarray | None]:
    """Returns an array with zeros around a part that has to be filled with `x`, and this part; `x` without padding."""
    keys, lengths = [], []
    for length, width, count, stride, (before, _), step in zip(
        x.shape[1:-1], size, counts, strides, padding, dilation, strict=True
    ):
        end = (count - 1) * stride + extent(width, step)
        keys.append(slice(before, before + length))
        lengths.append(max(end, before + length))
    if tuple(lengths) == x.shape[1:-1]:
        return x, None
    padded = np.zeros((len(x), *lengths, x.shape[-1]), x.dtype)
    return padded, padded[(slice(None), *keys)]


def _by_window(view: np.ndarray, rank: int) -> np.ndarray:
    return view


def _by_element(view: np.ndarray, rank: int) -> np.ndarray:
    return view.transpose(*range(rank + 1, view.ndim), *range(rank + 1))


def _windows_rule(x: Spec, phases: Sizes, **geometry: tuple) -> tuple:
    number = math.prod(layout(_counts(x, **geometry), phases))
    return (x.shape[0] * number, math.prod(geometry["size"]) * x.shape[-1]), x.dtype


def _elements_rule(x: Spec, **geometry: tuple) -> tuple:
    return _windows_rule(x, **geometry)[0][::-1], x.dtype


def _bind_by_group(arrays: Sequence[np.ndarray], out: np.ndarray, groups: int, **geometry: tuple) -> Callable:
    def order(view: np.ndarray, rank: int) -> np.ndarray:
        view = view.reshape(*view.shape[:-1], groups, view.shape[-1] // groups)
        return np.moveaxis(view, -2, 0)

    return _bind_windows(order, arrays, out, **geometry)


def _groups_rule(x: Spec, groups: int, **geometry: tuple) -> tuple:
    (rows, width), dtype = _windows_rule(x, **geometry)
    return (groups, rows, width // groups), dtype


def _by_place(view: np.ndarray, rank: int) -> np.ndarray:
    return view.transpose(*range(rank + 1, view.ndim - 1), *range(rank + 1), view.ndim - 1)


def _tiles_rule(x: Spec, phases: Sizes, **geometry: tuple) -> tuple:
    shape = (*geometry["size"], x.shape[0], *_counts(x, **geometry), x.shape[-1])
    return shape, np.result_type(x.dtype, np.complex64)


_bind_by_window, _bind_by_element = partial(_bind_windows, _by_window), partial(_bind_windows, _by_element)
WINDOWS = Primitive.bound("windows", _bind_by_window, shape=_windows_rule, computes=False)
ELEMENTS = Primitive.bound("window_elements", _bind_by_element, shape=_elements_rule, computes=False)
GROUPS = Primitive.bound("windows_by_group", _bind_by_group, shape=_groups_rule, computes=False)
TILES = Primitive.bound("tiles", partial(_bind_windows, _by_place), shape=_tiles_rule, computes=False)
