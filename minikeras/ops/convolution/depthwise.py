"""How a plan computes a convolution of each channel on its own: sums of products over long rows of memory.

No matrix product has much work per byte here. `numpy.einsum` multiplies and adds in one pass; with the kernel repeated
along the last spatial axis its inner loop is a row of many elements, which stay in the first-level cache from the first
to the last element of a window. For 3 x 3 kernels and 64 channels that takes 1.1 ns for an output on one thread, a
multiplication and an addition for each element of a window 3.8 ns, and products of a matrix for each channel 40 ns.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ...engine.primitive import Primitive, Spec, copying, in_turn
from ...typing import Tensor
from ..common.sliding_windows import Pairs, Sizes, extent, window_counts
from ..common.strided_calls import run_strided
from .block_ops import apply, contiguous, reshape

_ROW = 2048  # elements: shorter rows take more calls of numpy's inner loop, longer ones leave the first-level cache
_AXES, _TAPS = "wxyz", "abc"  # subscripts of outer spatial axes and of a window's; n: examples, v: rows, k: in a row


def depthwise_conv(x: Tensor, kernel: Tensor, strides: Sizes, padding: Pairs, dilation: Sizes) -> Tensor:
    """Returns `CONV` of a block of examples."""
    *size, _, filters = kernel.shape
    x = _spread(x, (1,) * len(size), padding, filters // x.shape[-1])
    return apply(_CONV, x, reshape(kernel, (*size, filters)), strides=strides, dilation=dilation)


def depthwise_input(
    g: Tensor, kernel: Tensor, sizes: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes, groups: int
) -> Tensor:
    """Returns `CONV_INPUT` of a block of examples: a convolution of the gradient of the outputs."""
    *size, _, filters = kernel.shape
    kernel = reshape(kernel, (*size, filters))
    axes = [
        _remainders(length, width, stride, before)
        for length, width, stride, (before, _) in zip(sizes, size, strides, padding, strict=True)
    ]
    if set(strides) != {1} and set(dilation) == {1} and all(axes):
        y = _by_remainder(g, kernel, sizes, strides, axes)
    else:
        y = _with_zeros_between(g, kernel, sizes, strides, padding, dilation)
    return y if filters == groups else apply(_SUMS, y, repeats=filters // groups)


def _with_zeros_between(
    g: Tensor, kernel: Tensor, sizes: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> Tensor:
    pairs = []
    for length, width, count, stride, (before, _), step in zip(
        sizes, kernel.shape[:-1], g.shape[1:-1], strides, padding, dilation, strict=True
    ):
        whole = extent(width, step) - 1
        pairs.append((whole - before, length + before - extent(count, stride)))
    g = _spread(g, strides, tuple(pairs), 1)
    return apply(_CONV, g, kernel[(slice(None, None, -1),) * len(sizes)], strides=(1,) * len(sizes), dilation=dilation)


def _by_remainder(
    g: Tensor, kernel: Tensor, sizes: Sizes, strides: Sizes, axes: Sequence[Sequence["_Remainder"]]
) -> Tensor:
    """Returns the gradient of the inputs without multiplying the zeros between the elements of `g`.

    On the remainder of an input's place, divided by the stride, depends which elements of the kernel it was multiplied
    with. For each remainder they are the kernel of a convolution without strides.
    """
    firsts = [min(each.first for each in axis) for axis in axes]
    lasts = [max(each.first + each.reach + each.count - 1 for each in axis) for axis in axes]
    pairs = tuple((-first, last - n) for first, last, n in zip(firsts, lasts, g.shape[1:-1], strict=True))
    ones = (1,) * len(sizes)
    g = _spread(g, ones, pairs, 1)
    parts, starts = [], []
    for found in itertools.product(*axes):
        starts_in_g = [each.first - first for each, first in zip(found, firsts, strict=True)]
        ends = [start + each.reach + each.count - 1 for each, start in zip(found, starts_in_g, strict=True)]
        part = g[(slice(None), *map(slice, starts_in_g, ends))]
        weights = kernel[
            tuple(slice(each.remainder, None, stride) for each, stride in zip(found, strides, strict=True))
        ]
        weights = weights[(slice(None, None, -1),) * len(sizes)]
        parts.append(apply(_CONV, part, weights, strides=ones, dilation=ones))
        starts.append(tuple(each.start for each in found))
    return apply(_MERGED, *parts, sizes=sizes, strides=strides, starts=tuple(starts))


class _Remainder(NamedTuple):
    """The inputs along an axis at places with the same remainder.

    Attributes:
        remainder: The remainder, of the place in the padded inputs.
        reach: The number of windows that such an input lies in.
        first: The first of the windows of the first one; less than 0 before all windows.
        count: The number of such inputs.
        start: The place of the first one.
    """

    remainder: int
    reach: int
    first: int
    count: int
    start: int


def _remainders(length: int, width: int, stride: int, before: int) -> list[_Remainder]:
    """Returns the remainders of the inputs along an axis that lie in a window."""
    found = []
    for remainder in range(min(stride, width)):
        reach = -(-(width - remainder) // stride)
        last = -(-(before - remainder) // stride)  # of the windows of the first input
        start = last * stride + remainder - before
        if start < length:
            found.append(_Remainder(remainder, reach, last - reach + 1, -(-(length - start) // stride), start))
    return found


def depthwise_kernel(x: Tensor, g: Tensor, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> Tensor:
    """Returns `CONV_KERNEL` of a block of examples."""
    filters = g.shape[-1]
    x = _spread(x, (1,) * len(size), padding, filters // x.shape[-1])
    return reshape(apply(_KERNEL, x, g, size=size, strides=strides, dilation=dilation), (*size, 1, filters))


def _spread(x: Tensor, strides: Sizes, padding: Pairs, repeats: int) -> Tensor:
    if repeats == 1 and set(strides) == {1} and not any(map(any, padding)):
        return x
    return apply(_SPREAD, x, strides=strides, padding=padding, repeats=repeats)


# ---------------------------------------------------------------- zeros between and around, repeated channels


def _spread_rule(x: Spec, strides: Sizes, padding: Pairs, repeats: int) -> tuple:
    sizes = [extent(n, stride) + sum(pair) for n, stride, pair in zip(x.shape[1:-1], strides, padding, strict=True)]
    return (x.shape[0], *sizes, x.shape[-1] * repeats), x.dtype


def _bind_spread(
    arrays: Sequence[np.ndarray], out: np.ndarray, strides: Sizes, padding: Pairs, repeats: int
) -> Callable[[], None]:
    (x,) = arrays
    elements, places = [slice(None)], [slice(None)]
    for length, stride, (before, after) in zip(x.shape[1:-1], strides, padding, strict=True):
        first, last = max(0, -(before // stride)), length - 1 - max(0, -(after // stride))  # less than 0: left out
        elements.append(slice(first, last + 1))
        places.append(slice(before + first * stride, max(0, before + last * stride + 1), stride))
    inside = out.reshape(*out.shape[:-1], x.shape[-1], repeats)[tuple(places)]
    fill = copying(inside, x[tuple(elements)][..., None])
    if set(strides) != {1}:
        return partial(run_strided, [partial(out.fill, 0), fill])
    around = [
        out[(slice(None),) * axis + (each,)]
        for axis, key in enumerate(places[1:], 1)
        for each in (slice(0, key.start), slice(key.stop, None))
    ]
    return partial(run_strided, [*[partial(each.fill, 0) for each in around if each.size], fill])


_SPREAD = Primitive.bound("spread", _bind_spread, shape=_spread_rule, computes=False)


def _bind_merged(
    arrays: Sequence[np.ndarray], out: np.ndarray, sizes: Sizes, strides: Sizes, starts: tuple[Sizes, ...]
) -> Callable[[], None]:
    is_full = len(starts) == math.prod(strides)
    calls: list[Callable] = [] if is_full else [partial(out.fill, 0)]
    for part, start in zip(arrays, starts, strict=True):
        places = tuple(slice(first, None, stride) for first, stride in zip(start, strides, strict=True))
        calls.append(copying(out[(slice(None), *places)], part))
    return partial(run_strided, calls)


def _merged_rule(first: Spec, *_: Spec, sizes: Sizes, **__: object) -> tuple:
    return (first.shape[0], *sizes, first.shape[-1]), first.dtype


_MERGED = Primitive.bound("merge_remainders", _bind_merged, shape=_merged_rule, computes=False)


# ---------------------------------------------------------------- sums of products


def _length(channels: int, counts: Sizes, strides: Sizes) -> int:
    """Returns how many windows along the last axis share a row; 1 if their elements are not neighbours in memory."""
    if strides[-1] != 1:
        return 1
    longest = min(counts[-1], _ROW // max(1, channels))
    return next((each for each in range(longest, 1, -1) if counts[-1] % each == 0), 1)


def _row_windows(x: np.ndarray, size: Sizes, counts: Sizes, strides: Sizes, dilation: Sizes, length: int) -> np.ndarray:
    """Returns a view of the windows, shape (batch, *counts but the last, rows, *size, elements of a row)."""
    spatial = x.strides[1:-1]
    steps = [each * stride for each, stride in zip(spatial, strides, strict=True)]
    steps[-1] *= length
    inside = (each * step for each, step in zip(spatial, dilation, strict=True))
    return np.lib.stride_tricks.as_strided(
        x,
        (len(x), *counts[:-1], counts[-1] // length, *size, length * x.shape[-1]),
        (x.strides[0], *steps, *inside, x.strides[-1]),
        writeable=False,
    )


def _in_rows(array: np.ndarray, length: int) -> np.ndarray:
    *outer, count, channels = array.shape
    return array if length == 1 else array.reshape(*outer, count // length, length * channels)


def _conv_rule(x: Spec, kernel: Spec, strides: Sizes, dilation: Sizes) -> tuple:
    size = kernel.shape[:-1]
    counts = window_counts(x.shape[1:-1], size, strides, ((0, 0),) * len(size), dilation)
    return (x.shape[0], *counts, kernel.shape[-1]), x.dtype


def _bind_conv(arrays: Sequence[np.ndarray], out: np.ndarray, strides: Sizes, dilation: Sizes) -> Callable[[], object]:
    x, kernel = arrays
    calls: list[Callable] = []
    if x.strides[-2:] != (x.shape[-1] * x.itemsize, x.itemsize):  # rows are taken as one run of memory
        x, calls = contiguous(x)
    size, counts = kernel.shape[:-1], out.shape[1:-1]
    length = _length(x.shape[-1], counts, strides)
    view = _row_windows(x, size, counts, strides, dilation, length)
    weights = np.empty((*size, length, kernel.shape[-1]), kernel.dtype)
    calls.append(copying(weights, kernel[..., None, :]))
    axes, taps = "n" + _AXES[: len(size) - 1] + "v", _TAPS[: len(size)]
    rows = weights.reshape(*size, view.shape[-1])
    calls.append(partial(np.einsum, f"{axes}{taps}k,{taps}k->{axes}k", view, rows, out=_in_rows(out, length)))
    return in_turn(calls)


_CONV = Primitive.bound("depthwise_conv", _bind_conv, shape=_conv_rule)


def _kernel_rule(x: Spec, g: Spec, size: Sizes, **_: object) -> tuple:
    return (*size, g.shape[-1]), x.dtype


def _bind_kernel(
    arrays: Sequence[np.ndarray], out: np.ndarray, size: Sizes, strides: Sizes, dilation: Sizes
) -> Callable[[], None]:
    (x, calls), (g, more) = contiguous(arrays[0]), contiguous(arrays[1])
    counts = g.shape[1:-1]
    length = _length(x.shape[-1], counts, strides)
    view = _row_windows(x, size, counts, strides, dilation, length)
    sums, shares = np.empty((*size, view.shape[-1]), out.dtype), _in_rows(g, length)
    axes = "n" + _AXES[: len(size) - 1] + "v"
    outer = (slice(None),) * (len(size) + 1)
    # Sums for all elements of a window in one call would make numpy leave its vectorized loops.
    calls += more
    calls += [
        partial(np.einsum, f"{axes}k,{axes}k->k", view[(*outer, *index)], shares, out=sums[index])
        for index in np.ndindex(*size)
    ]
    parts = sums.reshape(*size, length, g.shape[-1])
    calls.append(partial(np.add.reduce, parts, len(size), None, out))
    return in_turn(calls)


_KERNEL = Primitive.bound("depthwise_conv_kernel_gradient", _bind_kernel, shape=_kernel_rule)


def _bind_sums(arrays: Sequence[np.ndarray], out: np.ndarray, repeats: int) -> Callable[[], None]:
    (x,) = arrays
    first, *others = [x[..., start::repeats] for start in range(repeats)]
    calls = [copying(out, first), *[partial(np.add, out, other, out) for other in others]]
    return in_turn(calls)


_SUMS = Primitive.bound(
    "sums_of_neighbours",
    _bind_sums,
    shape=lambda x, repeats: ((*x.shape[:-1], x.shape[-1] // repeats), x.dtype),
)
