"""Creation, conversion, slicing and joining of tensors, as arrays."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from ... import ops
from ...data.specs import TensorShape
from ...engine import tree
from ...engine.dtypes import standardize_dtype
from ...engine.immutable_arrays import as_output
from ...engine.operators import Operators
from ...engine.registry import Symbolic
from ...errors import ArgumentError, NotSupportedError, ShapeError, brief
from ..eager_tensor import EagerTensor as Tensor

bool = np.dtype("bool")
int8, int16, int32, int64 = map(np.dtype, ("int8", "int16", "int32", "int64"))
uint8, uint16, uint32, uint64 = map(np.dtype, ("uint8", "uint16", "uint32", "uint64"))
float16, float32, float64 = map(np.dtype, ("float16", "float32", "float64"))
half, double = float16, float64
string = np.dtype(str)
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
    "string",
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
    """Returns an op with TensorFlow's argument names, and a `name`, which is ignored.

    Args:
        function: The op.
        **names: The op's argument names, by TensorFlow's.
    """

    @wraps(function)
    def called(*args: Any, name: str | None = None, **kwargs: Any) -> Any:
        return function(*args, **{names.get(key, key): value for key, value in kwargs.items()})

    return called


def tensor(value: Any, dtype: Any = None) -> Any:
    """Converts a value to an operand of ops; a plain array gets the methods of a tensor."""
    return as_output(ops.convert_to_tensor(value, dtype))


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Any:
    """Returns a tensor with a copy of the values; a single value fills the shape."""
    value = ops.copy(tensor(value, dtype))
    if shape is None:
        return value
    return ops.full(shape, value, value.dtype) if value.size == 1 else ops.reshape(value, shape)


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None) -> Any:
    """Converts a value to a tensor."""
    plain = dtype is None and not hasattr(value, "dtype")
    return tensor(value, dtype_hint if plain else dtype)


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Casts a value to another dtype."""
    return as_output(ops.cast(x, dtype))


def identity(input: Any, name: str | None = None) -> Any:
    """Returns a copy of a value."""
    return ops.copy(tensor(input))


def is_tensor(x: Any) -> Any:
    """Returns whether a value is a tensor or a variable; a numpy array is not."""
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
        raise NotSupportedError(f"tf.eye: expected batch_shape=None. Received: batch_shape={brief(batch_shape)}")
    return ops.eye(num_rows, num_columns, dtype=dtype)


def range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range") -> Any:
    """Returns the values from `start` (0 by default) to `limit`, exclusive."""
    start, limit = (0, start) if limit is None else (start, limit)
    return ops.arange(*map(_number, (start, limit, delta)), dtype=dtype)


def linspace(start: Any, stop: Any, num: int, name: str | None = None, axis: int = 0) -> Any:
    """Returns evenly spaced values, including both ends."""
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
    """Returns one-hot vectors: `on_value` at the index and `off_value` elsewhere."""
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
    """Reshapes a value; -1 is the inferred size."""
    return ops.reshape(tensor, _sizes(shape))


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Any:
    """Returns a value after checking its shape; None matches any size.

    Raises:
        ArgumentError: If the shape does not match.
    """
    own = x.shape
    fits = len(own) == len(shape) and all(want in (None, size) for want, size in zip(shape, own, strict=True))
    if not fits:
        raise ArgumentError(f"tf.ensure_shape: expected shape {tuple(shape)}, received one of shape {own}")
    return x


def transpose(a: Any, perm: Any = None, conjugate: Any = False, name: str | None = None) -> Any:
    """Permutes the axes of a value, reversing them by default."""
    return ops.transpose(a, None if perm is None else _sizes(perm))


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """Removes axes of size 1."""
    return ops.squeeze(input, tuple(axis) if isinstance(axis, list) else axis)


def concat(values: Sequence, axis: int, name: str = "concat") -> Any:
    """Concatenates values along an axis."""
    return ops.concatenate(list(values), axis=_number(axis))


def split(value: Any, num_or_size_splits: Any, axis: int = 0, num: None = None, name: str = "split") -> list:
    """Splits a value into a number of equal parts, or into parts of given sizes."""
    if isinstance(num_or_size_splits, (int, np.integer)):
        return list(ops.split(value, int(num_or_size_splits), axis=axis))
    return list(ops.split(value, np.cumsum(_sizes(num_or_size_splits))[:-1].tolist(), axis=axis))


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list:
    """Unstacks a value along an axis."""
    return list(ops.unstack(value, num, axis))


def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: Any = 0, name: str | None = None) -> Any:
    """Pads a value with a constant, or with its own elements mirrored."""
    mode = mode.lower()
    widths = np.asarray(paddings).tolist()
    return ops.pad(tensor, widths, mode, constant_values) if mode == "constant" else ops.pad(tensor, widths, mode)


def gather(
    params: Any, indices: Any, validate_indices: None = None, axis: int | None = None, batch_dims: int = 0
) -> Any:
    """Gathers slices of a value along an axis."""
    if batch_dims:
        raise NotSupportedError(f"tf.gather: `batch_dims` is not in minikeras. Received: batch_dims={batch_dims}")
    return ops.take(params, indices, axis=axis or 0)


def boolean_mask(tensor: Any, mask: Any, axis: int | None = None, name: str = "boolean_mask") -> Any:
    """Returns the elements of a value where a mask is true; the output shape depends on the mask.

    Args:
        tensor: A value of shape `(*outer, *masked, *inner)`.
        mask: Booleans of shape `masked`.
        axis: The number of axes in `outer`; 0 by default.
        name: Not needed.

    Returns:
        A value of shape `(*outer, n, *inner)`, with `n` the number of true elements of the mask.

    Raises:
        ShapeError: If the mask is a single boolean, or its shape is not that of the masked axes.

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
    """Returns `x` where the condition is true, else `y`; without them, the indices where it is true."""
    if x is None and y is None:
        return tensor(np.argwhere(np.asarray(condition)))
    return ops.where(condition, x, y)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Any:
    """Reverses a value along some axes."""
    return ops.flip(tensor, axis=_sizes(axis))


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Any:
    """Returns the sorted values."""
    found = ops.sort(values, axis=axis)
    return found if direction == "ASCENDING" else ops.flip(found, axis=axis)


def argsort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", stable: Any = False, name: str | None = None
) -> Any:
    """Returns the indices that sort the values."""
    return ops.argsort(values if direction == "ASCENDING" else ops.negative(values), axis=axis)


class Unique(NamedTuple):
    """The result of `unique`.

    Attributes:
        y: The unique values.
        idx: The index into `y` of each value.
    """

    y: Any
    idx: Any


def unique(x: Any, out_idx: Any = int32, name: str | None = None) -> Unique:
    """Returns the unique values in order of first occurrence, and the index of each value among them."""
    found, first, inverse = np.unique(np.asarray(tensor(x)), return_index=True, return_inverse=True)
    order = np.argsort(first)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(order.size)
    return Unique(tensor(found[order]), tensor(ranks[inverse.ravel()], out_idx))


def meshgrid(*args: Any, indexing: str = "xy", name: str | None = None) -> list:
    """Returns coordinate arrays of a grid."""
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
    """Returns sizes or axes, passed one by one or as a tensor, as a tuple."""
    if isinstance(value, Symbolic):
        return value
    flat = [_number(each) for each in np.asarray(value).ravel()] if hasattr(value, "dtype") else tree.flatten(value)
    return tuple(size if isinstance(size, Symbolic) else int(_number(size)) for size in flat)
