"""Sliding windows over the spatial axes of arrays, shared by convolution, pooling and patches.

Arrays have the layout (batch, *spatial, channels). A window has `size` elements along each spatial axis, `dilation`
apart; neighbouring windows begin `strides` apart, the first one as many elements in front of the array as are padded.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

Sizes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


def extent(size: int, dilation: int) -> int:
    """Returns the number of elements from the first to the last one of a window, both included.

    Example:
        >>> extent(3, dilation=2)
        5
    """
    return (size - 1) * dilation + 1


def window_counts(
    sizes: Sequence[int | None], size: Sequence[int | None], strides: Sizes, padding: Pairs, dilation: Sizes
) -> tuple[int | None, ...]:
    """Returns how many windows fit along each spatial axis; None where a size is unknown.

    Args:
        sizes: The spatial sizes of the array.
        size: The size of the window.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.

    Example:
        >>> window_counts((5, None), (3, 3), (2, 1), ((0, 0), (0, 0)), (1, 1))
        (2, None)
    """
    return tuple(
        None if None in (length, width) else max((length + sum(pair) - extent(width, step)) // stride + 1, 0)
        for length, width, stride, pair, step in zip(sizes, size, strides, padding, dilation, strict=True)
    )


def windows(
    x: np.ndarray, size: Sizes, counts: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes, fill: float = 0
) -> np.ndarray:
    """Returns a read-only view of all windows of an array, which is padded where windows exceed it.

    Args:
        x: Shape (batch, *spatial, channels).
        size: The size of the window.
        counts: The number of windows along each spatial axis.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.
        fill: The value of the padding.

    Returns:
        Shape (batch, *counts, *size, channels).

    Example:
        >>> windows(np.arange(4).reshape(1, 4, 1), (2,), (3,), (1,), ((0, 0),), (1,))[0, :, :, 0]
        array([[0, 1],
               [1, 2],
               [2, 3]])
    """
    widths = [(0, 0)]
    for length, width, count, stride, (before, _), step in zip(
        x.shape[1:-1], size, counts, strides, padding, dilation, strict=True
    ):
        end = (count - 1) * stride + extent(width, step)
        widths.append((before, max(end - before - length, 0)))
    if any(map(any, widths)):
        x = np.pad(x, [*widths, (0, 0)], constant_values=fill)
    spatial = x.strides[1:-1]
    steps = (
        x.strides[0],
        *(each * stride for each, stride in zip(spatial, strides, strict=True)),
        *(each * step for each, step in zip(spatial, dilation, strict=True)),
        x.strides[-1],
    )
    shape = (x.shape[0], *counts, *size, x.shape[-1])
    return np.lib.stride_tricks.as_strided(x, shape, steps, writeable=False)


def taps(
    sizes: Sizes, size: Sizes, counts: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> Iterator[tuple[Sizes, tuple[slice, ...], tuple[slice, ...]]]:
    """Yields the elements of a window, in row-major order, each with the windows in which it lies inside the array.

    What it yields for an element: its index in the window; the slices of the windows; the slices of the array that are
    this element of those windows. Looping over elements instead of windows takes few large numpy calls.

    Args:
        sizes: The spatial sizes of the array.
        size: The size of the window.
        counts: The number of windows along each spatial axis.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.

    Example:
        >>> list(taps((3,), (2,), (3,), (1,), ((0, 1),), (1,)))
        [((0,), (slice(0, 3, None),), (slice(0, 3, 1),)), ((1,), (slice(0, 2, None),), (slice(1, 3, 1),))]
    """
    axes = [_axis_taps(*each) for each in zip(sizes, size, counts, strides, padding, dilation, strict=True)]
    for combination in itertools.product(*axes):
        index, inside, elements = zip(*combination, strict=True)
        yield index, inside, elements


def _axis_taps(length: int, width: int, count: int, stride: int, pair: tuple[int, int], step: int) -> list:
    before = pair[0]
    first = max(0, -(((count - 1) * stride - before) // step))
    found = []
    for index in range(first, min(width - 1, (length - 1 + before) // step) + 1):
        shift = index * step - before
        start, stop = max(0, -(shift // stride)), min(count, (length - 1 - shift) // stride + 1)
        if start < stop:
            elements = slice(start * stride + shift, (stop - 1) * stride + shift + 1, stride)
            found.append((index, slice(start, stop), elements))
    return found


def numbers_inside(
    sizes: Sizes, size: Sizes, counts: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> np.ndarray:
    """Returns how many elements of each window lie inside the array, which is what averages divide by.

    Args:
        sizes: The spatial sizes of the array.
        size: The size of the window.
        counts: The number of windows along each spatial axis.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.

    Returns:
        Shape (*counts, 1).

    Example:
        >>> numbers_inside((3,), (2,), (2,), (2,), ((0, 1),), (1,)).tolist()
        [[2], [1]]
    """
    result = np.ones(1, dtype=np.int64)
    for each in reversed(list(zip(sizes, size, counts, strides, padding, dilation, strict=True))):
        along = np.zeros(each[2], dtype=np.int64)
        for _, inside, _ in _axis_taps(*each):
            along[inside] += 1
        result = np.multiply.outer(along, result)
    return result
