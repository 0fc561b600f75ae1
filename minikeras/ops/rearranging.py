"""Rearrangement of elements: rolls, flips and rotations."""

from collections.abc import Sequence

import numpy as np

from ..engine.batch_rules import along_another
from ..engine.dispatch import apply
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ShapeError, brief
from ..typing import Axis, Tensor, TensorLike
from .common.arguments import as_sizes, as_value, normalize_axes, normalize_axis, static_shape
from .indexing import get_item
from .shaping import ravel, reshape, transpose

_ALL, _BACKWARDS = slice(None), slice(None, None, -1)


def _roll_kernel(x: np.ndarray, shift: tuple, axis: tuple) -> np.ndarray:
    for steps, position in zip(shift, axis, strict=True):
        before, size = (slice(None),) * position, x.shape[position]
        cut = -steps % size if size else 0
        out = np.empty(x.shape, x.dtype)
        out[(*before, slice(size - cut, None))] = x[(*before, slice(cut))]
        out[(*before, slice(size - cut))] = x[(*before, slice(cut, None))]
        x = out
    return x


_ROLL = Primitive(
    "roll",
    _roll_kernel,
    shape=lambda x, shift, axis: (x.shape, x.dtype),
    vjps=(lambda g, y, x, shift, axis: apply(_ROLL, g, shift=tuple(-each for each in shift), axis=axis),),
    batch=along_another,
    takes_text=True,
)


@specialized
@op("numpy.Roll", settings="shift axis")
def roll(x: TensorLike, shift: int | Sequence[int], axis: Axis = None) -> Tensor:
    """Rolls elements along axes; those beyond the last position re-enter at the first.

    Args:
        x: Input tensor, of any shape.
        shift: The number of positions; an integer, or one for each axis.
        axis: Axis or axes; None flattens the input, rolls it and restores its shape.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> roll([1, 2, 3], 1)
        array([3, 1, 2], dtype=int32)
    """
    x = as_value(x)
    if axis is None:
        sizes = tuple(-1 if size is None else size for size in static_shape(x))
        return reshape(roll(ravel(x), shift, 0), sizes)
    if type(shift) is int and type(axis) is int:
        return apply(_ROLL, x, shift=(shift,), axis=normalize_axes(axis, len(static_shape(x))))
    axes = [normalize_axis(each, len(static_shape(x))) for each in (axis if hasattr(axis, "__iter__") else [axis])]
    shifts = list(as_sizes(shift, "roll", "shift"))
    shifts = shifts * len(axes) if len(shifts) == 1 else shifts
    if len(shifts) != len(axes):
        raise ShapeError(f"`roll` expects as many shifts as axes. Received: shift={brief(shift)}, axis={brief(axis)}")
    return apply(_ROLL, x, shift=tuple(shifts), axis=tuple(axes))


@specialized
@op("numpy.Flip", settings="axis")
def flip(x: TensorLike, axis: Axis = None) -> Tensor:
    """Reverses the order of elements along the given axes, by default along all.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> flip([1, 2, 3])
        array([3, 2, 1], dtype=int32)
    """
    x = as_value(x)
    axes = normalize_axes(axis, len(static_shape(x)))
    return get_item(x, tuple(slice(None, None, -1 if index in axes else None) for index in range(len(static_shape(x)))))


@specialized
@op("numpy.Fliplr")
def fliplr(x: TensorLike) -> Tensor:
    """Flips left to right: reverses the second axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> fliplr([[1, 2], [3, 4]])
        array([[2, 1],
               [4, 3]], dtype=int32)
    """
    return flip(x, 1)


@specialized
@op("numpy.Flipud")
def flipud(x: TensorLike) -> Tensor:
    """Flips upside down: reverses the first axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> flipud([[1, 2], [3, 4]])
        array([[3, 4],
               [1, 2]], dtype=int32)
    """
    return flip(x, 0)


@specialized
@op("numpy.Rot90", settings="k axes")
def rot90(array: TensorLike, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Tensor:
    """Rotates by 90 degrees in the plane of two axes, from the first axis towards the second.

    Args:
        array: Input tensor with at least two axes.
        k: The number of rotations by 90 degrees.
        axes: The two axes of the plane.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> rot90([[1, 2], [3, 4]])
        array([[2, 4],
               [1, 3]], dtype=int32)
    """
    array = as_value(array)
    rank = len(static_shape(array))
    if len(axes) != 2 or rank < 2:
        raise ShapeError(
            f"`rot90` expects two axes of a tensor with at least two. "
            f"Received: axes={brief(axes)} of shape {static_shape(array)}"
        )
    first, second = (normalize_axis(axis, rank) for axis in axes)
    if first == second:
        raise ShapeError(f"`rot90` expects two different axes. Received: axes={brief(axes)}")
    if k % 4 == 2:
        return flip(array, (first, second))
    order = list(range(rank))
    order[first], order[second] = second, first
    if k % 4 == 1:
        return transpose(flip(array, second), order)
    return flip(transpose(array, order), second) if k % 4 == 3 else array
