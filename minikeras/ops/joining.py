"""Values put together and taken apart along an axis."""

from collections.abc import Sequence

import numpy as np

from ..engine.memory_budget import take_list
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError, brief
from .core import as_value, normalize_axes, shape
from .shaping import broadcast_to, concatenate, expand_dims, get_item, ravel

Sections = int | Sequence[int]


@op("numpy.Append", settings="axis")
def append(x1: object, x2: object, axis: int | None = None) -> object:
    """Puts a value behind another one.

    Args:
        x1: A value.
        x2: What comes behind it.
        axis: The axis; None: both are flattened.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> append([1, 2], [[3]])
        array([1, 2, 3], dtype=int32)
    """
    x1, x2 = as_value(x1), as_value(x2)
    return concatenate([ravel(x1), ravel(x2)]) if axis is None else concatenate([x1, x2], axis)


@op("numpy.Hstack")
def hstack(xs: Sequence) -> object:
    """Joins values side by side: along the second axis, or the first one if there is no other.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> hstack([[1, 2], [3]])
        array([1, 2, 3], dtype=int32)
    """
    xs = [_with_axes(x, 1) for x in xs]
    return concatenate(xs, 0 if len(shape(xs[0])) == 1 else 1)


@op("numpy.Vstack")
def vstack(xs: Sequence) -> object:
    """Joins values one below the other, along the first axis; vectors are rows.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> vstack([[1, 2], [3, 4]])
        array([[1, 2],
               [3, 4]], dtype=int32)
    """
    return concatenate([_with_axes(x, 2) for x in xs], 0)


@op("numpy.Dstack")
def dstack(xs: Sequence) -> object:
    """Joins values one behind the other, along the third axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> dstack([[1, 2], [3, 4]]).tolist()
        [[[1, 3], [2, 4]]]
    """
    return concatenate([_with_axes(x, 3) for x in xs], 2)


def _with_axes(x: object, rank: int) -> object:
    """Returns a value with at least so many axes, made as numpy makes them."""
    x = as_value(x)
    if not shape(x):
        x = expand_dims(x, 0)
    if len(shape(x)) == 1 and rank > 1:
        x = expand_dims(x, 0)
    return expand_dims(x, 2) if len(shape(x)) == 2 and rank > 2 else x


@op("numpy.Split", settings="indices_or_sections axis")
def split(x: object, indices_or_sections: Sections, axis: int = 0) -> list:
    """Cuts a value into parts along an axis.

    Args:
        x: A value.
        indices_or_sections: How many equal parts, or the indices at which to cut.
        axis: The axis.

    Returns:
        The list of the parts.

    Raises:
        ShapeError: If the axis cannot be cut into so many equal parts.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> split([1, 2, 3, 4], 2)
        [array([1, 2], dtype=int32), array([3, 4], dtype=int32)]
    """
    return _cut("split", x, indices_or_sections, axis)


def _parts_in_keras(x: object, indices_or_sections: Sections, axis: int) -> dict | None:
    return {} if isinstance(indices_or_sections, (int, np.integer)) else None


@op("numpy.ArraySplit", settings="indices_or_sections axis", as_in_keras=_parts_in_keras)
def array_split(x: object, indices_or_sections: Sections, axis: int = 0) -> list:
    """Cuts a value into parts along an axis; the first ones may be longer by one than the others.

    Args:
        x: A value.
        indices_or_sections: How many parts, or the indices at which to cut.
        axis: The axis.

    Returns:
        The list of the parts.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in array_split([1, 2, 3], 2)]
        [[1, 2], [3]]
    """
    return _cut("array_split", x, indices_or_sections, axis)


@op("numpy.Hsplit", settings="indices_or_sections")
def hsplit(x: object, indices_or_sections: Sections) -> list:
    """Cuts a value along the second axis, or the first one if there is no other; see `split`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in hsplit([[1, 2], [3, 4]], 2)]
        [[[1], [3]], [[2], [4]]]
    """
    return _cut("hsplit", x, indices_or_sections, 1 if len(shape(as_value(x))) > 1 else 0)


@op("numpy.Vsplit", settings="indices_or_sections")
def vsplit(x: object, indices_or_sections: Sections) -> list:
    """Cuts a value along the first axis; see `split`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [part.tolist() for part in vsplit([[1, 2], [3, 4]], 2)]
        [[[1, 2]], [[3, 4]]]
    """
    return _cut("vsplit", x, indices_or_sections, 0)


def _cut(name: str, x: object, indices_or_sections: Sections, axis: int) -> list:
    x = as_value(x)
    axis = normalize_axes(axis, len(shape(x)))[0]
    if isinstance(indices_or_sections, (int, np.integer)):
        cuts = _equal_cuts(name, shape(x), int(indices_or_sections), axis)
    else:
        cuts = [int(index) for index in indices_or_sections]
    before = (slice(None),) * axis
    return [get_item(x, (*before, slice(*ends))) for ends in zip([0, *cuts], [*cuts, None], strict=True)]


def _equal_cuts(name: str, sizes: tuple, count: int, axis: int) -> list[int]:
    size = sizes[axis]
    if count < 1 or size is None or (name != "array_split" and size % count):
        raise ShapeError(f"`{name}`: axis {axis} of shape {sizes} cannot be cut into {count} equal parts.")
    take_list(count, f"`{name}` into {count} parts")
    length, longer = divmod(size, count)
    return [number * length + (number if number < longer else longer) for number in range(1, count)]


@op("core.Unstack", settings="num axis")
def unstack(x: object, num: int | None = None, axis: int = 0) -> list:
    """Takes a value apart along an axis, which the parts do not have any more.

    Args:
        x: A value.
        num: The size of the axis; needed if it is free.
        axis: The axis.

    Raises:
        ArgumentError: If `num` is missing, or is not the size of the axis.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> [part.tolist() for part in unstack([[1, 2], [3, 4]])]
        [[1, 2], [3, 4]]
    """
    x = as_value(x)
    axis = normalize_axes(axis, len(shape(x)))[0]
    size = shape(x)[axis]
    count = size if num is None else num
    if count is None or (size is not None and count != size):
        raise ArgumentError(f"`unstack`: `num` is the size {size} of axis {axis}. Received: num={brief(num)}")
    take_list(count, f"`unstack` into {count} parts")
    return [get_item(x, (*(slice(None),) * axis, number)) for number in range(count)]


@op("numpy.Meshgrid", settings="indexing")
def meshgrid(*x: object, indexing: str = "xy") -> list:
    """Returns the coordinates of a grid as one value for each of its axes.

    Args:
        *x: The coordinates along each axis.
        indexing: "xy": the first coordinate runs along the second axis of the results; "ij": along the first.

    Raises:
        ArgumentError: For another `indexing`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [grid.tolist() for grid in meshgrid([1, 2], [3, 4])]
        [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]
    """
    if indexing not in ("xy", "ij"):
        raise ArgumentError(f"`meshgrid` expects indexing='xy' or 'ij'. Received: indexing={brief(indexing)}")
    lines = [ravel(as_value(line)) for line in x]
    order = list(range(len(lines)))
    if indexing == "xy" and len(lines) > 1:
        order[:2] = [1, 0]
    sizes = tuple(shape(lines[place])[0] for place in order)
    grids = []
    for number, line in enumerate(lines):
        place = order.index(number)
        others = tuple(axis for axis in range(len(lines)) if axis != place)
        grids.append(broadcast_to(expand_dims(line, others) if others else line, sizes))
    return grids
