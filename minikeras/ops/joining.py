"""Concatenation and stacking."""

from collections.abc import Sequence

import numpy as np

from ..engine.batch_rules import leading
from ..engine.dispatch import apply
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ShapeError
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, normalize_axis, promoted, static_shape
from .shaping import expand_dims, ravel


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
    same_rank = len({len(shape) for shape in shapes}) == 1
    for index, sizes in enumerate(zip(*shapes, strict=False) if same_rank else [()]):
        fixed = sorted({size for size in sizes if size is not None})
        if not same_rank or (index != axis and len(fixed) > 1):
            raise ShapeError(f"`concatenate` along axis {axis}: all other sizes must be equal. Received: {shapes}")
        if index == axis:
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
    computes=False,
    batch=lambda axes, *specs, axis: leading([0] * len(specs)) if axis and set(axes) <= {0, None} else None,
)


@specialized
@op("numpy.Concatenate", settings="axis")
def concatenate(xs: Sequence, axis: int = 0) -> Tensor:
    """Concatenates tensors along an existing axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> concatenate([[1, 2], [3]])
        array([1, 2, 3], dtype=int32)
    """
    xs = promoted(*xs)
    return apply(_CONCATENATE, *xs, axis=normalize_axis(axis, len(static_shape(xs[0]))))


@specialized
@op("numpy.Stack", settings="axis")
def stack(x: Sequence, axis: int = 0) -> Tensor:
    """Stacks tensors of the same shape along a new axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> stack([[1, 2], [3, 4]]).shape
        (2, 2)
    """
    return concatenate([expand_dims(value, axis) for value in x], axis)


@specialized
@op("numpy.Append", settings="axis")
def append(x1: TensorLike, x2: TensorLike, axis: int | None = None) -> Tensor:
    """Appends one tensor to another.

    Args:
        x1: First input tensor.
        x2: Second input tensor.
        axis: The axis; None flattens both inputs first.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> append([1, 2], [[3]])
        array([1, 2, 3], dtype=int32)
    """
    x1, x2 = as_value(x1), as_value(x2)
    return concatenate([ravel(x1), ravel(x2)]) if axis is None else concatenate([x1, x2], axis)


@specialized
@op("numpy.Hstack")
def hstack(xs: Sequence) -> Tensor:
    """Stacks tensors horizontally: along the second axis, or the first one for vectors.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> hstack([[1, 2], [3]])
        array([1, 2, 3], dtype=int32)
    """
    xs = [_with_axes(x, 1) for x in xs]
    return concatenate(xs, 0 if len(static_shape(xs[0])) == 1 else 1)


@specialized
@op("numpy.Vstack")
def vstack(xs: Sequence) -> Tensor:
    """Stacks tensors vertically, along the first axis; vectors become rows.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> vstack([[1, 2], [3, 4]])
        array([[1, 2],
               [3, 4]], dtype=int32)
    """
    return concatenate([_with_axes(x, 2) for x in xs], 0)


@specialized
@op("numpy.Dstack")
def dstack(xs: Sequence) -> Tensor:
    """Stacks tensors depth-wise, along the third axis.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> dstack([[1, 2], [3, 4]]).tolist()
        [[[1, 3], [2, 4]]]
    """
    return concatenate([_with_axes(x, 3) for x in xs], 2)


def _with_axes(x: object, rank: int) -> object:
    """Returns a tensor with at least `rank` axes, added as in numpy's `atleast_2d` and `atleast_3d`."""
    x = as_value(x)
    if not static_shape(x):
        x = expand_dims(x, 0)
    if len(static_shape(x)) == 1 and rank > 1:
        x = expand_dims(x, 0)
    return expand_dims(x, 2) if len(static_shape(x)) == 2 and rank > 2 else x
