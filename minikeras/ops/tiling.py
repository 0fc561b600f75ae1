"""Repetition of elements and tiling of arrays."""

from collections.abc import Sequence

import numpy as np

from ..engine.memory_budget import MOST_AXES, charge_array
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_sizes, as_value, normalize_axis, static_shape
from .common.eager import is_eager
from .indexing import take
from .shaping import broadcast_to, expand_dims, ravel, reshape


@op("numpy.Repeat", settings="repeats axis")
def repeat(x: TensorLike, repeats: TensorLike, axis: int | None = None) -> Tensor:
    """Repeats each element of a tensor along an axis.

    Args:
        x: Input tensor, of any shape.
        repeats: The number of repetitions; an integer, or one for each index along the axis.
        axis: The axis; None flattens the input first.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> repeat([1, 2], 2)
        array([1, 1, 2, 2], dtype=int32)
    """
    x = as_value(x)
    if axis is None:
        x, axis = ravel(x), 0
    sizes = static_shape(x)
    axis = normalize_axis(axis, len(sizes))
    if type(repeats) is int and repeats >= 0 and is_eager(x):
        return x.repeat(repeats, axis)
    counts = np.asarray(repeats)
    if counts.dtype.kind not in "iu" or counts.ndim > 1 or (counts < 0).any():
        raise ArgumentError(f"`repeat` expects non-negative integers. Received: repeats={brief(repeats)}")
    counts = counts.astype(np.intp, copy=False)
    if counts.size != 1:
        if sizes[axis] is None or counts.size != sizes[axis]:
            raise ShapeError(
                f"`repeat` expects one number, or one for each index along the axis. Received: {counts.size} for "
                f"axis {axis} of shape {sizes}"
            )
        if is_eager(x):
            return x.repeat(counts, axis)
        charge_array(counts.size + int(counts.sum(dtype=object)), "int64", "The index of `repeat`")
        return take(x, np.repeat(np.arange(sizes[axis]), counts), axis)
    count = int(counts.reshape(()))
    interleaved = broadcast_to(expand_dims(x, axis + 1), (*sizes[: axis + 1], count, *sizes[axis + 1 :]))
    size = None if sizes[axis] is None else sizes[axis] * count
    return reshape(
        interleaved, tuple(-1 if each is None else each for each in (*sizes[:axis], size, *sizes[axis + 1 :]))
    )


@specialized
@op("numpy.Tile", settings="repeats")
def tile(x: TensorLike, repeats: int | Sequence[int]) -> Tensor:
    """Constructs a tensor by repeating the input along each axis.

    Args:
        x: Input tensor, of any shape.
        repeats: The number of repetitions along each axis; fewer numbers than axes apply to the last axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> tile([1, 2], 2)
        array([1, 2, 1, 2], dtype=int32)
    """
    x = as_value(x)
    counts = as_sizes(repeats, "tile", "repeats")
    rank = len(static_shape(x)) if len(static_shape(x)) > len(counts) else len(counts)
    counts = (1,) * (rank - len(counts)) + counts
    sizes = (1,) * (rank - len(static_shape(x))) + static_shape(x)
    if 2 * rank > MOST_AXES:
        raise ShapeError(f"`tile` supports up to {MOST_AXES // 2} axes. Received: {rank} axes")
    if any(count < 0 for count in counts):
        raise ArgumentError(f"`tile` expects non-negative integers. Received: repeats={brief(repeats)}")
    interleaved = [size for pair in zip(counts, sizes, strict=True) for size in pair]
    x = expand_dims(reshape(x, tuple(-1 if size is None else size for size in sizes)), tuple(range(0, 2 * rank, 2)))
    joined = [-1 if size is None else count * size for count, size in zip(counts, sizes, strict=True)]
    return reshape(broadcast_to(x, tuple(interleaved)), tuple(joined))
