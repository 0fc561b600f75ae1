"""Ops on blocks of examples: traced tensors of a plan, or arrays, without the copies and checks that ops make."""

from collections.abc import Callable

import numpy as np

from ...engine import dispatch
from ...engine.primitive import Primitive, copying
from ...typing import Tensor
from .. import products, shaping


def _on_arrays(op: Callable, on_array: Callable) -> Callable:
    """Returns a function of traced tensors or arrays.

    Args:
        op: Does it with tensors.
        on_array: Does it with arrays, in the same way as a plan.
    """

    def function(x: Tensor, *args: object, **kwargs: object) -> Tensor:
        return (on_array if isinstance(x, np.ndarray) else op)(x, *args, **kwargs)

    return function


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a.dot(b) if a.ndim == b.ndim == 2 else np.matmul(a, b)


reshape = _on_arrays(shaping.reshape, np.reshape)
transpose = _on_arrays(shaping.transpose, np.transpose)
matmul = _on_arrays(products.matmul, _dot)


def apply(primitive: Primitive, *inputs: Tensor, **params: object) -> Tensor:
    """Applies a primitive; its kernel is called directly on arrays."""
    if isinstance(inputs[0], np.ndarray):
        return primitive.kernel(*inputs, **params)
    return dispatch.apply(primitive, *inputs, **params)


def contiguous(array: np.ndarray) -> tuple[np.ndarray, list[Callable]]:
    """Returns the array if it is contiguous; else a buffer, and the call that copies the array into it."""
    if array.flags.c_contiguous:
        return array, []
    buffer = np.empty(array.shape, array.dtype)
    return buffer, [copying(buffer, array)]
