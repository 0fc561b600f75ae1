"""Basic and advanced indexing, and gathering along an axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..engine.batch_rules import Batching, resized
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of, is_inexact
from ..engine.primitive import Primitive, Spec, broadcast_shapes
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentTypeError, OutOfRangeError, ShapeError, brief
from ..graph.stand_in_sizes import common
from ..typing import Tensor, TensorLike
from .common.accumulation import combine_rows_at
from .common.arguments import as_value, normalize_axis, static_shape
from .common.index_shapes import indexed_shape
from .conversion import cast, convert_to_tensor
from .shaping import ravel


def _item_rule(x: Spec, key: object) -> tuple:
    return _gather_rule(x, key=key if isinstance(key, tuple) else (key,))


def _key_of_block(key: object, shape: tuple) -> tuple | None:
    """Returns a key that selects from some examples what the given one selects from all; None if it selects some."""
    key = key if isinstance(key, tuple) else (key,)
    first = key[0] if key else None
    if first is Ellipsis:
        return key if sum(part is not None for part in key) <= len(shape) else None
    if not isinstance(first, slice) or first.indices(shape[0]) != (0, shape[0], 1):
        return None
    return (slice(None), *key[1:])


def _get_item_batch(axes: tuple, x: Spec, key: object) -> Batching | None:
    own = _key_of_block(key, x.shape)
    return None if own is None or axes != (0,) else Batching(axes, 0, lambda size: {"key": own})


def _put_item_batch(axes: tuple, g: Spec, shape: tuple, key: object) -> Batching | None:
    own = _key_of_block(key, shape)
    return None if own is None or axes != (0,) else Batching(axes, 0, resized(shape, 0, "shape", {"key": own}))


_GET_ITEM = Primitive(
    "get_item",
    lambda x, key: x[key],
    shape=_item_rule,
    vjps=(lambda g, y, x, key: apply(_PUT_ITEM, g, shape=tuple(x.shape), key=key),),
    view=True,
    batch=_get_item_batch,
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
    batch=_put_item_batch,
    takes_text=True,
)


_FEW = 1024  # gradients that `np.add.at` adds in the time of numbering rows


@dataclass(frozen=True)
class _Given:
    """Placeholder in a key for one of the index arrays."""

    number: int


def _filled(key: tuple, indices: tuple) -> tuple:
    return tuple(indices[part.number] if isinstance(part, _Given) else part for part in key)


def _without_bounds(sizes: tuple, key: tuple) -> tuple:
    """Returns a key in which slices of axes of unknown size are full: the result's size is unknown as well."""
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
    # Unknown sizes are replaced by two different numbers; sizes that differ between the results are unknown.
    key, shapes = _without_bounds(x.shape, key), []
    for free in (97, 101):
        sizes = [[free if size is None else size for size in value.shape] for value in (x, *indices)]
        arrays = tuple(np.broadcast_to(0, each) for each in sizes[1:])
        shapes.append(indexed_shape(sizes[0], _filled(key, arrays)))
    return common(shapes), x.dtype


def _scatter_kernel(g: np.ndarray, *indices: np.ndarray, shape: tuple, key: tuple, out=None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    if not all(isinstance(part, _Given) for part in key):
        lead = _without_whole_axes(key, len(shape))
        indexed = shape[: sum(part is not None for part in lead)]
        if g.size < max(_FEW, math.prod(indexed) // 4):
            np.add.at(out, _filled(key, indices), g)
            return out
        # The key of the rows, applied to their numbers, tells where each gradient goes.
        numbers = np.arange(math.prod(indexed)).reshape(indexed)
        _add_at(out, indexed, g, numbers[_filled(lead, indices)])
        return out
    indexed = shape[: len(indices)]
    _add_at(out, indexed, g, np.ravel_multi_index(_wrapped(indices, indexed), indexed))
    return out


def _without_whole_axes(key: tuple, rank: int) -> tuple:
    """Returns a key without `...`, and without the last axes if they are taken whole."""
    missing = (slice(None),) * (rank - sum(part is not None and part is not Ellipsis for part in key))
    position = next((number for number, part in enumerate(key) if part is Ellipsis), None)
    parts = [*key, *missing] if position is None else [*key[:position], *missing, *key[position + 1 :]]
    while isinstance(parts[-1], slice) and parts[-1] == slice(None):
        parts.pop()
    return tuple(parts)


def _wrapped(indices: Sequence[np.ndarray], sizes: Sequence[int]) -> tuple:
    """Returns indices with negative ones counted from the end."""
    wide = (each.astype(np.intp, copy=False) for each in indices)
    return tuple(np.where(each < 0, each + size, each) for each, size in zip(wide, sizes, strict=True))


def _add_at(out: np.ndarray, indexed: Sequence[int], g: np.ndarray, places: np.ndarray) -> None:
    """Adds gradients to rows of an array, of which the first axes, of the given sizes, are indexed by places."""
    target = out if out.flags.c_contiguous else np.zeros(out.shape, out.dtype)
    rows = target.reshape(math.prod(indexed), *out.shape[len(indexed) :])
    combine_rows_at(np.add, rows, places.reshape(-1), g.reshape(places.size, *rows.shape[1:]))
    if target is not out:
        out[...] = target


_GATHER = Primitive(
    "gather",
    lambda x, *indices, key: x[_filled(key, indices)],
    shape=_gather_rule,
    vjps=lambda g, y, x, *indices, key: [
        apply(_SCATTER, g, *indices, shape=tuple(x.shape), key=key),
        *[None] * len(indices),
    ],
    takes_text=True,
)
_SCATTER = Primitive(
    "scatter",
    _scatter_kernel,
    shape=lambda g, *indices, shape, key: (shape, g.dtype),
    vjps=lambda g, y, x, *indices, shape, key: [apply(_GATHER, g, *indices, key=key), *[None] * len(indices)],
    has_out=True,
)


def _take_kernel(x: np.ndarray, indices: np.ndarray, axis: int) -> np.ndarray:
    try:
        return x.take(indices, axis)
    except IndexError as error:
        raise OutOfRangeError(f"`take` along axis {axis} of shape {x.shape}: {error}") from error


def _put_taken_kernel(g: np.ndarray, indices: np.ndarray, shape: tuple, axis: int, out=None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    (places,) = _wrapped([indices], shape[axis : axis + 1])
    outer = np.arange(math.prod(shape[:axis])) * shape[axis]
    places = places.reshape(-1) if axis == 0 else (outer[:, None] + places.reshape(-1)).reshape(-1)
    _add_at(out, shape[: axis + 1], g, places)
    return out


def _take_batch(axes: tuple, x: Spec, indices: Spec, axis: int) -> Batching | None:
    rows = axes == (None, 0) and axis == 0  # such as those of an embedding
    return Batching(axes, 0) if rows or (axes == (0, None) and axis > 0) else None


def _put_taken_batch(axes: tuple, g: Spec, indices: Spec, shape: tuple, axis: int) -> Batching | None:
    if axes != (0, None) or axis == 0:
        return None
    return Batching(axes, 0, resized(shape, 0, "shape", {"axis": axis}))


_PUT_TAKEN = Primitive(
    "put_taken",
    _put_taken_kernel,
    shape=lambda g, indices, shape, axis: (shape, g.dtype),
    vjps=(lambda g, y, x, indices, shape, axis: take(g, indices, axis), None),
    has_out=True,
    batch=_put_taken_batch,
    takes_text=True,
)
_TAKE = Primitive(
    "take",
    _take_kernel,
    shape=lambda x, indices, axis: (x.shape[:axis] + indices.shape + x.shape[axis + 1 :], x.dtype),
    vjps=(lambda g, y, x, indices, axis: apply(_PUT_TAKEN, g, indices, shape=tuple(x.shape), axis=axis), None),
    computes=False,
    batch=_take_batch,
)


def _along(sizes: tuple, indices: np.ndarray, axis: int) -> tuple:
    """Returns the key that selects `indices` along an axis and iterates over the other axes."""
    grids = _grids(sizes)
    return (*grids[:axis], indices, *grids[axis + 1 :])


@lru_cache(maxsize=32)
def _grids(sizes: tuple) -> list[np.ndarray]:
    """Returns the indices along each axis, in a shape that broadcasts with those of the others."""
    rank = len(sizes)
    return [np.arange(size).reshape((-1,) + (1,) * (rank - position - 1)) for position, size in enumerate(sizes)]


def _take_along_kernel(x: np.ndarray, indices: np.ndarray, axis: int) -> np.ndarray:
    try:
        return x[_along(x.shape, indices, axis)]
    except IndexError as error:
        raise OutOfRangeError(f"`take_along_axis` along axis {axis} of shape {x.shape}: {error}") from error


def _put_along_kernel(g: np.ndarray, indices: np.ndarray, shape: tuple, axis: int, out=None) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    indices = _wrapped([indices], shape[axis : axis + 1])[0]
    places = np.ravel_multi_index(np.broadcast_arrays(*_along(shape, indices, axis)), shape)
    _add_at(out, shape, g, places)
    return out


def _take_along_rule(x: Spec, indices: Spec, axis: int) -> tuple:
    sizes = list(broadcast_shapes(*(value.shape[:axis] + value.shape[axis + 1 :] for value in (x, indices))))
    sizes.insert(axis, indices.shape[axis])
    return tuple(sizes), x.dtype


def _along_batch(axes: tuple, x: Spec, indices: Spec, axis: int, shape: tuple | None = None) -> Batching | None:
    is_shared = axes[1] is None and indices.shape[0] == 1
    if axis == 0 or axes[0] != 0 or axes[1] not in (0, None):
        return None
    params = None if shape is None else resized(shape, 0, "shape", {"axis": axis})
    return Batching((0, None if is_shared else 0), 0, params)


_PUT_ALONG = Primitive(
    "put_along",
    _put_along_kernel,
    shape=lambda g, indices, shape, axis: (shape, g.dtype),
    vjps=(lambda g, y, x, indices, shape, axis: take_along_axis(g, indices, axis), None),
    has_out=True,
    batch=_along_batch,
    takes_text=True,
)
_TAKE_ALONG = Primitive(
    "take_along_axis",
    _take_along_kernel,
    shape=_take_along_rule,
    vjps=(lambda g, y, x, indices, axis: apply(_PUT_ALONG, g, indices, shape=tuple(x.shape), axis=axis), None),
    batch=_along_batch,
    takes_text=True,
)


@specialized
@op("numpy.Take", settings="axis")
def take(x: TensorLike, indices: TensorLike, axis: int | None = None) -> Tensor:
    """Gathers elements along an axis.

    Args:
        x: Input tensor.
        indices: Integers; negative ones count from the end.
        axis: The axis; None flattens the input first.

    Raises:
        ArgumentTypeError: If the indices are not integers.
        OutOfRangeError: If one is out of range.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> take([10, 20, 30], [0, 2])
        array([10, 30], dtype=int32)
    """
    if axis is None:
        x, axis = ravel(x), 0
    indices = as_value(indices)
    dtype = dtype_of(indices)
    if is_inexact(dtype):
        raise ArgumentTypeError(f"`take` expects integers as indices. Received: dtype {dtype}")
    if dtype == "uint64":
        indices = cast(indices, "int64")  # older versions of numpy cannot index with uint64
    return apply(_TAKE, x, indices, axis=normalize_axis(axis, len(static_shape(x))))


@op("numpy.TakeAlongAxis", settings="axis")
def take_along_axis(x: TensorLike, indices: TensorLike, axis: int | None = None) -> Tensor:
    """Selects values along an axis by an array of indices of matching shape.

    `y[i, j] = x[i, indices[i, j]]` for two axes and `axis=1`.

    Args:
        x: Input tensor.
        indices: Integers, with as many axes as `x`; negative ones count from the end. The other axes broadcast.
        axis: The axis; None flattens the input first.

    Raises:
        ShapeError: If the ranks differ.
        OutOfRangeError: If an index is out of range.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> take_along_axis([[10, 20], [30, 40]], [[1], [0]], axis=1)
        array([[20],
               [30]], dtype=int32)
    """
    indices = convert_to_tensor(indices)
    if axis is None:
        x, axis = ravel(x), 0
    sizes = static_shape(x)
    if len(sizes) != len(static_shape(indices)):
        raise ShapeError(
            "`take_along_axis` expects indices with as many axes as `x`. "
            f"Received: x of shape {sizes}, indices of shape {static_shape(indices)}"
        )
    return apply(_TAKE_ALONG, x, indices, axis=normalize_axis(axis, len(sizes)))


def _is_basic(part: object) -> bool:
    return part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice))


def _parsed(key: object) -> tuple[list, list]:
    """Returns the parts of a key, with placeholders for index arrays, and those arrays."""
    template, indices = [], []
    for part in key if isinstance(key, tuple) else (key,):
        if _is_basic(part):
            template.append(part)
            continue
        part = part if hasattr(part, "dtype") else convert_to_tensor(part)
        for array in np.asarray(part).nonzero() if dtype_of(part) == "bool" else (part,):
            if "int" not in dtype_of(array):
                raise ArgumentTypeError(f"Indices must be integers. Received: dtype {dtype_of(array)}, {part}")
            template.append(_Given(len(indices)))
            indices.append(array)
    return template, indices


def _is_taking(template: list) -> bool:
    """Whether a key has a single index array and no integers: then it is a `take` along one axis."""
    others = [part for part in template if not isinstance(part, _Given)]
    return len(others) == len(template) - 1 and not any(isinstance(part, (int, np.integer)) for part in others)


def _item_in_keras(x: object, key: object) -> dict | None:
    """Keras's class supports no index arrays, and only an integer outside a tuple."""
    template, indices = _parsed(key)
    if indices:
        return None if _is_taking(template) else {}
    parts = tuple(int(part) if isinstance(part, np.integer) else part for part in template)
    return {"key": parts if isinstance(key, tuple) or not isinstance(parts[0], int) else parts[0]}


@op("numpy.GetItem", as_in_keras=_item_in_keras)
def get_item(x: TensorLike, key: Any) -> Tensor:
    """Returns `x[key]`.

    Args:
        x: Input tensor.
        key: Integers, slices, `...`, None, arrays of integers, or a tuple of these. With a boolean mask the result's
            shape depends on data; a step that computes the mask is not replayed.

    Raises:
        OutOfRangeError: If an index is out of range, or there are more indices than axes.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> get_item([[1, 2], [3, 4]], (0, slice(1, None)))
        array([2], dtype=int32)
        >>> get_item([[1, 2], [3, 4]], ([0, 1], [1, 0]))
        array([2, 3], dtype=int32)
    """
    try:
        return _item(x, key)
    except OutOfRangeError:
        raise
    except IndexError as error:
        reason = str(error).removesuffix(".")
        raise OutOfRangeError(f"`get_item` of shape {static_shape(x)}: {reason}. Received: key={brief(key)}") from error


def _item(x: TensorLike, key: Any) -> Tensor:
    if all(_is_basic(part) for part in (key if isinstance(key, tuple) else (key,))):
        return apply(_GET_ITEM, x, key=key)
    template, indices = _parsed(key)
    if _is_taking(template):
        position = next(position for position, part in enumerate(template) if isinstance(part, _Given))
        rest = (*template[:position], slice(None), *template[position + 1 :])
        x = x if all(part == slice(None) for part in rest) else get_item(x, rest)
        return take(x, indices[0], axis=position - len(template) if Ellipsis in rest[:position] else position)
    return apply(_GATHER, x, *indices, key=tuple(template))
