"""Operations that move elements without changing them. Most are views: a replayed step does not run them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec, broadcast_shapes
from ..engine.registry import op
from ..errors import ArgumentError, ArgumentTypeError, ShapeError
from ..graph.keras_tensor import KerasTensor
from ..graph.stand_in_sizes import common
from .core import as_sizes, cast, convert_to_tensor, normalize_axes, promoted, shape, unbroadcast
from .indexing import indexed_shape


def _reshape_rule(x: Spec, newshape: tuple) -> tuple:
    if None in x.shape:
        return tuple(None if size == -1 else size for size in newshape), x.dtype
    total = math.prod(x.shape)
    known = math.prod(size for size in newshape if size != -1)
    return tuple(total // known if size == -1 else size for size in newshape), x.dtype


def _broadcast_rule(x: Spec, shape: tuple) -> tuple:
    if len(x.shape) > len(shape) or broadcast_shapes(x.shape, shape) != shape:
        raise ShapeError(f"`broadcast_to`: a value of shape {x.shape} cannot fill the shape {shape}.")
    return shape, x.dtype


_RESHAPE = Primitive(
    "reshape",
    lambda x, newshape: x.reshape(newshape),
    shape=_reshape_rule,
    vjps=(lambda g, y, x, newshape: reshape(g, x.shape),),
    view=True,
)
_TRANSPOSE = Primitive(
    "transpose",
    lambda x, axes: x.transpose(axes),
    shape=lambda x, axes: (tuple(x.shape[axis] for axis in axes), x.dtype),
    vjps=(lambda g, y, x, axes: transpose(g, tuple(sorted(range(len(axes)), key=axes.__getitem__))),),
    view=True,
)
_BROADCAST_TO = Primitive(
    "broadcast_to",
    lambda x, shape: np.broadcast_to(x, shape),
    shape=_broadcast_rule,
    vjps=(lambda g, y, x, shape: unbroadcast(g, x),),
    view=True,
)


def _item_rule(x: Spec, key: object) -> tuple:
    return _gather_rule(x, key=key if isinstance(key, tuple) else (key,))


_GET_ITEM = Primitive(
    "get_item",
    lambda x, key: x[key],
    shape=_item_rule,
    vjps=(lambda g, y, x, key: apply(_PUT_ITEM, g, shape=tuple(x.shape), key=key),),
    view=True,
)


def _put_item_kernel(g: np.ndarray, shape: tuple, key: object, out: np.ndarray | None = None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    out[key] = g
    return out


_PUT_ITEM = Primitive(
    "put_item",
    _put_item_kernel,
    shape=lambda g, shape, key: (shape, g.dtype),
    vjps=(lambda g, y, x, shape, key: apply(_GET_ITEM, g, key=key),),
    has_out=True,
)


@dataclass(frozen=True)
class _Given:
    """Stands in a key for one of the arrays of indices."""

    number: int


def _filled(key: tuple, indices: tuple) -> tuple:
    return tuple(indices[part.number] if isinstance(part, _Given) else part for part in key)


def _without_bounds(sizes: tuple, key: tuple) -> tuple:
    """Returns a key in which free axes are taken whole where there is a slice of them: its size is free, too."""
    taking = sum(part is not None and part is not Ellipsis for part in key)
    result, axis = [], 0
    for part in key:
        if part is Ellipsis:
            axis += len(sizes) - taking
        elif part is not None:
            if axis < len(sizes) and sizes[axis] is None and not isinstance(part, _Given):
                part = slice(None) if isinstance(part, slice) else 0
            axis += 1
        result.append(part)
    return tuple(result)


def _gather_rule(x: Spec, *indices: Spec, key: tuple) -> tuple:
    # A free size is tried as two different sizes: what differs in the results is free there, too.
    key, shapes = _without_bounds(x.shape, key), []
    for free in (97, 101):
        sizes = [[free if size is None else size for size in value.shape] for value in (x, *indices)]
        arrays = tuple(np.broadcast_to(0, each) for each in sizes[1:])
        shapes.append(indexed_shape(sizes[0], _filled(key, arrays)))
    return common(shapes), x.dtype


def _scatter_kernel(g: np.ndarray, *indices: np.ndarray, shape: tuple, key: tuple, out=None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    np.add.at(out, _filled(key, indices), g)
    return out


_GATHER = Primitive(
    "gather",
    lambda x, *indices, key: x[_filled(key, indices)],
    shape=_gather_rule,
    vjps=lambda g, y, x, *indices, key: [
        apply(_SCATTER, g, *indices, shape=tuple(x.shape), key=key),
        *[None] * len(indices),
    ],
)
_SCATTER = Primitive(
    "scatter",
    _scatter_kernel,
    shape=lambda g, *indices, shape, key: (shape, g.dtype),
    vjps=lambda g, y, x, *indices, shape, key: [apply(_GATHER, g, *indices, key=key), *[None] * len(indices)],
    has_out=True,
)


def _concatenate_gradients(g: object, y: object, *inputs: object, axis: int) -> list:
    parts, start = [], 0
    for value in inputs:
        stop = start + value.shape[axis]
        parts.append(g[(slice(None),) * axis + (slice(start, stop),)])
        start = stop
    return parts


def _concatenate_rule(*inputs: Spec, axis: int) -> tuple:
    shapes = [value.shape for value in inputs]
    result = []
    for place, sizes in enumerate(zip(*shapes, strict=False)):
        fixed = sorted({size for size in sizes if size is not None})
        if len({len(shape) for shape in shapes}) > 1 or (place != axis and len(fixed) > 1):
            raise ShapeError(f"`concatenate` along axis {axis}: all other sizes must be equal. Received: {shapes}")
        if place == axis:
            result.append(None if None in sizes else sum(sizes))
        else:
            result.append(fixed[0] if fixed else None)
    return tuple(result), inputs[0].dtype


_CONCATENATE = Primitive(
    "concatenate",
    lambda *arrays, axis: np.concatenate(arrays, axis),
    bind=lambda arrays, out, axis: lambda: np.concatenate(arrays, axis, out),
    shape=_concatenate_rule,
    vjps=_concatenate_gradients,
)


def _take_kernel(x: np.ndarray, indices: np.ndarray, axis: int) -> np.ndarray:
    return np.take(x, indices, axis)


def _put_taken_kernel(g: np.ndarray, indices: np.ndarray, shape: tuple, axis: int, out=None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    np.add.at(out, (slice(None),) * axis + (indices,), g)
    return out


_PUT_TAKEN = Primitive(
    "put_taken",
    _put_taken_kernel,
    shape=lambda g, indices, shape, axis: (shape, g.dtype),
    vjps=(lambda g, y, x, indices, shape, axis: take(g, indices, axis), None),
    has_out=True,
)
_TAKE = Primitive(
    "take",
    _take_kernel,
    shape=lambda x, indices, axis: (x.shape[:axis] + indices.shape + x.shape[axis + 1 :], x.dtype),
    vjps=(lambda g, y, x, indices, axis: apply(_PUT_TAKEN, g, indices, shape=tuple(x.shape), axis=axis), None),
)


def _along(sizes: tuple, indices: np.ndarray, axis: int) -> tuple:
    """Returns the index that picks `indices` along an axis, and on the others each place by itself."""
    rank = len(sizes)
    grids = [np.arange(size).reshape((-1,) + (1,) * (rank - place - 1)) for place, size in enumerate(sizes)]
    return (*grids[:axis], indices, *grids[axis + 1 :])


def _take_along_kernel(x: np.ndarray, indices: np.ndarray, axis: int) -> np.ndarray:
    try:
        return x[_along(x.shape, indices, axis)]
    except IndexError as error:
        raise ArgumentError(f"`take_along_axis` along axis {axis} of shape {x.shape}: {error}") from error


def _put_along_kernel(g: np.ndarray, indices: np.ndarray, shape: tuple, axis: int, out=None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    np.add.at(out, _along(shape, indices, axis), g)
    return out


def _take_along_rule(x: Spec, indices: Spec, axis: int) -> tuple:
    sizes = list(broadcast_shapes(*(value.shape[:axis] + value.shape[axis + 1 :] for value in (x, indices))))
    sizes.insert(axis, indices.shape[axis])
    return tuple(sizes), x.dtype


_PUT_ALONG = Primitive(
    "put_along",
    _put_along_kernel,
    shape=lambda g, indices, shape, axis: (shape, g.dtype),
    vjps=(lambda g, y, x, indices, shape, axis: take_along_axis(g, indices, axis), None),
    has_out=True,
)
_TAKE_ALONG = Primitive(
    "take_along_axis",
    _take_along_kernel,
    shape=_take_along_rule,
    vjps=(lambda g, y, x, indices, axis: apply(_PUT_ALONG, g, indices, shape=tuple(x.shape), axis=axis), None),
)


def _target(x: object, sizes: int | Sequence[int], where: str) -> tuple:
    """Returns the shape that a value gets; None in it is a size that is free, as only symbolic values have it."""
    if isinstance(x, KerasTensor) and isinstance(sizes, (list, tuple)) and any(size is None for size in sizes):
        return tuple(sizes)
    return as_sizes(sizes, where)


def _reshape_in_keras(x: object, newshape: int | Sequence[int]) -> dict:
    return {"newshape": _target(x, newshape, "reshape")}


@op("numpy.Reshape", settings="newshape", as_in_keras=_reshape_in_keras)
def reshape(x: object, newshape: int | Sequence[int]) -> object:
    """Gives the elements another shape; one size may be -1, meaning what is left.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> reshape([[1, 2], [3, 4]], (-1,))
        array([1, 2, 3, 4], dtype=int32)
    """
    newshape, old = _target(x, newshape, "reshape"), shape(x)
    if None not in old and None not in newshape:
        known = math.prod(size for size in newshape if size != -1)
        total = math.prod(old)
        if newshape.count(-1) > 1 or (total % known if -1 in newshape and known else total != known):
            raise ShapeError(f"`reshape`: {total} elements of shape {old} do not fit into shape {newshape}.")
    return apply(_RESHAPE, x, newshape=newshape)


@op("numpy.Ravel")
def ravel(x: object) -> object:
    """Returns all elements in one axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ravel([[1, 2], [3, 4]])
        array([1, 2, 3, 4], dtype=int32)
    """
    return reshape(x, (-1,))


@op("numpy.Transpose", settings="axes")
def transpose(x: object, axes: Sequence[int] | None = None) -> object:
    """Reorders the axes; reverses them by default.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> transpose([[1, 2, 3]]).shape
        (3, 1)
    """
    rank = len(shape(x))
    axes = tuple(range(rank))[::-1] if axes is None else tuple(normalize_axes(axis, rank)[0] for axis in axes)
    if sorted(axes) != list(range(rank)):
        raise ShapeError(f"`transpose` expects each of the {rank} axes once. Received: axes={axes}")
    return apply(_TRANSPOSE, x, axes=axes)


@op("numpy.Swapaxes", settings="axis1 axis2")
def swapaxes(x: object, axis1: int, axis2: int) -> object:
    """Exchanges two axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> swapaxes([[1, 2, 3]], 0, 1).shape
        (3, 1)
    """
    axes = list(range(len(shape(x))))
    first, second = (normalize_axes(axis, len(axes))[0] for axis in (axis1, axis2))
    axes[first], axes[second] = axes[second], axes[first]
    return transpose(x, axes)


@op("numpy.ExpandDims", settings="axis")
def expand_dims(x: object, axis: int | Sequence[int]) -> object:
    """Adds axes of size 1 at the given places of the result.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> expand_dims([1, 2], -1).shape
        (2, 1)
    """
    sizes = list(shape(x))
    count = len(axis) if isinstance(axis, (tuple, list)) else 1
    for place in normalize_axes(axis, len(sizes) + count):
        sizes.insert(place, 1)
    return _with_shape(x, sizes)


@op("numpy.Squeeze", settings="axis")
def squeeze(x: object, axis: int | Sequence[int] | None = None) -> object:
    """Removes axes of size 1; all of them by default.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> squeeze([[1, 2]]).shape
        (2,)
    """
    sizes = shape(x)
    axes = normalize_axes(axis, len(sizes))
    if axis is None:
        axes = tuple(place for place in axes if sizes[place] == 1)
    for place in axes:
        if sizes[place] not in (1, None):
            raise ShapeError(f"`squeeze` can only remove axes of size 1. Received: axis={axis}, shape={sizes}")
    return _with_shape(x, [size for place, size in enumerate(sizes) if place not in axes])


def _with_shape(x: object, sizes: list) -> object:
    return apply(_RESHAPE, x, newshape=tuple(sizes))


@op("numpy.BroadcastTo", settings="shape")
def broadcast_to(x: object, shape: Sequence[int]) -> object:
    """Repeats a value along axes of size 1 to fill a shape.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> broadcast_to([1, 2], (2, 2))
        array([[1, 2],
               [1, 2]], dtype=int32)
    """
    return apply(_BROADCAST_TO, x, shape=_target(x, shape, "broadcast_to"))


@op("numpy.Concatenate", settings="axis")
def concatenate(xs: Sequence, axis: int = 0) -> object:
    """Joins values along an axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> concatenate([[1, 2], [3]])
        array([1, 2, 3], dtype=int32)
    """
    xs = promoted(*xs)
    return apply(_CONCATENATE, *xs, axis=normalize_axes(axis, len(shape(xs[0])))[0])


@op("numpy.Stack", settings="axis")
def stack(x: Sequence, axis: int = 0) -> object:
    """Joins values of one shape along a new axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> stack([[1, 2], [3, 4]]).shape
        (2, 2)
    """
    return concatenate([expand_dims(value, axis) for value in x], axis)


@op("numpy.Take", settings="axis")
def take(x: object, indices: object, axis: int | None = None) -> object:
    """Picks slices along an axis by their indices.

    Args:
        x: The value.
        indices: Integers; negative ones count from the end.
        axis: The axis; None: the flattened value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> take([10, 20, 30], [0, 2])
        array([10, 30], dtype=int32)
    """
    if axis is None:
        x, axis = ravel(x), 0
    if str(getattr(indices, "dtype", None)) == "uint64":
        indices = cast(indices, "int64")  # older versions of numpy index with no uint64
    return apply(_TAKE, x, indices, axis=normalize_axes(axis, len(shape(x)))[0])


@op("numpy.TakeAlongAxis", settings="axis")
def take_along_axis(x: object, indices: object, axis: int | None = None) -> object:
    """Picks elements along an axis, by other indices at each place of the other axes.

    `y[i, j] = x[i, indices[i, j]]` for two axes and `axis=1`.

    Args:
        x: The value.
        indices: Integers, with as many axes as the value; negative ones count from the end. The other axes broadcast.
        axis: The axis; None: the flattened value.

    Raises:
        ShapeError: If the axes do not fit.
        ArgumentError: If an index is out of range.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> take_along_axis([[10, 20], [30, 40]], [[1], [0]], axis=1)
        array([[20],
               [30]], dtype=int32)
    """
    indices = convert_to_tensor(indices)
    if axis is None:
        x, axis = ravel(x), 0
    sizes = shape(x)
    if len(sizes) != len(shape(indices)):
        raise ShapeError(
            "`take_along_axis` expects indices with as many axes as the value. "
            f"Received: x of shape {sizes}, indices of shape {shape(indices)}"
        )
    return apply(_TAKE_ALONG, x, indices, axis=normalize_axes(axis, len(sizes))[0])


def _is_basic(part: object) -> bool:
    return part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice))


def _parsed(key: object) -> tuple[list, list]:
    """Returns the parts of a key, with a mark where there are indices in arrays, and those arrays."""
    template, indices = [], []
    for part in key if isinstance(key, tuple) else (key,):
        if _is_basic(part):
            template.append(part)
            continue
        part = part if hasattr(part, "dtype") else convert_to_tensor(part)
        for array in np.asarray(part).nonzero() if dtype_of(part) == "bool" else (part,):
            if "int" not in dtype_of(array):
                raise ArgumentTypeError(f"Indices are integers. Received: an index of dtype {dtype_of(array)}, {part}")
            template.append(_Given(len(indices)))
            indices.append(array)
    return template, indices


def _is_taking(template: list) -> bool:
    """Whether a key has one array of indices, and integers nowhere else: then it takes along one axis."""
    others = [part for part in template if not isinstance(part, _Given)]
    return len(others) == len(template) - 1 and not any(isinstance(part, (int, np.integer)) for part in others)


def _item_in_keras(x: object, key: object) -> dict | None:
    """Keras's class takes no arrays, and nothing but an integer outside of a tuple."""
    template, indices = _parsed(key)
    if indices:
        return None if _is_taking(template) else {}
    parts = tuple(int(part) if isinstance(part, np.integer) else part for part in template)
    return {"key": parts if isinstance(key, tuple) or not isinstance(parts[0], int) else parts[0]}


@op("numpy.GetItem", as_in_keras=_item_in_keras)
def get_item(x: object, key: object) -> object:
    """Returns `x[key]`, as numpy does.

    Args:
        x: The value.
        key: Integers, slices, `...`, None, arrays of integers, or a tuple of these. An array of booleans makes the
            shape depend on what is in it; a step that computed it is not replayed then.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> get_item([[1, 2], [3, 4]], (0, slice(1, None)))
        array([2], dtype=int32)
        >>> get_item([[1, 2], [3, 4]], ([0, 1], [1, 0]))
        array([2, 3], dtype=int32)
    """
    if all(_is_basic(part) for part in (key if isinstance(key, tuple) else (key,))):
        return apply(_GET_ITEM, x, key=key)
    template, indices = _parsed(key)
    if _is_taking(template):
        place = next(place for place, part in enumerate(template) if isinstance(part, _Given))
        rest = (*template[:place], slice(None), *template[place + 1 :])
        x = x if all(part == slice(None) for part in rest) else get_item(x, rest)
        return take(x, indices[0], axis=place - len(template) if Ellipsis in rest[:place] else place)
    return apply(_GATHER, x, *indices, key=tuple(template))


@op("numpy.Moveaxis", settings="source destination")
def moveaxis(x: object, source: int | Sequence[int], destination: int | Sequence[int]) -> object:
    """Moves axes to other places; the rest keep their order.

    Args:
        x: A value of any shape.
        source: An axis or several.
        destination: As many places in the result.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> moveaxis([[[1, 2, 3]]], -1, 0).shape
        (3, 1, 1)
    """
    rank = len(shape(x))
    sources, places = (
        [normalize_axes(axis, rank)[0] for axis in (axes if isinstance(axes, (tuple, list)) else (axes,))]
        for axes in (source, destination)
    )
    if len(sources) != len(places):
        raise ShapeError(f"`moveaxis` needs as many places as axes. Received: {source} to {destination}")
    axes = [axis for axis in range(rank) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        axes.insert(place, axis)
    return transpose(x, axes)
