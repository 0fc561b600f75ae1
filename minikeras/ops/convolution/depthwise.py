"""How a plan computes a convolution of each channel on its own: sums of products over long rows of memory.

No matrix product has much work per byte here. `numpy.einsum` multiplies and adds in one pass; with the kernel repeated
along the last spatial axis its inner loop is a row of many elements, which stay in the first-level cache from the first
to the last element of a window. For 3 x 3 kernels and 64 channels that takes 1.1 ns for an output on one thread, a
multiplication and an addition for each element of a window 3.8 ns, and products of a matrix for each channel 40 ns.
"""

from collections.abc import Callable, Sequence
from functools import partial

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
    """Returns `CONV_INPUT` of a block of examples: a convolution of the gradient, with zeros between its elements."""
    *size, _, filters = kernel.shape
    pairs = []
    for length, width, count, stride, (before, _), step in zip(
        sizes, size, g.shape[1:-1], strides, padding, dilation, strict=True
    ):
        whole = extent(width, step) - 1
        pairs.append((whole - before, length + before - extent(count, stride)))
    g = _spread(g, strides, tuple(pairs), 1)
    kernel = reshape(kernel, (*size, filters))[(slice(None, None, -1),) * len(size)]
    y = apply(_CONV, g, kernel, strides=(1,) * len(size), dilation=dilation)
    return y if filters == groups else apply(_SUMS, y, repeats=filters // groups)


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
    (x, calls), kernel = contiguous(arrays[0]), arrays[1]
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
