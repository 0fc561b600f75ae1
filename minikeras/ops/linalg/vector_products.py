"""Kronecker and cross products."""

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive, Spec, broadcast_shapes
from ...engine.registry import op
from ...engine.specialization import specialized
from ...errors import DTypeError, ShapeError
from ...typing import Shape, Tensor, TensorLike
from ..arithmetic import multiply, subtract
from ..common.arguments import as_value, normalize_axes, normalize_axis, promoted, static_shape
from ..common.broadcasting import unbroadcast
from ..indexing import get_item
from ..padding import pad
from ..products import tensordot
from ..shaping import expand_dims, moveaxis, reshape


def _kron_kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    first, second = _interleaved(a.shape)
    products = a.reshape(first) * b.reshape(_interleaved(b.shape)[1])
    return products.reshape([m * n for m, n in zip(a.shape, b.shape, strict=True)])


def _interleaved(sizes: Shape) -> tuple[list, list]:
    """Returns the sizes with an axis of size 1 after, or before, each."""
    return [each for size in sizes for each in (size, 1)], [each for size in sizes for each in (1, size)]


def _kron_gradients(g: object, y: object, a: object, b: object) -> list:
    rank = len(a.shape)
    g = reshape(g, [size for pair in zip(a.shape, b.shape, strict=True) for size in pair])
    every, of_a, of_b = range(rank), range(0, 2 * rank, 2), range(1, 2 * rank, 2)
    return [tensordot(g, b, axes=(of_b, every)), tensordot(a, g, axes=(every, of_a))]


def _kron_rule(a: Spec, b: Spec) -> tuple:
    return tuple(None if None in pair else pair[0] * pair[1] for pair in zip(a.shape, b.shape, strict=True)), a.dtype


_KRON = Primitive("kron", _kron_kernel, shape=_kron_rule, vjps=_kron_gradients)


def _cross_kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), a.dtype)
    for index in range(3):
        following, last = (index + 1) % 3, (index + 2) % 3
        np.multiply(a[..., following], b[..., last], out=out[..., index])
        out[..., index] -= a[..., last] * b[..., following]
    return out


_CROSS = Primitive(
    "cross",
    _cross_kernel,
    shape=lambda a, b: (broadcast_shapes(a.shape, b.shape), a.dtype),
    vjps=(
        lambda g, y, a, b: unbroadcast(apply(_CROSS, b, g), a),
        lambda g, y, a, b: unbroadcast(apply(_CROSS, g, a), b),
    ),
)


@specialized
@op("numpy.Kron")
def kron(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Kronecker product: each element of `x1` times all of `x2`, as blocks.

    Args:
        x1: First input tensor.
        x2: Second input tensor; of different numbers of axes, the smaller is extended by leading axes of size 1.

    Returns:
        A tensor whose axes have the sizes of those of `x1` times those of `x2`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> kron([1, 2], [1, 1, 1])
        array([1, 1, 1, 2, 2, 2], dtype=int32)
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))
    first, second = static_shape(x1), static_shape(x2)
    missing = len(second) - len(first)
    if missing:
        extra = tuple(range(abs(missing)))
        x1, x2 = (expand_dims(x1, extra), x2) if missing > 0 else (x1, expand_dims(x2, extra))
    return apply(_KRON, x1, x2)


@specialized
@op("numpy.Cross", settings="axisa axisb axisc axis")
def cross(
    x1: TensorLike, x2: TensorLike, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Tensor:
    """Cross product of vectors with 2 or 3 components.

    The third component of a vector with 2 is 0; of two such vectors, only the third component is returned.

    Args:
        x1: First vectors; leading axes broadcast.
        x2: Second vectors.
        axisa: The axis of the components of `x1`.
        axisb: The axis of the components of `x2`.
        axisc: The axis of the components of the result.
        axis: All three, if it is not None.

    Raises:
        DTypeError: If they are booleans.
        ShapeError: If the vectors have other numbers of components.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> cross([1, 0, 0], [0, 1, 0])
        array([0, 0, 1], dtype=int32)
    """
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    x1, x2 = promoted(as_value(x1), as_value(x2))
    if dtype_of(x1) == "bool":
        raise DTypeError("`cross` is not defined for bool.")
    x1, x2 = _components_last("x1", x1, axisa), _components_last("x2", x2, axisb)
    if static_shape(x1)[-1] == static_shape(x2)[-1] == 2:
        (a, b), (c, d) = ([get_item(x, (..., index)) for index in (0, 1)] for x in (x1, x2))
        return subtract(multiply(a, d), multiply(b, c))
    x1, x2 = _with_three(x1), _with_three(x2)
    products = apply(_CROSS, x1, x2)
    if axisc in (-1, len(static_shape(products)) - 1):
        return products
    return moveaxis(products, -1, normalize_axis(axisc, len(static_shape(products))))


def _components_last(name: str, x: object, axis: int) -> object:
    sizes = static_shape(x)
    axes = normalize_axes(axis, len(sizes))
    x = x if axes == (len(sizes) - 1,) else moveaxis(x, axes[0], -1)
    if static_shape(x)[-1] not in (2, 3):
        raise ShapeError(f"`cross` expects 2 or 3 components along axis {axis} of `{name}`. Received: shape {sizes}")
    return x


def _with_three(x: object) -> object:
    return x if static_shape(x)[-1] == 3 else pad(x, [(0, 0)] * (len(static_shape(x)) - 1) + [(0, 1)])
