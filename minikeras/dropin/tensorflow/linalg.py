"""`tf.linalg`, as far as Keras scripts use it."""

from typing import Any

from ... import ops
from .math import l2_normalize
from .tensors import as_in_tensorflow, eye

__all__ = [
    "diag",
    "diag_part",
    "einsum",
    "eye",
    "global_norm",
    "l2_normalize",
    "matmul",
    "matvec",
    "norm",
    "tensordot",
    "trace",
]

einsum = ops.einsum
tensordot = as_in_tensorflow(ops.tensordot, a="x1", b="x2")
diag = as_in_tensorflow(ops.diag, diagonal="x")
diag_part = as_in_tensorflow(ops.diagonal, input="x")
trace = as_in_tensorflow(ops.trace)


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, name: str | None = None) -> Any:
    """Matrix product, optionally of transposed matrices."""
    a = ops.swapaxes(a, -1, -2) if transpose_a else a
    return ops.matmul(a, ops.swapaxes(b, -1, -2) if transpose_b else b)


def matvec(a: Any, b: Any, transpose_a: bool = False, name: str | None = None) -> Any:
    """Product of a matrix and a vector."""
    return ops.squeeze(matmul(a, ops.expand_dims(b, -1), transpose_a), -1)


def norm(tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """Norm of vectors or matrices along axes, or of all elements."""
    if ord == "euclidean":
        return ops.sqrt(ops.sum(ops.square(tensor), axis=axis, keepdims=keepdims))
    return ops.norm(ops.reshape(tensor, (-1,)) if axis is None else tensor, ord, axis, keepdims)


def global_norm(t_list: list, name: str | None = None) -> Any:
    """Global L2 norm of a list of tensors; None is skipped."""
    total = 0.0
    for value in t_list:
        total = total if value is None else ops.add(total, ops.sum(ops.square(value)))
    return ops.sqrt(total)


def clip_by_global_norm(t_list: list, clip_norm: float, use_norm: Any = None, name: str | None = None) -> tuple:
    """Scales tensors down to a global norm of at most `clip_norm`; returns them and the original global norm."""
    norm = global_norm(t_list) if use_norm is None else use_norm
    scale = clip_norm / ops.maximum(norm, clip_norm)
    return [None if value is None else ops.multiply(value, scale) for value in t_list], norm
