"""Tensors of TensorFlow, as arrays: made, converted, cut and put together."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from ... import ops
from ...engine import tree
from ...engine.dtypes import standardize_dtype
from ...engine.immutable_arrays import handed_out
from ...engine.operators import Operators
from ...engine.registry import Symbolic
from ...errors import ArgumentError, NotSupportedError, ShapeError, brief
from ..eager_tensor import EagerTensor as Tensor
from ..eager_tensor import TensorShape

bool = np.dtype("bool")
int8, int16, int32, int64 = map(np.dtype, ("int8", "int16", "int32", "int64"))
uint8, uint16, uint32, uint64 = map(np.dtype, ("uint8", "uint16", "uint32", "uint64"))
float16, float32, float64 = map(np.dtype, ("float16", "float32", "float64"))
half, double = float16, float64
newaxis = None
DType = as_dtype = np.dtype

__all__ = [
    "DType",
    "Tensor",
    "TensorShape",
    "argsort",
    "as_dtype",
    "bool",
    "boolean_mask",
    "broadcast_to",
    "cast",
    "concat",
    "constant",
    "convert_to_tensor",
    "double",
    "ensure_shape",
    "expand_dims",
    "eye",
    "fill",
    "float16",
    "float32",
    "float64",
    "gather",
    "half",
    "identity",
    "int16",
    "int32",
    "int64",
    "int8",
    "is_tensor",
    "linspace",
    "meshgrid",
    "newaxis",
    "one_hot",
    "ones",
    "ones_like",
    "pad",
    "range",
    "rank",
    "repeat",
    "reshape",
    "reverse",
    "roll",
    "shape",
    "size",
    "sort",
    "split",
    "squeeze",
    "stack",
    "stop_gradient",
    "tile",
    "transpose",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "unique",
    "unstack",
    "where",
    "zeros",
    "zeros_like",
]


def as_in_tensorflow(function: Callable, **names: str) -> Callable:
    """Returns an op that takes its arguments by the names of TensorFlow, and a `name`, which only graphs would use.

    Args:
        function: The op.
        **names: The op's name of an argument, by TensorFlow's.
    """

    @wraps(function)
    def called(*args: Any, name: str | None = None, **kwargs: Any) -> Any:
        return function(*args, **{names.get(key, key): value for key, value in kwargs.items()})

    return called


def tensor(value: Any, dtype: Any = None) -> Any:
    """Returns a value as one that ops compute with; a plain array gets the methods of a tensor."""
    return handed_out(ops.convert_to_tensor(value, dtype))


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Any:
    """Returns a tensor with given values, of which it is a copy; one value fills the shape."""
    value = ops.copy(tensor(value, dtype))
    if shape is None:
        return value
    return ops.full(shape, value, value.dtype) if value.size == 1 else ops.reshape(value, shape)


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None) -> Any:
    """Returns a value as a tensor."""
    plain = dtype is None and not hasattr(value, "dtype")
    return tensor(value, dtype_hint if plain else dtype)


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Returns a value in another type."""
    return handed_out(ops.cast(x, dtype))


def identity(input: Any, name: str | None = None) -> Any:
    """Returns a copy of a value."""
    return ops.copy(tensor(input))


def is_tensor(x: Any) -> Any:
    """Tells whether a value is a tensor or a variable; an array of numpy is none."""
    return isinstance(x, (Tensor, Operators))


def zeros(shape: Any, dtype: Any = float32, name: str | None = None) -> Any:
    """Returns zeros."""
    return ops.zeros(_sizes(shape), dtype)


def ones(shape: Any, dtype: Any = float32, name: str | None = None) -> Any:
    """Returns ones."""
    return ops.ones(_sizes(shape), dtype)


def fill(dims: Any, value: Any, name: str | None = None) -> Any:
    """Returns a tensor filled with one value."""
    value = tensor(value)
    return ops.full(_sizes(dims), value, value.dtype)


def eye(num_rows: int, num_columns: int | None = None, batch_shape: None = None, dtype: Any = float32) -> Any:
    """Returns a matrix with ones on its diagonal."""
    if batch_shape is not None:
        raise NotSupportedError(f"tf.eye makes one matrix. Received: batch_shape={brief(batch_shape)}")
    return ops.eye(num_rows, num_columns, dtype=dtype)


def range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range") -> Any:
    """Returns numbers from `start`, or 0, up to, not including, `limit`."""
    start, limit = (0, start) if limit is None else (start, limit)
    return ops.arange(*map(_number, (start, limit, delta)), dtype=dtype)


def linspace(start: Any, stop: Any, num: int, name: str | None = None, axis: int = 0) -> Any:
    """Returns evenly spaced numbers, both ends included."""
    return ops.linspace(start, stop, num, axis=axis)


def one_hot(
    indices: Any,
    depth: int,
    on_value: Any = 1,
    off_value: Any = 0,
    axis: int | None = None,
    dtype: Any = float32,
    name: str | None = None,
) -> Any:
    """Returns vectors that are `on_value` at the index and `off_value` elsewhere."""
    hot = ops.one_hot(tensor(indices), depth, axis=-1 if axis is None else axis, dtype=dtype)
    return hot if (on_value, off_value) == (1, 0) else hot * (on_value - off_value) + off_value


def shape(input: Any, out_type: Any = int32, name: str | None = None) -> Any:
    """Returns the sizes of the axes as a tensor."""
    sizes = ops.shape(input)
    if any(isinstance(size, Symbolic) for size in sizes):
        return ops.cast(ops.stack(sizes), out_type)
    return tensor(np.array(sizes, standardize_dtype(out_type)))


def rank(input: Any, name: str | None = None) -> Any:
    """Returns the number of axes."""
    return tensor(len(ops.shape(input)))


def size(input: Any, out_type: Any = int32, name: str | None = None) -> Any:
    """Returns the number of elements."""
    return ops.prod(shape(input, out_type))


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """Returns a value in another shape; -1 stands for the size that is left."""
    return ops.reshape(tensor, _sizes(shape))


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Any:
    """Returns a value, having checked its shape; None stands for any size.

    Raises:
        ArgumentError: If it has another one.
    """
    own = x.shape
    fits = len(own) == len(shape) and all(want in (None, size) for want, size in zip(shape, own, strict=True))
    if not fits:
        raise ArgumentError(f"tf.ensure_shape: expected shape {tuple(shape)}, received one of shape {own}")
    return x


def transpose(a: Any, perm: Any = None, conjugate: Any = False, name: str | None = None) -> Any:
    """Returns a value with its axes in another order, reversed by default."""
    return ops.transpose(a, None if perm is None else _sizes(perm))


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """Returns a value without axes of size 1."""
    return ops.squeeze(input, tuple(axis) if isinstance(axis, list) else axis)


def concat(values: Sequence, axis: int, name: str = "concat") -> Any:
    """Joins values along an axis."""
    return ops.concatenate(list(values), axis=_number(axis))


def split(value: Any, num_or_size_splits: Any, axis: int = 0, num: None = None, name: str = "split") -> list:
    """Cuts a value into a number of equal parts, or into parts of given sizes."""
    if isinstance(num_or_size_splits, (int, np.integer)):
        return list(ops.split(value, int(num_or_size_splits), axis=axis))
    return list(ops.split(value, np.cumsum(_sizes(num_or_size_splits))[:-1].tolist(), axis=axis))


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list:
    """Returns the parts of a value along an axis."""
    return list(ops.unstack(value, num, axis))


def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: Any = 0, name: str | None = None) -> Any:
    """Returns a value with something around it: a constant, or its own elements mirrored."""
    mode = mode.lower()
    widths = np.asarray(paddings).tolist()
    return ops.pad(tensor, widths, mode, constant_values) if mode == "constant" else ops.pad(tensor, widths, mode)


def gather(
    params: Any, indices: Any, validate_indices: None = None, axis: int | None = None, batch_dims: int = 0
) -> Any:
    """Returns the parts of a value at given places along an axis."""
    if batch_dims:
        raise NotSupportedError(f"tf.gather: `batch_dims` is not in minikeras. Received: batch_dims={batch_dims}")
    return ops.take(params, indices, axis=axis or 0)


def boolean_mask(tensor: Any, mask: Any, axis: int | None = None, name: str = "boolean_mask") -> Any:
    """Returns the parts of a value where a mask is true; their number depends on the mask.

    Args:
        tensor: A value of shape `(*outer, *masked, *inner)`.
        mask: Booleans of shape `masked`.
        axis: The number of axes in `outer`; 0 by default.
        name: Not needed.

    Returns:
        A value of shape `(*outer, n, *inner)`, with `n` the number of elements of the mask that are true.

    Raises:
        ShapeError: If the mask is a single boolean, or its shape is not that of the axes it stands for.

    Source: https://www.tensorflow.org/api_docs/python/tf/boolean_mask

    Example:
        >>> boolean_mask([[1, 2], [3, 4]], [[True, False], [False, True]])
        array([1, 4], dtype=int32)
    """
    tensor, mask = _as_value(tensor), np.asarray(mask).astype("bool")
    shape, start = tuple(tensor.shape), 0 if axis is None else _number(axis)
    if start < 0:
        start += len(shape)
    masked, inner = shape[start : start + mask.ndim], shape[start + mask.ndim :]
    if mask.ndim == 0 or not 0 <= start < len(shape) or masked != mask.shape:
        raise ShapeError(
            f"`boolean_mask`: expected a mask of at least one axis, and of the shape of the tensor's axes from "
            f"{start} on. Received: a mask of shape {mask.shape}, a tensor of shape {shape}, axis={axis}"
        )
    flat = ops.reshape(tensor, (*shape[:start], mask.size, *inner))
    return ops.take(flat, np.flatnonzero(mask), axis=start)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """Returns `x` where the condition is true, else `y`; without them the places where it is true."""
    if x is None and y is None:
        return tensor(np.argwhere(np.asarray(condition)))
    return ops.where(condition, x, y)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """Returns a value with the order along some axes reversed."""
    return ops.flip(tensor, axis=_sizes(axis))


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Any:
    """Returns the values in order."""
    found = ops.sort(values, axis=axis)
    return found if direction == "ASCENDING" else ops.flip(found, axis=axis)


def argsort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", stable: Any = False, name: str | None = None
) -> Any:
    """Returns the places of the values in order."""
    return ops.argsort(values if direction == "ASCENDING" else ops.negative(values), axis=axis)


class Unique(NamedTuple):
    """What `unique` returns.

    Attributes:
        y: The different values.
        idx: For each value, which of them it is.
    """

    y: Any
    idx: Any


def unique(x: Any, out_idx: Any = int32, name: str | None = None) -> Unique:
    """Returns the different values in the order in which they come, and for each value which of them it is."""
    found, first, inverse = np.unique(np.asarray(tensor(x)), return_index=True, return_inverse=True)
    order = np.argsort(first)
    places = np.empty_like(order)
    places[order] = np.arange(order.size)
    return Unique(tensor(found[order]), tensor(places[inverse.ravel()], out_idx))


def meshgrid(*args: Any, indexing: str = "xy", name: str | None = None) -> list:
    """Returns the coordinates of the points of a grid."""
    return list(ops.meshgrid(*args, indexing=indexing))


zeros_like = as_in_tensorflow(ops.zeros_like, input="x")
ones_like = as_in_tensorflow(ops.ones_like, input="x")
expand_dims = as_in_tensorflow(ops.expand_dims, input="x")
stack = as_in_tensorflow(ops.stack, values="x")
tile = as_in_tensorflow(ops.tile, input="x", multiples="repeats")
repeat = as_in_tensorflow(ops.repeat, input="x")
roll = as_in_tensorflow(ops.roll, input="x")
broadcast_to = as_in_tensorflow(ops.broadcast_to, input="x")
stop_gradient = as_in_tensorflow(ops.stop_gradient, input="variable")


def _as_value(value: Any) -> Any:
    return value if hasattr(value, "shape") else tensor(value)


def _number(value: Any) -> Any:
    """Returns a tensor of one element as a Python number."""
    return np.asarray(value).item() if hasattr(value, "dtype") and not isinstance(value, Symbolic) else value


def _sizes(value: Any) -> tuple[int, ...]:
    """Returns sizes or axes, given one by one or as a tensor, as a tuple."""
    if isinstance(value, Symbolic):
        return value
    flat = [_number(each) for each in np.asarray(value).ravel()] if hasattr(value, "dtype") else tree.flatten(value)
    return tuple(size if isinstance(size, Symbolic) else int(_number(size)) for size in flat)
