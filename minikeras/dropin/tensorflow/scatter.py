"""Parts of tensors by their places, read and changed; everything here has a gradient."""

import math
from typing import Any

import numpy as np

from ... import ops
from ...errors import ShapeError
from .tensors import tensor as as_tensor

__all__ = [
    "gather_nd",
    "scatter_nd",
    "tensor_scatter_nd_add",
    "tensor_scatter_nd_sub",
    "tensor_scatter_nd_update",
]


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None) -> Any:
    """Returns the parts of a value at places given by one index for each of its first axes.

    Args:
        params: The value.
        indices: Whole numbers of shape (..., k), k at most the number of axes of the value.
        batch_dims: How many axes at the front of both go together.
        name: Not needed.

    Source: https://www.tensorflow.org/api_docs/python/tf/gather_nd

    Example:
        >>> gather_nd([[1, 2], [3, 4]], [[0, 1], [1, 0]])
        array([2, 3], dtype=int32)
    """
    params, indices = _value(params), np.asarray(indices)
    if batch_dims:
        outer = np.indices(indices.shape[:-1])[:batch_dims]
        indices = np.concatenate([np.moveaxis(outer, 0, -1), indices], axis=-1)
    places = _places("gather_nd", indices, tuple(params.shape))
    flat = ops.take(ops.reshape(params, (-1,)), places.ravel(), axis=0)
    return ops.reshape(flat, places.shape)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Any:
    """Returns zeros of a shape, with values added at places given by one index for each of the first axes.

    Source: https://www.tensorflow.org/api_docs/python/tf/scatter_nd

    Example:
        >>> scatter_nd([[0], [2], [2]], [1.0, 2.0, 3.0], (4,))
        array([1., 0., 5., 0.], dtype=float32)
    """
    sizes = tuple(int(size) for size in np.asarray(shape).ravel())
    updates = _value(updates)
    return _sums("scatter_nd", indices, updates, sizes)


def tensor_scatter_nd_update(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
    """Returns a value with other elements at given places; of several for one place the last counts.

    Source: https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_update

    Example:
        >>> tensor_scatter_nd_update([1, 2, 3], [[1]], [7])
        array([1, 7, 3], dtype=int32)
    """
    tensor = _value(tensor)
    places = _places("tensor_scatter_nd_update", indices, tuple(tensor.shape))
    updates = _checked("tensor_scatter_nd_update", ops.cast(_value(updates), tensor.dtype), places.shape)
    return replaced(tensor, places.ravel(), ops.reshape(updates, (-1,)))


def tensor_scatter_nd_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
    """Returns a value with others added at given places.

    Source: https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_add

    Example:
        >>> tensor_scatter_nd_add([1, 2, 3], [[1], [1]], [7, 1])
        array([ 1, 10,  3], dtype=int32)
    """
    tensor = _value(tensor)
    return ops.add(
        tensor, _sums("tensor_scatter_nd_add", indices, ops.cast(_value(updates), tensor.dtype), tensor.shape)
    )


def tensor_scatter_nd_sub(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
    """Returns a value with others subtracted at given places.

    Source: https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_sub

    Example:
        >>> tensor_scatter_nd_sub([1, 2, 3], [[1], [1]], [7, 1])
        array([ 1, -6,  3], dtype=int32)
    """
    return tensor_scatter_nd_add(tensor, indices, ops.negative(_value(updates)))


def replaced(x: Any, places: np.ndarray, values: Any) -> Any:
    """Returns a value with other elements at places in its flat order."""
    size = math.prod(x.shape)
    source = np.arange(size)
    source[places] = size + np.arange(len(places))
    flat = ops.concatenate([ops.reshape(x, (-1,)), values])
    return ops.reshape(ops.take(flat, source, axis=0), tuple(x.shape))


def _sums(where: str, indices: Any, updates: Any, shape: tuple) -> Any:
    places = _places(where, indices, tuple(shape))
    flat = ops.reshape(_checked(where, updates, places.shape), (-1,))
    return ops.reshape(ops.segment_sum(flat, places.ravel(), math.prod(shape)), tuple(shape))


def _value(value: Any) -> Any:
    return value if hasattr(value, "shape") else as_tensor(value)


def _checked(where: str, updates: Any, shape: tuple) -> Any:
    if tuple(updates.shape) != shape:
        raise ShapeError(f"tf.{where}: expected values of shape {shape}, received {tuple(updates.shape)}.")
    return updates


def _places(where: str, indices: Any, shape: tuple) -> np.ndarray:
    """Returns the places in the flat order that indices of shape (..., k) stand for, whole parts element by element."""
    indices = np.asarray(indices)
    if indices.ndim == 0 or indices.dtype.kind not in "iu" or indices.shape[-1] > len(shape):
        raise ShapeError(
            f"tf.{where}: expected whole numbers of shape (..., k), k at most {len(shape)}. Received: indices of shape "
            f"{indices.shape} and dtype {indices.dtype}"
        )
    columns = np.moveaxis(indices, -1, 0)
    if any(
        column.size and (column.min() < 0 or column.max() >= size) for column, size in zip(columns, shape, strict=False)
    ):
        raise ShapeError(f"tf.{where}: there are indices outside of the shape {shape}. Received: {indices.tolist()}")
    return np.arange(math.prod(shape)).reshape(shape)[tuple(columns)]
