"""Products of matrices, and vectors of unit length."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from .. import config
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec, broadcast_shapes
from ..engine.registry import op
from ..errors import ArgumentError, NotSupportedError, ShapeError, brief
from .comparison import equal, where
from .core import as_float, cast, normalize_axes, promoted, shape, unbroadcast
from .elementwise import absolute, maximum, power, sqrt, square, true_divide
from .reduction import sum
from .shaping import expand_dims, reshape, squeeze, swapaxes


def _matmul_rule(a: Spec, b: Spec) -> tuple:
    batch = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return (*batch, a.shape[-2], b.shape[-1]), a.dtype


def _second_gradient(g: object, y: object, a: object, b: object) -> object:
    if len(b.shape) == 2 and len(a.shape) > 2:
        # One large product over all leading axes beats a stack of small ones that is summed.
        a, g = reshape(a, (-1, a.shape[-1])), reshape(g, (-1, g.shape[-1]))
    return unbroadcast(matmul(swapaxes(a, -1, -2), g), b)


# For two matrices of floats both call BLAS; `dot` gets there with less ado, most of all as a method.
def _matmul_kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a.dot(b) if a.ndim == b.ndim == 2 and a.dtype.kind == "f" else np.matmul(a, b)


def _bind_matmul(arrays: list, out: np.ndarray) -> Callable[[], np.ndarray]:
    a, b = arrays
    return partial(a.dot, b, out) if a.ndim == b.ndim == 2 and a.dtype.kind == "f" else partial(np.matmul, a, b, out)


_MATMUL = Primitive(
    "matmul",
    _matmul_kernel,
    bind=_bind_matmul,
    has_out=True,
    shape=_matmul_rule,
    vjps=(lambda g, y, a, b: unbroadcast(matmul(g, swapaxes(b, -1, -2)), a), _second_gradient),
)


@op("numpy.Matmul")
def matmul(x1: object, x2: object) -> object:
    """Multiplies matrices; leading axes broadcast, and a value of one axis is a row or a column.

    `y[..., i, j] = sum_k x1[..., i, k] * x2[..., k, j]`

    Args:
        x1: Shape (..., n, k) or (k,).
        x2: Shape (..., k, m) or (k,).

    Returns:
        A value of shape (..., n, m).

    Raises:
        ShapeError: If the inner sizes differ.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])
        array([[11.]], dtype=float32)
    """
    x1, x2 = promoted(x1, x2)
    first, second = shape(x1), shape(x2)
    if not first or not second:
        raise ShapeError(f"`matmul` needs values with at least one axis. Received shapes {first} and {second}.")
    inner = (first[-1], second[-2] if len(second) > 1 else second[0])
    if None not in inner and inner[0] != inner[1]:
        raise ShapeError(f"`matmul`: the inner sizes {inner[0]} and {inner[1]} of {first} and {second} must be equal.")
    left = expand_dims(x1, 0) if len(first) == 1 else x1
    right = expand_dims(x2, -1) if len(second) == 1 else x2
    result = apply(_MATMUL, left, right)
    result = squeeze(result, -1) if len(second) == 1 else result
    return squeeze(result, -2 if len(second) > 1 else -1) if len(first) == 1 else result


@op("nn.Normalize", settings="axis order epsilon")
def normalize(x: object, axis: int | Sequence[int] | None = -1, order: int = 2, epsilon: float | None = None) -> object:
    """Divides vectors by their norm, so that it becomes 1; a vector of zeros stays as it is.

    `x / max((sum_i |x_i|^order)^(1 / order), epsilon)`

    Args:
        x: A value of any shape; a number is a vector of one element.
        axis: The axis along which a vector lies; or several axes, None for all of them, with the order 2.
        order: The order of the norm, a whole number of at least 1.
        epsilon: What is divided by at the least; `keras.config.epsilon()` by default.

    Raises:
        ArgumentError: If the order is not a whole number of at least 1.
        NotSupportedError: For matrix norms: several axes with another order than 2.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> normalize([[3.0, 4.0], [0.0, 0.0]])
        array([[0.6, 0.8],
               [0. , 0. ]], dtype=float32)
    """
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or order < 1:
        raise ArgumentError(
            f"`normalize` expects a whole number of at least 1 as `order`. Received: order={brief(order)}"
        )
    x = as_float(x)
    x = x if shape(x) else expand_dims(x, 0)
    axes = normalize_axes(axis, len(shape(x)))
    if order != 2 and len(axes) > 1:
        raise NotSupportedError(
            f"`normalize` over several axes takes the order 2 alone; the others would be norms of matrices. "
            f"Received: axis={axis}, order={order}"
        )
    powers = square(x) if order == 2 else power(absolute(x), int(order))
    total = sum(powers, axis=axes, keepdims=True)
    # At 0 a root has no slope. What is not taken from `where` must not make the gradient NaN.
    zero, one = cast(0, dtype_of(x)), cast(1, dtype_of(x))
    safe = where(equal(total, 0), one, total)
    norm = where(equal(total, 0), zero, sqrt(safe) if order == 2 else power(safe, 1 / int(order)))
    return true_divide(x, maximum(norm, config.epsilon() if epsilon is None else epsilon))
