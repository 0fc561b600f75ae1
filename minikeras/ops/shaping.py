"""Shapes, and changes of shape and axis order. Most are views, which cost nothing in a replay."""

import math
from collections.abc import Sequence

import numpy as np

from ..engine.batch_rules import Batching, resized
from ..engine.dispatch import apply
from ..engine.primitive import Primitive, Spec, broadcast_shapes
from ..engine.registry import op
from ..errors import ShapeError
from ..graph.keras_tensor import KerasTensor, Size
from ..graph.stand_in_sizes import COUNT
from ..tracebacks import filtered
from ..typing import Shape, Tensor, TensorLike
from .common.arguments import as_sizes, normalize_axes, normalize_axis, static_shape
from .common.broadcasting import unbroadcast


def _reshape_rule(x: Spec, newshape: tuple) -> tuple:
    if None in x.shape:
        return tuple(None if size == -1 else size for size in newshape), x.dtype
    total = math.prod(x.shape)
    known = math.prod(size for size in newshape if size != -1)
    if not known and -1 in newshape:
        raise ShapeError(f"`reshape` cannot infer the size -1 beside a size of 0. Received: newshape={newshape}")
    return tuple(total // known if size == -1 else size for size in newshape), x.dtype


def _broadcast_rule(x: Spec, shape: tuple) -> tuple:
    if len(x.shape) > len(shape) or broadcast_shapes(x.shape, shape) != shape:
        raise ShapeError(f"`broadcast_to`: shape {x.shape} cannot be broadcast to shape {shape}.")
    return shape, x.dtype


def _reshape_batch(axes: tuple, x: Spec, newshape: tuple) -> Batching | None:
    sizes, (axis,) = _reshape_rule(x, newshape)[0], axes
    before = math.prod(x.shape[:axis])
    fitting = (to for to, size in enumerate(sizes) if size == x.shape[axis] and math.prod(sizes[:to]) == before)
    to = None if 0 in x.shape else next(fitting, None)
    return None if to is None else Batching(axes, to, resized(sizes, to, "newshape", {}))


def _transpose_batch(batch_axes: tuple, x: Spec, axes: tuple) -> Batching:
    return Batching(batch_axes, axes.index(batch_axes[0]))


def _broadcast_batch(axes: tuple, x: Spec, shape: tuple) -> Batching | None:
    axis = axes[0] + len(shape) - len(x.shape)
    return Batching(axes, axis, resized(shape, axis, "shape", {})) if shape[axis] == x.shape[axes[0]] else None


_RESHAPE = Primitive(
    "reshape",
    lambda x, newshape: x.reshape(newshape),
    shape=_reshape_rule,
    vjps=(lambda g, y, x, newshape: reshape(g, x.shape),),
    view=True,
    batch=_reshape_batch,
)
_TRANSPOSE = Primitive(
    "transpose",
    lambda x, axes: x.transpose(axes),
    shape=lambda x, axes: (tuple(x.shape[axis] for axis in axes), x.dtype),
    vjps=(lambda g, y, x, axes: transpose(g, tuple(sorted(range(len(axes)), key=axes.__getitem__))),),
    view=True,
    batch=_transpose_batch,
)
_BROADCAST_TO = Primitive(
    "broadcast_to",
    lambda x, shape: np.broadcast_to(x, shape),
    shape=_broadcast_rule,
    vjps=(lambda g, y, x, shape: unbroadcast(g, x),),
    view=True,
    batch=_broadcast_batch,
)


def _target(x: object, sizes: int | Sequence[int], where: str) -> tuple:
    """Returns the target shape; None in it is an unknown size, which only symbolic tensors can have."""
    if isinstance(x, KerasTensor) and isinstance(sizes, (list, tuple)) and any(size is None for size in sizes):
        return tuple(sizes)
    return as_sizes(sizes, where)


def _reshape_in_keras(x: object, newshape: int | Sequence[int]) -> dict:
    return {"newshape": _target(x, newshape, "reshape")}


@op("numpy.Reshape", settings="newshape", as_in_keras=_reshape_in_keras)
def reshape(x: TensorLike, newshape: int | Sequence[int]) -> Tensor:
    """Gives a tensor a new shape; one size may be -1, to be inferred.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> reshape([[1, 2], [3, 4]], (-1,))
        array([1, 2, 3, 4], dtype=int32)
    """
    newshape, old = _target(x, newshape, "reshape"), static_shape(x)
    if None not in old and None not in newshape:
        known = math.prod(size for size in newshape if size != -1)
        total = math.prod(old)
        if newshape.count(-1) > 1 or (total % known if -1 in newshape and known else total != known):
            raise ShapeError(f"`reshape`: {total} elements of shape {old} do not fit into shape {newshape}.")
    return apply(_RESHAPE, x, newshape=newshape)


@op("numpy.Ravel")
def ravel(x: TensorLike) -> Tensor:
    """Flattens a tensor to one axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ravel([[1, 2], [3, 4]])
        array([1, 2, 3, 4], dtype=int32)
    """
    if None not in static_shape(x):
        return apply(_RESHAPE, x, newshape=(math.prod(static_shape(x)),))
    return reshape(x, (-1,))


@op("numpy.Transpose", settings="axes")
def transpose(x: TensorLike, axes: Sequence[int] | None = None) -> Tensor:
    """Permutes the axes, by default reversing them.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> transpose([[1, 2, 3]]).shape
        (3, 1)
    """
    rank = len(static_shape(x))
    axes = tuple(range(rank))[::-1] if axes is None else tuple(normalize_axis(axis, rank) for axis in axes)
    if sorted(axes) != list(range(rank)):
        raise ShapeError(f"`transpose` expects each of the {rank} axes once. Received: axes={axes}")
    return apply(_TRANSPOSE, x, axes=axes)


@op("numpy.Swapaxes", settings="axis1 axis2")
def swapaxes(x: TensorLike, axis1: int, axis2: int) -> Tensor:
    """Exchanges two axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> swapaxes([[1, 2, 3]], 0, 1).shape
        (3, 1)
    """
    axes = list(range(len(static_shape(x))))
    first, second = (normalize_axis(axis, len(axes)) for axis in (axis1, axis2))
    axes[first], axes[second] = axes[second], axes[first]
    return apply(_TRANSPOSE, x, axes=tuple(axes))


@op("numpy.ExpandDims", settings="axis")
def expand_dims(x: TensorLike, axis: int | Sequence[int]) -> Tensor:
    """Inserts axes of size 1 at the given positions of the result.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> expand_dims([1, 2], -1).shape
        (2, 1)
    """
    sizes = list(static_shape(x))
    count = len(axis) if isinstance(axis, (tuple, list)) else 1
    for position in normalize_axes(axis, len(sizes) + count):
        sizes.insert(position, 1)
    return _with_shape(x, sizes)


@op("numpy.Squeeze", settings="axis")
def squeeze(x: TensorLike, axis: int | Sequence[int] | None = None) -> Tensor:
    """Removes axes of size 1, by default all of them.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> squeeze([[1, 2]]).shape
        (2,)
    """
    sizes = static_shape(x)
    axes = normalize_axes(axis, len(sizes))
    if axis is None:
        axes = tuple(position for position in axes if sizes[position] == 1)
    for position in axes:
        if sizes[position] not in (1, None):
            raise ShapeError(f"`squeeze` can only remove axes of size 1. Received: axis={axis}, shape={sizes}")
    return _with_shape(x, [size for position, size in enumerate(sizes) if position not in axes])


def _with_shape(x: object, sizes: list) -> object:
    return apply(_RESHAPE, x, newshape=tuple(sizes))


@op("numpy.BroadcastTo", settings="shape")
def broadcast_to(x: TensorLike, shape: Sequence[int]) -> Tensor:
    """Broadcasts a tensor to a new shape.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> broadcast_to([1, 2], (2, 2))
        array([[1, 2],
               [1, 2]], dtype=int32)
    """
    return apply(_BROADCAST_TO, x, shape=_target(x, shape, "broadcast_to"))


@op("numpy.Moveaxis", settings="source destination")
def moveaxis(x: TensorLike, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Moves axes to new positions; the others keep their order.

    Args:
        x: Input tensor, of any shape.
        source: Axis or axes to move.
        destination: Their positions in the result.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> moveaxis([[[1, 2, 3]]], -1, 0).shape
        (3, 1, 1)
    """
    rank = len(static_shape(x))
    sources, destinations = (
        [normalize_axis(axis, rank) for axis in (axes if isinstance(axes, (tuple, list)) else (axes,))]
        for axes in (source, destination)
    )
    if len(sources) != len(destinations):
        raise ShapeError(f"`moveaxis` needs as many positions as axes. Received: {source} to {destination}")
    axes = [axis for axis in range(rank) if axis not in sources]
    for position, axis in sorted(zip(destinations, sources, strict=True)):
        axes.insert(position, axis)
    if len(axes) != rank:
        raise ShapeError(f"`moveaxis` needs each axis once. Received: {source} to {destination}")
    return apply(_TRANSPOSE, x, axes=tuple(axes))


@op("minikeras.Shape")
def shape(x: TensorLike) -> Shape:
    """Returns the shape of a tensor.

    The unknown sizes of a symbolic tensor print as None, but are usable as numbers: as sizes and inputs of ops and, in
    the `call` of a layer, in Python arithmetic. In a graph of ops they are the actual sizes at each run.

    Args:
        x: Input tensor, of any shape.

    Returns:
        A tuple with the size of each axis.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> shape([[1, 2, 3]])
        (1, 3)
        >>> from minikeras import ops
        >>> x = KerasTensor((None, 3))
        >>> shape(x), ops.zeros((shape(x)[0] * 2, 5)).shape
        ((None, 3), (None, 5))
    """
    return x.sizes() if isinstance(x, KerasTensor) else static_shape(x)


@filtered
def ndim(x: TensorLike) -> int:
    """Returns the number of axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ndim([[1, 2, 3]])
        2
    """
    return len(static_shape(x))


@op("numpy.Size")
def size(x: TensorLike) -> int:
    """Returns the number of elements.

    That of a symbolic tensor is a symbolic number, usable as a size.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> size([[1, 2, 3]])
        3
    """
    count = math.prod(static_shape(x))
    return Size((count,) * COUNT) if isinstance(x, KerasTensor) else count
