"""How a plan computes the convolution of a block of examples: copies of windows, and matrix products.

The matrix of windows is a value of its own, so that a convolution and the gradient of its kernel share it. Both ways of
copying windows take few long runs of memory: with many channels a window's elements along the last spatial axis are one
run, with few channels an element of all windows in a row is.

Large kernels are not transformed to frequencies. With 32 channels and filters and 8 images of 64 x 64 that would take
1.2 times as long as products for 7 x 7 elements, half as long for 11 x 11 and a quarter for 15 x 15; but a NaN or
infinity would spread over its whole image, and small outputs would lose digits next to large ones.
"""

import math
import operator
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from ...engine.primitive import Primitive, Spec, copying
from ...typing import Tensor
from ..common.sliding_windows import Pairs, Sizes, extent, taps, window_counts, windows
from ..common.strided_calls import run_strided
from .block_ops import apply, matmul, reshape, transpose
from .depthwise import depthwise_conv, depthwise_input, depthwise_kernel, is_depthwise

_RUN = 16  # elements: shorter runs of a window are copied element by element of all windows
_MORE = 16  # filters: products with more of them, for windows at the edge, take longer than adding parts that overlap


def lowered_conv(x: Tensor, kernel: Tensor, groups: int, phases: Sizes = (), **geometry: tuple) -> Tensor:
    """Returns `CONV` of a block of examples."""
    if is_depthwise(kernel, groups) and not phases:
        return depthwise_conv(x, kernel, **geometry)
    *size, each, filters = kernel.shape
    counts = (x.shape[0], *_layout(_counts(x, size=tuple(size), **geometry), phases))
    kernel = reshape(kernel, (math.prod(size) * each, filters))
    if groups == 1:
        return reshape(matmul(_columns(x, phases, size=tuple(size), **geometry), kernel), (*counts, filters))
    columns = apply(_GROUPS, x, groups=groups, phases=phases, size=tuple(size), **geometry)
    y = matmul(columns, _by_group(kernel, groups))
    return reshape(transpose(y, (1, 0, 2)), (*counts, filters))


def lowered_kernel(x: Tensor, g: Tensor, groups: int, phases: Sizes = (), **geometry: tuple) -> Tensor:
    """Returns `CONV_KERNEL` of a block of examples."""
    size, channels, filters = geometry["size"], x.shape[-1], g.shape[-1]
    if groups == channels > 1 and not phases:
        return depthwise_kernel(x, g, **geometry)
    elements, each, rows = math.prod(size), channels // groups, math.prod(g.shape[:-1])
    if not phases and _gathers(x.shape[1:-1], channels, filters, groups, **geometry):
        columns = _columns(g, (), **_mirrored(**geometry))
        y = matmul(transpose(reshape(x, (math.prod(x.shape[:-1]), channels))), columns)
        y = reshape(y, (channels, elements, filters))[:, ::-1]
        return reshape(transpose(y, (1, 0, 2)), (*size, channels, filters))
    g = reshape(g, (rows, filters))
    if groups == 1:
        return reshape(matmul(transpose(_columns(x, phases, **geometry)), g), (*size, channels, filters))
    columns = apply(_GROUPS, x, groups=groups, phases=phases, **geometry)
    y = matmul(transpose(columns, (0, 2, 1)), _by_group(g, groups))
    return reshape(transpose(y, (1, 0, 2)), (*size, each, filters))


def lowered_input(
    g: Tensor, kernel: Tensor, sizes: Sizes, groups: int, phases: Sizes = (), **geometry: tuple
) -> Tensor:
    """Returns `CONV_INPUT` of a block of examples."""
    if is_depthwise(kernel, groups) and not phases:
        return depthwise_input(g, kernel, sizes, groups=groups, **geometry)
    *size, each, filters = kernel.shape
    size, elements = tuple(size), math.prod(size)
    result = (g.shape[0], *sizes, each * groups)
    kernel = reshape(kernel, (elements, each, filters))
    mirrored = _mirrored(size=size, **geometry)
    if groups > 1 and not phases and set(mirrored["strides"]) == {1} and min(map(min, mirrored["padding"])) >= 0:
        kernel = transpose(reshape(kernel[::-1], (elements, each, groups, filters // groups)), (0, 3, 2, 1))
        del mirrored["size"]
        return lowered_conv(g, reshape(kernel, (*size, filters // groups, each * groups)), groups, **mirrored)
    if not phases and _gathers(sizes, each, filters, groups, size=size, **geometry):
        columns = _columns(g, (), **mirrored)
        kernel = transpose(kernel[::-1], (0, 2, 1))
        return reshape(matmul(columns, reshape(kernel, (elements * filters, each))), result)
    if groups == 1 and not phases:
        gathered = _by_remainder(g, kernel, sizes, size, **geometry)
        if gathered is not None:
            return gathered
    if phases:
        g = reshape(_interleaved(g, phases), (g.shape[0], *map(operator.mul, g.shape[2:-1], phases), filters))
    counts, rows = g.shape[:-1], reshape(g, (math.prod(g.shape[:-1]), filters))
    if groups > 1:
        kernel = transpose(reshape(kernel, (elements, each, groups, filters // groups)), (0, 2, 3, 1))
        parts = transpose(matmul(_by_group(rows, groups), kernel), (0, 2, 1, 3))
    elif _is_product(size, **geometry):
        return reshape(matmul(rows, transpose(reshape(kernel, (each, filters)))), result)
    else:
        parts = matmul(rows, transpose(kernel, (0, 2, 1)))
    parts = reshape(parts, (elements, *counts, each * groups))
    return apply(_OVERLAPPED, parts, sizes=sizes, size=size, **geometry)


def _by_group(rows: Tensor, groups: int) -> Tensor:
    """Returns a matrix with the columns of each group as a matrix of its own."""
    count, width = rows.shape
    return transpose(reshape(rows, (count, groups, width // groups)), (1, 0, 2))


def _by_remainder(
    g: Tensor, kernel: Tensor, sizes: Sizes, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> Tensor | None:
    """Returns the gradient of the inputs from windows of `g`, if the size of a window is a multiple of the strides.

    Which windows an input lies in, and which of their elements it is, depends on its place divided by the stride, and
    on the remainder. One product computes the inputs with all remainders.
    """
    if set(strides) == {1} or set(dilation) != {1} or any(map(operator.mod, size, strides)):
        return None
    each, filters = kernel.shape[1:]
    reach = tuple(map(operator.floordiv, size, strides))
    pairs, counts, starts = [], [], []
    for n, width, stride, (before, _), known in zip(sizes, reach, strides, padding, g.shape[1:-1], strict=True):
        first = before // stride
        counts.append((before + n - 1) // stride - first + 1)
        pairs.append((width - 1 - first, counts[-1] + first - known))
        starts.append((before - first * stride, 0))
    more = math.prod(counts) / max(1, math.prod(g.shape[1:-1])) - 1
    if min(map(min, pairs)) < 0 or more * filters > _MORE:
        return None
    rank, ones = len(size), (1,) * len(size)
    kernel = reshape(kernel, (*[part for pair in zip(reach, strides, strict=True) for part in pair], each, filters))
    kernel = kernel[(slice(None, None, -1), slice(None)) * rank]
    axes = (*range(1, 2 * rank, 2), 2 * rank, *range(0, 2 * rank, 2), 2 * rank + 1)
    kernel = reshape(transpose(kernel, axes), (math.prod(strides) * each, math.prod(reach) * filters))
    columns = _columns(g, (), size=reach, strides=ones, padding=tuple(pairs), dilation=ones)
    parts = reshape(matmul(columns, transpose(kernel)), (g.shape[0], *counts, math.prod(strides), each))
    return apply(_INTERLEAVED, parts, sizes=sizes, strides=strides, padding=tuple(starts))


def _gathers(
    sizes: Sizes,
    channels: int,
    filters: int,
    groups: int,
    size: Sizes,
    strides: Sizes,
    padding: Pairs,
    dilation: Sizes,
) -> bool:
    """Whether both gradients of a convolution are computed from windows of the gradient of its outputs.

    They share the copies of the windows. That pays off where the windows are not larger than those of the inputs.
    """
    counts = window_counts(sizes, size, strides, padding, dilation)
    fits = counts == tuple(sizes) and set(strides) == {1} and filters <= channels
    return fits and groups == 1 and math.prod(size) > 1


def _mirrored(size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> dict[str, tuple]:
    """Returns the geometry of the windows that an element of the inputs lies in, in reverse order."""
    whole = [extent(width, step) - 1 for width, step in zip(size, dilation, strict=True)]
    pairs = tuple((length - before, length - after) for length, (before, after) in zip(whole, padding, strict=True))
    return {"size": size, "strides": strides, "padding": pairs, "dilation": dilation}


def _layout(counts: Sizes, phases: Sizes) -> Sizes:
    """Returns the axes of windows: their counts, or those of phases and of the windows in each."""
    if not phases:
        return counts
    return (math.prod(phases), *map(operator.floordiv, counts, phases))


def _interleaved(g: Tensor, phases: Sizes) -> Tensor:
    """Returns an array with phases as (batch, count, phase, count, phase, ..., channels)."""
    rank = len(phases)
    g = reshape(g, (g.shape[0], *phases, *g.shape[2:]))
    pairs = [axis for each in range(1, rank + 1) for axis in (rank + each, each)]
    return transpose(g, (0, *pairs, 2 * rank + 1))


def _is_product(size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> bool:
    """Whether a convolution is a matrix product of each element's channels."""
    return set(size) | set(strides) == {1} and not any(map(any, padding))


def _columns(x: Tensor, phases: Sizes, **geometry: tuple) -> Tensor:
    """Returns the matrix of windows, shape (windows, elements of a window)."""
    if _is_product(**geometry) and not phases:
        return reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))
    if geometry["size"][-1] * x.shape[-1] < _RUN:
        return transpose(apply(_ELEMENTS, x, phases=phases, **geometry))
    return apply(_WINDOWS, x, phases=phases, **geometry)


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
    counts = _layout(view.shape[1 : rank + 1], phases)[1:]
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
    number = math.prod(_layout(_counts(x, **geometry), phases))
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


_bind_by_window, _bind_by_element = partial(_bind_windows, _by_window), partial(_bind_windows, _by_element)
_WINDOWS = Primitive.bound("windows", _bind_by_window, shape=_windows_rule, computes=False)
_ELEMENTS = Primitive.bound("window_elements", _bind_by_element, shape=_elements_rule, computes=False)
_GROUPS = Primitive.bound("windows_by_group", _bind_by_group, shape=_groups_rule, computes=False)


def _bind_overlapped(
    arrays: Sequence[np.ndarray],
    out: np.ndarray,
    sizes: Sizes,
    size: Sizes,
    strides: Sizes,
    padding: Pairs,
    dilation: Sizes,
) -> Callable[[], None]:
    (parts,) = arrays
    counts = parts.shape[2:-1]
    everywhere = (slice(None),)
    calls = [partial(out.fill, 0)]
    numbers = dict(zip(np.ndindex(*size), range(len(parts)), strict=True))
    for index, inside, elements in taps(sizes, size, counts, strides, padding, dilation):
        target, part = out[everywhere + elements], parts[numbers[index]][everywhere + inside]
        calls.append(partial(np.add, target, part, target))
    return partial(run_strided, calls)


_OVERLAPPED = Primitive.bound(
    "overlap_add_windows",
    _bind_overlapped,
    shape=lambda parts, sizes, **geometry: ((parts.shape[1], *sizes, parts.shape[-1]), parts.dtype),
)


def _bind_interleaved(
    arrays: Sequence[np.ndarray], out: np.ndarray, sizes: Sizes, strides: Sizes, padding: Pairs
) -> Callable[[], None]:
    (parts,) = arrays
    numbers = dict(zip(np.ndindex(*strides), range(parts.shape[-2]), strict=True))
    ones, everywhere = (1,) * len(sizes), (slice(None),)
    calls = [
        copying(out[everywhere + elements], parts[..., numbers[index], :][everywhere + inside])
        for index, inside, elements in taps(sizes, strides, parts.shape[1:-2], strides, padding, ones)
    ]
    return partial(run_strided, calls)


def _interleaved_rule(parts: Spec, sizes: Sizes, **_: object) -> tuple:
    return (parts.shape[0], *sizes, parts.shape[-1]), parts.dtype


_INTERLEAVED = Primitive.bound("interleave", _bind_interleaved, shape=_interleaved_rule, computes=False)
