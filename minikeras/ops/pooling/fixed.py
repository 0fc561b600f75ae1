"""Pooling with windows of a fixed size.

Padding is left out of maxima and means. The gradient of a maximum flows to the first of equal elements of a window.
"""

from collections.abc import Sequence

import numpy as np

from ...argument_checks import check_sizes
from ...config import resolved_data_format
from ...engine.batch_rules import leading
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec
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
from .early import pooled_early

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


def _max_kernel(x: np.ndarray, size: Sizes, strides: Sizes, padding: Pairs) -> np.ndarray:
    counts = _counts(x.shape[1:-1], size, strides, padding)
    y = np.full((len(x), *counts, x.shape[-1]), _lowest(x.dtype), x.dtype)
    for windows, elements in _places(x.shape[1:-1], size, strides, padding):
        np.maximum(y[windows], x[elements], out=y[windows])
    return y


def _first_hits(x: np.ndarray, y: np.ndarray, size: Sizes, strides: Sizes, padding: Pairs) -> object:
    """Yields the keys of windows and elements, and where an element is the first to equal the maximum."""
    is_open = np.ones(y.shape, bool)
    for windows, elements in _places(x.shape[1:-1], size, strides, padding):
        hit = np.equal(x[elements], y[windows])
        hit &= is_open[windows]
        is_open[windows] ^= hit
        yield windows, elements, hit


def _max_scatter_kernel(g: np.ndarray, x: np.ndarray, y: np.ndarray, **geometry: object) -> np.ndarray:
    result = np.zeros(x.shape, g.dtype)
    for windows, elements, hit in _first_hits(x, y, **geometry):
        result[elements] += np.where(hit, g[windows], 0)
    return result


def _max_gather_kernel(h: np.ndarray, x: np.ndarray, y: np.ndarray, **geometry: object) -> np.ndarray:
    result = np.zeros(y.shape, h.dtype)
    for windows, elements, hit in _first_hits(x, y, **geometry):
        np.copyto(result[windows], h[elements], where=hit)
    return result


_MAX_POOL = Primitive(
    "max_pool",
    _max_kernel,
    batch=leading,
    shape=_pool_rule,
    vjps=(lambda g, y, x, **geometry: apply(_MAX_SCATTER, g, x, y, **geometry),),
)
# Both are linear in their first input; where the maxima are does not change with small changes of the others.
_MAX_SCATTER = Primitive(
    "max_pool_scatter",
    _max_scatter_kernel,
    batch=leading,
    shape=lambda g, x, y, **geometry: (x.shape, g.dtype),
    vjps=(lambda h, _, g, x, y, **geometry: apply(_MAX_GATHER, h, x, y, **geometry), None, None),
)
_MAX_GATHER = Primitive(
    "max_pool_gather",
    _max_gather_kernel,
    batch=leading,
    shape=lambda h, x, y, **geometry: (y.shape, h.dtype),
    vjps=(lambda g, _, h, x, y, **geometry: apply(_MAX_SCATTER, g, x, y, **geometry), None, None),
)


# ---------------------------------------------------------------- means


def _divisors(sizes: Sequence, size: Sizes, strides: Sizes, padding: Pairs, dtype: np.dtype) -> np.ndarray:
    counts = _counts(sizes, size, strides, padding)
    return numbers_inside(tuple(sizes), size, counts, strides, padding, (1,) * len(size)).astype(dtype)


def _sums_in(dtype: np.dtype) -> np.dtype:
    """Returns the dtype of sums of many elements: float32 for float16."""
    return np.result_type(dtype, np.float32)


def _average_kernel(x: np.ndarray, size: Sizes, strides: Sizes, padding: Pairs) -> np.ndarray:
    sizes = x.shape[1:-1]
    y = np.zeros((len(x), *_counts(sizes, size, strides, padding), x.shape[-1]), _sums_in(x.dtype))
    for windows, elements in _places(sizes, size, strides, padding):
        y[windows] += x[elements]
    y /= _divisors(sizes, size, strides, padding, y.dtype)
    return y.astype(x.dtype, copy=False)


def _average_scatter_kernel(g: np.ndarray, sizes: Sizes, size: Sizes, strides: Sizes, padding: Pairs) -> np.ndarray:
    result = np.zeros((len(g), *sizes, g.shape[-1]), _sums_in(g.dtype))
    shares = g / _divisors(sizes, size, strides, padding, result.dtype)
    for windows, elements in _places(sizes, size, strides, padding):
        result[elements] += shares[windows]
    return result.astype(g.dtype, copy=False)


_AVERAGE_POOL = Primitive(
    "average_pool",
    _average_kernel,
    batch=leading,
    shape=_pool_rule,
    vjps=(lambda g, y, x, **geometry: apply(_AVERAGE_SCATTER, g, sizes=tuple(x.shape[1:-1]), **geometry),),
)
_AVERAGE_SCATTER = Primitive(
    "average_pool_scatter",
    _average_scatter_kernel,
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
    return from_channels_last(apply(primitive, x, size=size, strides=strides, padding=pairs), layout)


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
