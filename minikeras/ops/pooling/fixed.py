"""Pooling with windows of a fixed size.

Padding is left out of maxima and means. The gradient of a maximum flows to the first of equal elements of a window.
"""

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ...argument_checks import check_sizes
from ...config import resolved_data_format
from ...engine.batch_rules import leading, together
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec, copying
from ...engine.registry import op
from ...typing import Tensor, TensorLike
from ..common.arguments import as_float, as_value, check_real, static_shape
from ..common.sliding_windows import Pairs, Sizes, numbers_inside, taps, window_counts
from ..common.spatial import (
    as_saved,
    check_rank,
    from_channels_last,
    to_channels_last,
    window_parameters,
)
from ..common.strided_calls import run_strided
from .early import pooled_early
from .phases import bits

_BLOCK = 1 << 15  # windows whose maxima are marked at a time, in the second-level cache

IntOrInts = int | Sequence[int]


def _counts(sizes: Sequence, size: Sizes, strides: Sizes, padding: Pairs) -> tuple:
    return window_counts(sizes, size, strides, padding, (1,) * len(size))


def _places(sizes: Sequence, size: Sizes, strides: Sizes, padding: Pairs) -> list[tuple[tuple, tuple]]:
    """Returns the keys of windows and of their elements in arrays, one pair for each element of a window."""
    counts = _counts(sizes, size, strides, padding)
    found = taps(tuple(sizes), size, counts, strides, padding, (1,) * len(size))
    return [((slice(None), *inside), (slice(None), *elements)) for _, inside, elements in found]


def _pool_rule(x: Spec, *others: Spec, size: Sizes, strides: Sizes, padding: Pairs) -> tuple:
    return (x.shape[0], *_counts(x.shape[1:-1], size, strides, padding), x.shape[-1]), x.dtype


# ---------------------------------------------------------------- maxima


def _lowest(dtype: np.dtype) -> object:
    if dtype.kind == "f":
        return -np.inf
    return False if dtype.kind == "b" else np.iinfo(dtype).min


def _is_whole(inside: Sequence[slice], counts: Sequence[int]) -> bool:
    return all(each.stop - each.start == count for each, count in zip(inside, counts, strict=True))


def _bind_folded(
    ufunc: np.ufunc, start: object, x: np.ndarray, y: np.ndarray, size: Sizes, strides: Sizes, padding: Pairs
) -> list[Callable]:
    """Returns the calls that fold the elements of each window into `y` with a ufunc, in any order."""
    places = _places(x.shape[1:-1], size, strides, padding)
    whole = [x[elements] for windows, elements in places if _is_whole(windows[1:], y.shape[1:-1])]
    parts = [(y[windows], x[elements]) for windows, elements in places if not _is_whole(windows[1:], y.shape[1:-1])]
    if len(whole) > 1 and x.dtype == y.dtype:
        first, second, *others = whole
        calls = [partial(ufunc, first, second, out=y)]
    else:
        calls, others = [partial(y.fill, start)], whole
    return calls + [partial(ufunc, into, part, out=into) for into, part in [*((y, each) for each in others), *parts]]


def _bind_max(arrays: Sequence[np.ndarray], out: np.ndarray, **geometry: tuple) -> Callable[[], None]:
    return partial(run_strided, _bind_folded(np.maximum, _lowest(out.dtype), arrays[0], out, **geometry))


def _are_apart(sizes: Sequence[int], size: Sizes, strides: Sizes, padding: Pairs) -> bool:
    """Whether each element lies in exactly one window."""
    fits = [
        n == count * width for n, count, width in zip(sizes, _counts(sizes, size, strides, padding), size, strict=True)
    ]
    return size == strides and all(fits) and not any(map(any, padding))


class _FirstHit(NamedTuple):
    """Where an element of the windows is the first to equal the maximum.

    Attributes:
        windows: The key of the windows in which the element lies inside the inputs.
        elements: The key of this element in the inputs.
        is_first: Whether the inputs that are this element are in no earlier window's element.
        chosen: 1 or 0 for each of the windows, after the calls.
        calls: The calls that mark them.
    """

    windows: tuple
    elements: tuple
    is_first: bool
    chosen: np.ndarray
    calls: list[Callable]


def _marks(shape: Sequence[int], dtype: np.dtype) -> list[np.ndarray]:
    """Returns the buffers that marking the maxima takes."""
    return [*(np.empty(shape, bool) for _ in range(3)), np.empty(shape, bits(np.empty(0, dtype)).dtype)]


def _first_hits(
    x: np.ndarray, y: np.ndarray, marks: Sequence[np.ndarray], size: Sizes, strides: Sizes, padding: Pairs
) -> Iterator[_FirstHit]:
    """Yields the elements of a window, whose calls have to be made one after the other."""
    hits, lesser, is_open, chosen = [mark[: len(y)] for mark in marks]
    start: list[Callable] = [partial(is_open.fill, True)]
    for index, inside, places in taps(x.shape[1:-1], size, y.shape[1:-1], strides, padding, (1,) * len(size)):
        windows, elements = (slice(None), *inside), (slice(None), *places)
        hit, less = hits[windows], lesser[windows]
        calls = [
            *start,
            partial(np.less, x[elements], y[windows], out=less),  # if the maximum is NaN, none is
            partial(np.greater, is_open[windows], less, out=hit),
            partial(np.logical_and, is_open[windows], less, out=is_open[windows]),
            copying(chosen[windows], hit),  # numpy casts faster while it copies than while it multiplies
        ]
        yield _FirstHit(windows, elements, all(map(operator.lt, index, strides)), chosen[windows], calls)
        start = []


def _along_one_axis(
    arrays: Sequence[np.ndarray], size: Sizes, strides: Sizes, padding: Pairs
) -> tuple[Sequence[np.ndarray], dict[str, tuple]]:
    """Returns views with one spatial axis, and its geometry, if windows extend along one alone."""
    geometry = list(zip(size, strides, padding, strict=True))
    extended = [axis for axis, each in enumerate(geometry, 1) if each != (1, 1, (0, 0))]
    if len(extended) == 1 and all(array.flags.c_contiguous for array in arrays):
        (axis,) = extended
        arrays = [
            array.reshape(math.prod(array.shape[:axis]), array.shape[axis], math.prod(array.shape[axis + 1 :]))
            for array in arrays
        ]
        geometry = [geometry[axis - 1]]
    return arrays, dict(zip(("size", "strides", "padding"), zip(*geometry, strict=True), strict=True))


def _bind_max_scatter(arrays: Sequence[np.ndarray], out: np.ndarray, **geometry: tuple) -> Callable[[], None]:
    arrays, geometry = _along_one_axis([*arrays, out], **geometry)
    step = max(1, _BLOCK // max(1, math.prod(arrays[2].shape[1:])))
    examples = len(arrays[0])
    marks = _marks((min(step, examples), *arrays[2].shape[1:]), out.dtype)
    calls: list[Callable] = []
    for start in range(0, examples, step):
        calls += _scatter_calls(*[array[start : start + step] for array in arrays], marks, **geometry)
    return partial(run_strided, calls)


def _scatter_calls(
    g: np.ndarray, x: np.ndarray, y: np.ndarray, out: np.ndarray, marks: Sequence[np.ndarray], **geometry: tuple
) -> list[Callable]:
    are_apart = _are_apart(x.shape[1:-1], **geometry)
    calls: list[Callable] = [] if are_apart else [partial(out.fill, 0)]
    shares = bits(g)
    for windows, elements, is_first, chosen, marking in _first_hits(x, y, marks, **geometry):
        target = out[elements]
        calls += [*marking, partial(np.multiply, chosen, shares[windows], out=bits(target) if is_first else chosen)]
        if not is_first:
            calls.append(partial(np.add, target, chosen.view(out.dtype), out=target))
    return calls


def _bind_max_gather(arrays: Sequence[np.ndarray], out: np.ndarray, **geometry: tuple) -> Callable[[], None]:
    h, x, y = arrays
    calls: list[Callable] = [partial(out.fill, 0)]
    shares, found = bits(h), bits(out)
    for windows, elements, _, chosen, marking in _first_hits(x, y, _marks(y.shape, h.dtype), **geometry):
        calls += [
            *marking,
            partial(np.multiply, chosen, shares[elements], out=chosen),
            partial(np.bitwise_or, found[windows], chosen, out=found[windows]),
        ]
    return partial(run_strided, calls)


_MAX_POOL = Primitive.bound(
    "max_pool",
    _bind_max,
    batch=leading,
    shape=_pool_rule,
    vjps=(lambda g, y, x, **geometry: apply(_MAX_SCATTER, g, x, y, **geometry),),
)
# Both are linear in their first input; where the maxima are does not change with small changes of the others.
_MAX_SCATTER = Primitive.bound(
    "max_pool_scatter",
    _bind_max_scatter,
    batch=together,
    shape=lambda g, x, y, **geometry: (x.shape, g.dtype),
    vjps=(lambda h, _, g, x, y, **geometry: apply(_MAX_GATHER, h, x, y, **geometry), None, None),
)
_MAX_GATHER = Primitive.bound(
    "max_pool_gather",
    _bind_max_gather,
    batch=together,
    shape=lambda h, x, y, **geometry: (y.shape, h.dtype),
    vjps=(lambda g, _, h, x, y, **geometry: apply(_MAX_SCATTER, g, x, y, **geometry), None, None),
)


# ---------------------------------------------------------------- means


def _divisors(sizes: Sequence, size: Sizes, strides: Sizes, padding: Pairs, dtype: np.dtype) -> np.ndarray:
    """Returns how many elements each window has, as one number if all have as many."""
    counts = _counts(sizes, size, strides, padding)
    numbers = numbers_inside(tuple(sizes), size, counts, strides, padding, (1,) * len(size)).astype(dtype)
    return numbers.reshape(-1)[:1] if numbers.size and (numbers == numbers.flat[0]).all() else numbers


def _sums_in(array: np.ndarray) -> np.ndarray:
    """Returns an array for sums of many elements: itself, or one of float32 for float16."""
    dtype = np.result_type(array.dtype, np.float32)
    return array if dtype == array.dtype else np.empty(array.shape, dtype)


def _bind_average(arrays: Sequence[np.ndarray], out: np.ndarray, **geometry: tuple) -> Callable[[], None]:
    (x,) = arrays
    sums = _sums_in(out)
    calls = _bind_folded(np.add, 0, x, sums, **geometry)
    divisors = _divisors(x.shape[1:-1], **geometry, dtype=sums.dtype)
    calls.append(partial(np.divide, sums, divisors, out=sums))
    return partial(run_strided, calls if sums is out else [*calls, copying(out, sums)])


def _bind_average_scatter(
    arrays: Sequence[np.ndarray], out: np.ndarray, sizes: Sizes, **geometry: tuple
) -> Callable[[], None]:
    (g,) = arrays
    sums = _sums_in(out)
    shares, divisors = np.empty(g.shape, sums.dtype), _divisors(sizes, **geometry, dtype=sums.dtype)
    calls: list[Callable] = [partial(np.divide, g, divisors, out=shares)]
    places = _places(sizes, **geometry)
    if _are_apart(sizes, **geometry):
        calls += [copying(sums[elements], shares[windows]) for windows, elements in places]
    else:
        calls.append(partial(sums.fill, 0))
        calls += [partial(np.add, sums[elements], shares[windows], out=sums[elements]) for windows, elements in places]
    return partial(run_strided, calls if sums is out else [*calls, copying(out, sums)])


_AVERAGE_POOL = Primitive.bound(
    "average_pool",
    _bind_average,
    batch=leading,
    shape=_pool_rule,
    vjps=(lambda g, y, x, **geometry: apply(_AVERAGE_SCATTER, g, sizes=tuple(x.shape[1:-1]), **geometry),),
)
_AVERAGE_SCATTER = Primitive.bound(
    "average_pool_scatter",
    _bind_average_scatter,
    batch=leading,
    shape=lambda g, sizes, **geometry: ((g.shape[0], *sizes, g.shape[-1]), g.dtype),
    vjps=(lambda h, y, g, sizes, **geometry: apply(_AVERAGE_POOL, h, **geometry),),
)


# ---------------------------------------------------------------- ops


def _pooled(
    where: str,
    primitive: Primitive,
    inputs: TensorLike,
    pool_size: IntOrInts,
    strides: IntOrInts | None,
    padding: str,
    data_format: str | None,
) -> Tensor:
    layout = resolved_data_format(where, data_format)
    count = check_rank(where, static_shape(inputs))
    x = to_channels_last(inputs, layout)
    size = check_sizes(where, "pool_size", pool_size, count)
    strides = size if strides is None else strides
    strides, pairs, _ = window_parameters(where, static_shape(x)[1:-1], size, strides, padding)
    if primitive is _MAX_POOL and strides == size and not any(map(any, pairs)):
        y = pooled_early(x, size)
        if y is not None:
            return from_channels_last(y, layout)
    if primitive is _MAX_POOL and any(width > stride for width, stride in zip(size, strides, strict=True)):
        return from_channels_last(_separate_maxima(x, size, strides, pairs), layout)
    return from_channels_last(apply(primitive, x, size=size, strides=strides, padding=pairs), layout)


def _separate_maxima(x: Tensor, size: Sizes, strides: Sizes, padding: Pairs) -> Tensor:
    """Returns the maxima of windows that overlap: along one axis after the other, from the last to the first.

    That compares fewer elements, and the gradient still flows to the first of equal elements in row-major order.
    """
    for axis in reversed(range(len(size))):
        if (size[axis], strides[axis]) != (1, 1):
            alone = [(1, 1, (0, 0))] * len(size)
            alone[axis] = size[axis], strides[axis], padding[axis]
            along, apart, pairs = zip(*alone, strict=True)
            x = apply(_MAX_POOL, x, size=along, strides=apart, padding=pairs)
    return x


def _in_keras(padding: str, data_format: str | None, **others: object) -> dict[str, str]:
    return as_saved("pooling", data_format, padding)


@op("nn.MaxPool", settings="pool_size strides padding data_format", as_in_keras=_in_keras)
def max_pool(
    inputs: TensorLike,
    pool_size: IntOrInts,
    strides: IntOrInts | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Returns the maximum of each window over 1 to 3 spatial axes.

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first".
        pool_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; `pool_size` if None.
        padding: "valid": no padding; "same": windows may exceed the inputs, such that the spatial sizes become
            ceil(size / strides).
        data_format: "channels_last" or "channels_first"; by default as configured.

    Returns:
        The maxima, in the layout and dtype of the inputs.

    Raises:
        ShapeError: If the inputs do not have 1 to 3 spatial axes, or a window does not fit into them.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> max_pool([[[1.0], [3.0], [2.0]]], 2, padding="same")
        array([[[3.],
                [2.]]], dtype=float32)
    """
    inputs = as_value(inputs)
    check_real("max_pool", inputs)
    return _pooled("max_pool", _MAX_POOL, inputs, pool_size, strides, padding, data_format)


@op("nn.AveragePool", settings="pool_size strides padding data_format", as_in_keras=_in_keras)
def average_pool(
    inputs: TensorLike,
    pool_size: IntOrInts,
    strides: IntOrInts | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Returns the mean of each window over 1 to 3 spatial axes.

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first". Integers become
            `floatx`.
        pool_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; `pool_size` if None.
        padding: "valid": no padding; "same": windows may exceed the inputs, such that the spatial sizes become
            ceil(size / strides). The mean is that of the elements inside.
        data_format: "channels_last" or "channels_first"; by default as configured.

    Returns:
        The means, in the layout of the inputs.

    Raises:
        ShapeError: If the inputs do not have 1 to 3 spatial axes, or a window does not fit into them.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> average_pool([[[1.0], [3.0], [2.0]]], 2, padding="same")
        array([[[2.],
                [2.]]], dtype=float32)
    """
    return _pooled("average_pool", _AVERAGE_POOL, as_float(inputs), pool_size, strides, padding, data_format)
