"""Gather and scatter operations on tensors, all differentiable."""

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
    """Gathers slices of a value, by an index for each of its first axes.

    Args:
        params: The value.
        indices: Integers of shape (..., k), with k at most the number of axes of the value.
        batch_dims: The number of leading batch axes of both.
        name: Ignored.

    Source: https://www.tensorflow.org/api_docs/python/tf/gather_nd

    Example:
        >>> gather_nd([[1, 2], [3, 4]], [[0, 1], [1, 0]])
        array([2, 3], dtype=int32)
    """
    params, indices = _value(params), np.asarray(indices)
    if batch_dims:
        outer = np.indices(indices.shape[:-1])[:batch_dims]
        indices = np.concatenate([np.moveaxis(outer, 0, -1), indices], axis=-1)
    flat_indices = _flat_indices("gather_nd", indices, tuple(params.shape))
    flat = ops.take(ops.reshape(params, (-1,)), flat_indices.ravel(), axis=0)
    return ops.reshape(flat, flat_indices.shape)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Any:
    """Returns zeros of a shape, with updates added at indices of the first axes.

    Source: https://www.tensorflow.org/api_docs/python/tf/scatter_nd

    Example:
        >>> scatter_nd([[0], [2], [2]], [1.0, 2.0, 3.0], (4,))
        array([1., 0., 5., 0.], dtype=float32)
    """
    sizes = tuple(int(size) for size in np.asarray(shape).ravel())
    updates = _value(updates)
    return _sums("scatter_nd", indices, updates, sizes)


def tensor_scatter_nd_update(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
    """Returns a value with elements replaced at given indices; of duplicates, the last one wins.

    Source: https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_update

    Example:
        >>> tensor_scatter_nd_update([1, 2, 3], [[1]], [7])
        array([1, 7, 3], dtype=int32)
    """
    tensor = _value(tensor)
    flat_indices = _flat_indices("tensor_scatter_nd_update", indices, tuple(tensor.shape))
    updates = _checked("tensor_scatter_nd_update", ops.cast(_value(updates), tensor.dtype), flat_indices.shape)
    return replaced(tensor, flat_indices.ravel(), ops.reshape(updates, (-1,)))


def tensor_scatter_nd_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
    """Returns a value with updates added at given indices.

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
    """Returns a value with updates subtracted at given indices.

    Source: https://www.tensorflow.org/api_docs/python/tf/tensor_scatter_nd_sub

    Example:
        >>> tensor_scatter_nd_sub([1, 2, 3], [[1], [1]], [7, 1])
        array([ 1, -6,  3], dtype=int32)
    """
    return tensor_scatter_nd_add(tensor, indices, ops.negative(_value(updates)))


def replaced(x: Any, flat_indices: np.ndarray, values: Any) -> Any:
    """Returns a value with elements replaced at flat indices."""
    size = math.prod(x.shape)
    source = np.arange(size)
    source[flat_indices] = size + np.arange(len(flat_indices))
    flat = ops.concatenate([ops.reshape(x, (-1,)), values])
    return ops.reshape(ops.take(flat, source, axis=0), tuple(x.shape))


def _sums(where: str, indices: Any, updates: Any, shape: tuple) -> Any:
    flat_indices = _flat_indices(where, indices, tuple(shape))
    flat = ops.reshape(_checked(where, updates, flat_indices.shape), (-1,))
    return ops.reshape(ops.segment_sum(flat, flat_indices.ravel(), math.prod(shape)), tuple(shape))


def _value(value: Any) -> Any:
    return value if hasattr(value, "shape") else as_tensor(value)


def _checked(where: str, updates: Any, shape: tuple) -> Any:
    if tuple(updates.shape) != shape:
        raise ShapeError(f"tf.{where}: expected values of shape {shape}, received {tuple(updates.shape)}.")
    return updates


def _flat_indices(where: str, indices: Any, shape: tuple) -> np.ndarray:
    """Returns the flat indices of all elements addressed by indices of shape (..., k)."""
    indices = np.asarray(indices)
    if indices.ndim == 0 or indices.dtype.kind not in "iu" or indices.shape[-1] > len(shape):
        raise ShapeError(
            f"tf.{where}: expected integers of shape (..., k), k at most {len(shape)}. Received: indices of shape "
            f"{indices.shape} and dtype {indices.dtype}"
        )
    columns = np.moveaxis(indices, -1, 0)
    if any(
        column.size and (column.min() < 0 or column.max() >= size) for column, size in zip(columns, shape, strict=False)
    ):
        raise ShapeError(f"tf.{where}: there are indices out of bounds for shape {shape}. Received: {indices.tolist()}")
    return np.arange(math.prod(shape)).reshape(shape)[tuple(columns)]
