"""Operations that repeat, turn around, shift and frame what is in a value."""

from collections.abc import Sequence

import numpy as np

from ..engine.dispatch import apply
from ..engine.memory_budget import MOST_AXES, take_array
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, NotSupportedError, ShapeError, brief
from .core import as_sizes, as_value, normalize_axes, shape
from .shaping import broadcast_to, expand_dims, get_item, ravel, reshape, take, transpose

Axes = int | Sequence[int] | None

_ROLL = Primitive(
    "roll",
    np.roll,
    shape=lambda x, shift, axis: (x.shape, x.dtype),
    vjps=(lambda g, y, x, shift, axis: apply(_ROLL, g, shift=tuple(-each for each in shift), axis=axis),),
)


def _inside(widths: tuple, sizes: tuple) -> tuple:
    return tuple(slice(before, before + size) for (before, _), size in zip(widths, sizes, strict=True))


def _pad_kernel(x: np.ndarray, widths: tuple, value: float, out: np.ndarray | None = None) -> np.ndarray:
    if out is None:
        out = np.empty(_pad_rule(Spec(x.shape, ""), widths, value)[0], x.dtype)
    out[...] = value
    out[_inside(widths, x.shape)] = x
    return out


def _pad_rule(x: Spec, widths: tuple, value: float) -> tuple:
    pairs = zip(widths, x.shape, strict=True)
    return tuple(None if size is None else before + size + after for (before, after), size in pairs), x.dtype


_PAD = Primitive(
    "pad",
    _pad_kernel,
    shape=_pad_rule,
    vjps=(lambda g, y, x, widths, value: get_item(g, _inside(widths, x.shape)),),
    has_out=True,
)


@op("numpy.Repeat", settings="repeats axis")
def repeat(x: object, repeats: object, axis: int | None = None) -> object:
    """Repeats each element along an axis.

    Args:
        x: A value of any shape.
        repeats: How many times; a number, or one for each place along the axis.
        axis: The axis; None: the flattened value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> repeat([1, 2], 2)
        array([1, 1, 2, 2], dtype=int32)
    """
    x = as_value(x)
    if axis is None:
        x, axis = ravel(x), 0
    sizes = shape(x)
    axis = normalize_axes(axis, len(sizes))[0]
    counts = np.asarray(repeats)
    if counts.dtype.kind not in "iu" or counts.ndim > 1 or (counts < 0).any():
        raise ArgumentError(f"`repeat` expects whole numbers of at least 0. Received: repeats={brief(repeats)}")
    if counts.size != 1:
        if sizes[axis] is None or counts.size != sizes[axis]:
            raise ShapeError(
                f"`repeat` expects one number, or one for each place along the axis. Received: {counts.size} for "
                f"axis {axis} of shape {sizes}"
            )
        take_array(counts.size + int(counts.sum(dtype=object)), "int64", "What `repeat` takes")
        return take(x, np.repeat(np.arange(sizes[axis]), counts), axis)
    count = int(counts.reshape(()))
    spread = broadcast_to(expand_dims(x, axis + 1), (*sizes[: axis + 1], count, *sizes[axis + 1 :]))
    size = None if sizes[axis] is None else sizes[axis] * count
    return reshape(spread, tuple(-1 if each is None else each for each in (*sizes[:axis], size, *sizes[axis + 1 :])))


@op("numpy.Tile", settings="repeats")
def tile(x: object, repeats: int | Sequence[int]) -> object:
    """Puts copies of a value side by side.

    Args:
        x: A value of any shape.
        repeats: How many copies along each axis; with fewer numbers than axes, along the last ones.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> tile([1, 2], 2)
        array([1, 2, 1, 2], dtype=int32)
    """
    x = as_value(x)
    counts = as_sizes(repeats, "tile", "repeats")
    rank = len(shape(x)) if len(shape(x)) > len(counts) else len(counts)
    counts = (1,) * (rank - len(counts)) + counts
    sizes = (1,) * (rank - len(shape(x))) + shape(x)
    if 2 * rank > MOST_AXES:
        raise ShapeError(f"`tile` works with up to {MOST_AXES // 2} axes. Received: {rank} axes")
    if any(count < 0 for count in counts):
        raise ArgumentError(f"`tile` expects whole numbers of at least 0. Received: repeats={brief(repeats)}")
    spread = [size for pair in zip(counts, sizes, strict=True) for size in pair]
    x = expand_dims(reshape(x, tuple(-1 if size is None else size for size in sizes)), tuple(range(0, 2 * rank, 2)))
    joined = [-1 if size is None else count * size for count, size in zip(counts, sizes, strict=True)]
    return reshape(broadcast_to(x, tuple(spread)), tuple(joined))


@op("numpy.Roll", settings="shift axis")
def roll(x: object, shift: int | Sequence[int], axis: Axes = None) -> object:
    """Shifts elements along axes; those that leave at the end come in at the start.

    Args:
        x: A value of any shape.
        shift: How far; a number, or one for each axis.
        axis: An axis or several; None: the flattened value, which then gets its shape again.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> roll([1, 2, 3], 1)
        array([3, 1, 2], dtype=int32)
    """
    x = as_value(x)
    if axis is None:
        sizes = tuple(-1 if size is None else size for size in shape(x))
        return reshape(roll(ravel(x), shift, 0), sizes)
    axes = [normalize_axes(each, len(shape(x)))[0] for each in (axis if hasattr(axis, "__iter__") else [axis])]
    shifts = list(as_sizes(shift, "roll", "shift"))
    shifts = shifts * len(axes) if len(shifts) == 1 else shifts
    if len(shifts) != len(axes):
        raise ShapeError(f"`roll` expects as many shifts as axes. Received: shift={brief(shift)}, axis={brief(axis)}")
    return apply(_ROLL, x, shift=tuple(shifts), axis=tuple(axes))


@op("numpy.Flip", settings="axis")
def flip(x: object, axis: Axes = None) -> object:
    """Turns the order of elements around along axes; along all of them by default.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> flip([1, 2, 3])
        array([3, 2, 1], dtype=int32)
    """
    x = as_value(x)
    axes = normalize_axes(axis, len(shape(x)))
    return get_item(x, tuple(slice(None, None, -1 if place in axes else None) for place in range(len(shape(x)))))


@op("numpy.Fliplr")
def fliplr(x: object) -> object:
    """Turns the order of the columns around, those of the second axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> fliplr([[1, 2], [3, 4]])
        array([[2, 1],
               [4, 3]], dtype=int32)
    """
    return flip(x, 1)


@op("numpy.Flipud")
def flipud(x: object) -> object:
    """Turns the order of the rows around, those of the first axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> flipud([[1, 2], [3, 4]])
        array([[3, 4],
               [1, 2]], dtype=int32)
    """
    return flip(x, 0)


@op("numpy.Rot90", settings="k axes")
def rot90(array: object, k: int = 1, axes: tuple[int, int] = (0, 1)) -> object:
    """Turns the plane of two axes by right angles, from the first axis towards the second.

    Args:
        array: A value of at least two axes.
        k: How many right angles.
        axes: The two axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> rot90([[1, 2], [3, 4]])
        array([[2, 4],
               [1, 3]], dtype=int32)
    """
    array = as_value(array)
    rank = len(shape(array))
    if len(axes) != 2 or rank < 2:
        raise ShapeError(f"`rot90` expects two axes of a matrix. Received: axes={brief(axes)} of shape {shape(array)}")
    first, second = (normalize_axes(axis, rank)[0] for axis in axes)
    if first == second:
        raise ShapeError(f"`rot90` expects two different axes. Received: axes={brief(axes)}")
    if k % 4 == 2:
        return flip(array, (first, second))
    order = list(range(rank))
    order[first], order[second] = second, first
    if k % 4 == 1:
        return transpose(flip(array, second), order)
    return flip(transpose(array, order), second) if k % 4 == 3 else array


def _pad_in_keras(x: object, pad_width: object, **others: object) -> dict:
    """On TensorFlow, Keras's class takes no less than a pair for each axis."""
    return {"pad_width": _widths(pad_width, len(shape(x)))}


@op("numpy.Pad", settings="pad_width mode", as_in_keras=_pad_in_keras)
def pad(x: object, pad_width: object, mode: str = "constant", constant_values: float | None = None) -> object:
    """Puts a frame around a value.

    Args:
        x: A value of any shape.
        pad_width: How wide, before and after: a number, a pair, or a pair for each axis.
        mode: What the frame is made of: "constant"; "reflect", the elements mirrored at the first and the last one;
            "symmetric", the elements mirrored at the edge.
        constant_values: The number in a constant frame; 0 by default.

    Raises:
        ArgumentError: If an argument cannot work.
        NotSupportedError: For other modes of numpy.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> pad([1, 2], (1, 2))
        array([0, 1, 2, 0, 0], dtype=int32)
    """
    x = as_value(x)
    widths = _widths(pad_width, len(shape(x)))
    if mode != "constant" and constant_values is not None:
        raise ArgumentError(f"`pad` uses `constant_values` in the mode 'constant' only. Received: mode={brief(mode)}")
    if mode == "constant":
        value = 0 if constant_values is None else constant_values
        if not isinstance(value, (bool, int, float, np.number)):
            raise NotSupportedError(f"`pad` fills with one number. Received: constant_values={brief(value)}")
        return apply(_PAD, x, widths=widths, value=value)
    if mode not in ("reflect", "symmetric"):
        raise NotSupportedError(
            f"`pad` has the modes 'constant', 'reflect' and 'symmetric'. Received: mode={brief(mode)}"
        )
    for axis, width in enumerate(widths):
        if width != (0, 0):
            x = take(x, _mirrored(shape(x)[axis], width, mode, axis), axis)
    return x


def _widths(pad_width: object, rank: int) -> tuple:
    try:
        widths = np.broadcast_to(np.asarray(pad_width), (rank, 2))
    except ValueError:
        widths = np.float32([-1])
    if widths.dtype.kind not in "iu" or (widths < 0).any():
        raise ArgumentError(
            f"`pad` expects `pad_width` as a number, a pair, or a pair for each of the {rank} axes. "
            f"Received: pad_width={brief(pad_width)}"
        )
    return tuple((int(before), int(after)) for before, after in widths)


def _mirrored(size: int | None, width: tuple, mode: str, axis: int) -> np.ndarray:
    if size is None or max(width) > size - (mode == "reflect"):
        raise ShapeError(f"`pad`: {max(width)} elements cannot be mirrored from the {size} of axis {axis} ({mode!r}).")
    take_array(2 * size + sum(width), "int64", "What `pad` takes")
    return np.pad(np.arange(size), width, mode)
