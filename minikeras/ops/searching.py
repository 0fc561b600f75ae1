"""Searching and counting: indices of extrema, insertion points, nonzero elements."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from ..engine.batch_rules import along_another
from ..engine.dispatch import apply, operand
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from ..typing import Axis, ShapeLike, Tensor, TensorLike
from .common.arguments import as_sizes, as_value, check_real, normalize_axis, promoted, static_shape
from .common.packing import Packed
from .comparison import not_equal
from .conversion import cast
from .reductions import sum
from .shaping import ravel, reshape
from .splitting import unstack

_INDEX = np.dtype(np.intp).name  # of numpy's indices: "int32" where addresses have 32 bits, as in a browser


def _arg(name: str, find: Callable) -> Primitive:
    return Primitive(
        name,
        lambda x, axis: np.asarray(find(x, axis)),
        bind=lambda arrays, out, axis: partial(find, arrays[0], axis, out),
        shape=lambda x, axis: (x.shape[:axis] + x.shape[axis + 1 :], _INDEX),
        batch=along_another,
    )


_ARGMAX = _arg("argmax", np.ndarray.argmax)
_ARGMIN = _arg("argmin", np.ndarray.argmin)
_SEARCHSORTED = Primitive(
    "searchsorted",
    lambda numbers, values, side: np.asarray(np.searchsorted(numbers, values, side), np.int32),
    shape=lambda numbers, values, side: (values.shape, "int32"),
)


def _nonzero_rule(x: Spec) -> tuple:
    return (len(x.shape), None), "int32"


# Its shape depends on data: arrays do without it.
_NONZERO = Primitive("nonzero", lambda x: np.array(np.nonzero(x), np.int32), shape=_nonzero_rule, takes_text=True)


def _unravel_kernel(indices: np.ndarray, shape: tuple) -> list[np.ndarray]:
    try:
        return [each.astype(indices.dtype) for each in np.unravel_index(indices, shape)]
    except (TypeError, ValueError):  # there are negative ones, or some out of range
        size = math.prod(shape)
    if ((indices < -size) | (indices >= size)).any():
        raise ArgumentError(
            f"`unravel_index` expects indices from {-size} to {size - 1} for shape {shape}. "
            f"Received: indices from {indices.min()} to {indices.max()}"
        )
    places = np.where(indices < 0, indices + size, indices).astype(np.int64)
    return [each.astype(indices.dtype) for each in np.unravel_index(places, shape)]


_UNRAVEL = Packed("unravel_index", _unravel_kernel, lambda indices, shape: (indices,) * len(shape))


@specialized
@op("numpy.Argmax", settings="axis keepdims")
def argmax(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Returns the index of the maximum along an axis; of equal elements, the first.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(argmax([1.0, 3.0, 2.0]))
        1
    """
    return _find(_ARGMAX, x, axis, keepdims)


@specialized
@op("numpy.Argmin", settings="axis keepdims")
def argmin(x: TensorLike, axis: int | None = None, keepdims: bool = False) -> Tensor:
    """Returns the index of the minimum along an axis; of equal elements, the first.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(argmin([1.0, 3.0, 2.0]))
        0
    """
    return _find(_ARGMIN, x, axis, keepdims)


def argmax_last_axis(x: TensorLike) -> Tensor:
    """Returns `argmax` along the last axis in numpy's index dtype, which saves a cast.

    Example:
        >>> argmax_last_axis(np.float32([[1, 3, 2]]))
        array([1])
    """
    return apply(_ARGMAX, x, axis=len(static_shape(x)) - 1)


def _find(primitive: Primitive, x: object, axis: int | None, keepdims: bool) -> object:
    x = as_value(x)
    check_real(primitive.name, x)
    sizes = static_shape(x)
    if 0 in (sizes if axis is None else sizes[normalize_axis(axis, len(sizes)) :][:1]):
        raise ShapeError(f"`{primitive.name}` needs an element at least. Received: shape {sizes}, axis={axis}")
    if axis is None:
        found = cast(apply(primitive, ravel(x), axis=0), "int32")
        return reshape(found, (1,) * len(sizes)) if keepdims else found
    index = normalize_axis(axis, len(sizes))
    found = cast(apply(primitive, x, axis=index), "int32")
    return reshape(found, sizes[:index] + (1,) + sizes[index + 1 :]) if keepdims else found


@specialized
@op("numpy.SearchSorted", settings="side")
def searchsorted(sorted_sequence: TensorLike, values: TensorLike, side: str = "left") -> Tensor:
    """Returns the indices at which values would be inserted into a sorted sequence.

    Args:
        sorted_sequence: Values in ascending order, shape (n,).
        values: Values to insert, of any shape.
        side: "left" to insert before equal elements, "right" to insert after them.

    Returns:
        Indices from 0 to n, of the shape of `values`.

    Raises:
        ShapeError: If the sequence is not a vector.
        ArgumentError: If the side is neither.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> searchsorted([1.0, 2.0, 3.0], [0.5, 2.0, 9.0])
        array([0, 1, 3], dtype=int32)
    """
    if side not in ("left", "right"):
        raise ArgumentError(f"`searchsorted` expects 'left' or 'right' as `side`. Received: side={brief(side)}")
    sorted_sequence, values = promoted(sorted_sequence, values)
    if len(static_shape(sorted_sequence)) != 1:
        raise ShapeError(
            "`searchsorted` expects a sequence with one axis. "
            f"Received: sorted_sequence of shape {static_shape(sorted_sequence)}"
        )
    return apply(_SEARCHSORTED, sorted_sequence, values, side=side)


@specialized
@op("numpy.CountNonzero", settings="axis")
def count_nonzero(x: TensorLike, axis: Axis = None) -> Tensor:
    """Counts the nonzero elements along the given axes, by default along all.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(count_nonzero([0.0, 3.0, 2.0]))
        2
    """
    return sum(cast(not_equal(x, 0), "int32"), axis)


@op("numpy.Nonzero")
def nonzero(x: TensorLike) -> tuple[Tensor, ...]:
    """Returns the indices of the nonzero elements.

    Their number depends on data, so a step that computes `x` is not replayed. `where` with three arguments, or a sum
    weighted by the condition, often does without the indices.

    Args:
        x: Input tensor with at least one axis.

    Returns:
        For each axis, the indices along it: `x[nonzero(x)]` are the nonzero elements, in row-major order.

    Raises:
        ShapeError: If the tensor has no axes.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> nonzero([[5, 0], [0, 7]])
        (array([0, 1], dtype=int32), array([0, 1], dtype=int32))
    """
    x = as_value(x)
    if not static_shape(x):
        raise ShapeError("`nonzero` expects a tensor with at least one axis. Received: shape ()")
    if isinstance(x, KerasTensor):
        return tuple(unstack(apply(_NONZERO, x)))
    return nonzero_kernel(np.asarray(operand(x)))


def nonzero_kernel(x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Returns the indices of the nonzero elements of an array along each axis.

    Example:
        >>> nonzero_kernel(np.array([0, 5, 7]))
        (array([1, 2], dtype=int32),)
    """
    return tuple([each.astype(np.int32) for each in x.nonzero()])


@specialized
@op("numpy.UnravelIndex", settings="shape")
def unravel_index(indices: TensorLike, shape: ShapeLike) -> tuple[Tensor, ...]:
    """Converts indices into a flattened tensor to indices along its axes.

    Args:
        indices: Integers, of any shape; negative ones count from the end.
        shape: The shape of the tensor.

    Returns:
        For each axis, the indices along it, of the shape and dtype of `indices`.

    Raises:
        ArgumentTypeError: If the indices are not integers.
        ArgumentError: If an index is out of range.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> unravel_index([5, -1], (3, 4))
        (array([1, 2], dtype=int32), array([1, 3], dtype=int32))
    """
    shape, indices = as_sizes(shape, "unravel_index"), as_value(indices)
    if np.dtype(dtype_of(indices)).kind not in "iu":
        raise ArgumentTypeError(f"`unravel_index` expects integers. Received: dtype {dtype_of(indices)}")
    if not shape:
        raise ShapeError("`unravel_index` expects a shape with at least one axis. Received: shape=()")
    return tuple(_UNRAVEL(indices, shape=shape))
