"""Adaptive pooling: the number of windows is given, and their sizes follow from that of the inputs.

Of `count` windows over n elements, window i has those from floor(i n / count) to ceil((i + 1) n / count). Axes are
pooled one after the other.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ...argument_checks import check_sizes
from ...config import resolved_data_format
from ...engine.batch_rules import along_another
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec
from ...engine.registry import op
from ...errors import ShapeError
from ...typing import Tensor, TensorLike
from ..common.arguments import as_float, as_value, check_real, static_shape
from ..common.spatial import as_saved, check_rank
from ..indexing import take_along_axis

IntOrInts = int | Sequence[int]


def _bounds(length: int, count: int) -> list[tuple[int, int]]:
    return [(number * length // count, -(-(number + 1) * length // count)) for number in range(count)]


def _at(axis: int, key: slice | int) -> tuple:
    return (*[slice(None)] * axis, key)


def _resized(shape: Sequence, axis: int, size: int) -> tuple:
    return (*shape[:axis], size, *shape[axis + 1 :])


def _means_kernel(x: np.ndarray, axis: int, count: int) -> np.ndarray:
    y = np.empty(_resized(x.shape, axis, count), x.dtype)
    for number, (start, stop) in enumerate(_bounds(x.shape[axis], count)):
        # Not into `y`: that would be filled with the sums, which may exceed float16.
        y[_at(axis, number)] = np.mean(x[_at(axis, slice(start, stop))], axis)
    return y


def _spread_kernel(g: np.ndarray, axis: int, length: int) -> np.ndarray:
    result = np.zeros(_resized(g.shape, axis, length), g.dtype)
    for number, (start, stop) in enumerate(_bounds(length, g.shape[axis])):
        result[_at(axis, slice(start, stop))] += g[_at(axis, slice(number, number + 1))] / g.dtype.type(stop - start)
    return result


_MEANS = Primitive(
    "adaptive_means",
    _means_kernel,
    shape=lambda x, axis, count: (_resized(x.shape, axis, count), x.dtype),
    vjps=(lambda g, y, x, axis, count: apply(_SPREAD, g, axis=axis, length=x.shape[axis]),),
    batch=along_another,
)
_SPREAD = Primitive(
    "adaptive_means_scatter",
    _spread_kernel,
    shape=lambda g, axis, length: (_resized(g.shape, axis, length), g.dtype),
    vjps=(lambda h, y, g, axis, length: apply(_MEANS, h, axis=axis, count=g.shape[axis]),),
    batch=along_another,
)


def _argmax_kernel(x: np.ndarray, axis: int, count: int) -> np.ndarray:
    y = np.empty(_resized(x.shape, axis, count), np.int32)
    for number, (start, stop) in enumerate(_bounds(x.shape[axis], count)):
        y[_at(axis, number)] = np.argmax(x[_at(axis, slice(start, stop))], axis) + start
    return y


def _argmax_rule(x: Spec, axis: int, count: int) -> tuple:
    return _resized(x.shape, axis, count), "int32"


_ARGMAX = Primitive("adaptive_argmax", _argmax_kernel, shape=_argmax_rule, batch=along_another)


def _means(x: Tensor, axis: int, count: int) -> Tensor:
    return apply(_MEANS, x, axis=axis, count=count)


def _maxima(x: Tensor, axis: int, count: int) -> Tensor:
    return take_along_axis(x, apply(_ARGMAX, x, axis=axis, count=count), axis)


def _pooled(where: str, along: Callable, inputs: Tensor, output_size: IntOrInts, data_format: str | None) -> Tensor:
    sizes = static_shape(inputs)
    rank = check_rank(where, sizes)
    first = 1 if resolved_data_format(where, data_format) == "channels_last" else 2
    counts = check_sizes(where, "output_size", output_size, rank)
    if 0 in sizes[first : first + rank]:
        raise ShapeError(f"`{where}` expects at least one element along each spatial axis. Received: shape {sizes}")
    for axis, count in enumerate(counts, first):
        inputs = along(inputs, axis, count)
    return inputs


def _in_keras(inputs: TensorLike, output_size: IntOrInts, data_format: str | None) -> dict:
    """Keras's class needs a size for each axis."""
    counts = check_sizes("adaptive pooling", "output_size", output_size, len(static_shape(inputs)) - 2)
    return {"output_size": counts, **as_saved("adaptive pooling", data_format)}


@op("nn.AdaptiveAveragePool", settings="output_size data_format", as_in_keras=_in_keras)
def adaptive_average_pool(inputs: TensorLike, output_size: IntOrInts, data_format: str | None = None) -> Tensor:
    """Returns means over a given number of windows, which cover the inputs evenly.

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first", with 1 to 3
            spatial axes. Integers become `floatx`.
        output_size: The number of windows; an integer, or one for each spatial axis.
        data_format: "channels_last" or "channels_first"; by default as configured.

    Returns:
        The means, with `output_size` as spatial sizes.

    Raises:
        ShapeError: If the inputs do not have 1 to 3 spatial axes, or one is empty.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> adaptive_average_pool([[[1.0], [2.0], [6.0]]], 2)
        array([[[1.5],
                [4. ]]], dtype=float32)
    """
    return _pooled("adaptive_average_pool", _means, as_float(inputs), output_size, data_format)


@op("nn.AdaptiveMaxPool", settings="output_size data_format", as_in_keras=_in_keras)
def adaptive_max_pool(inputs: TensorLike, output_size: IntOrInts, data_format: str | None = None) -> Tensor:
    """Returns maxima over a given number of windows, which cover the inputs evenly.

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first", with 1 to 3
            spatial axes.
        output_size: The number of windows; an integer, or one for each spatial axis.
        data_format: "channels_last" or "channels_first"; by default as configured.

    Returns:
        The maxima, with `output_size` as spatial sizes.

    Raises:
        ShapeError: If the inputs do not have 1 to 3 spatial axes, or one is empty.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> adaptive_max_pool([[[1.0], [2.0], [6.0]]], 2)
        array([[[2.],
                [6.]]], dtype=float32)
    """
    inputs = as_value(inputs)
    check_real("adaptive_max_pool", inputs)
    return _pooled("adaptive_max_pool", _maxima, inputs, output_size, data_format)
