"""Determinants, and their logarithms."""

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import COMPLEX, dtype_of, part_of
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...engine.specialization import specialized
from ...typing import Shape, Tensor, TensorLike
from ..common.packing import Packed
from ..complex_numbers import imag
from ..products import matmul
from ..reductions import sum
from ..shaping import expand_dims
from .checks import matrices, real_part, restored, transposed, widened
from .systems import INVERSE


def _column(x: object) -> object:
    return expand_dims(x, (-2, -1))


def _products_without_each(s: np.ndarray) -> np.ndarray:
    """Returns for each number along the last axis the product of the others."""
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([ones, s[..., :0:-1]], -1), -1)[..., ::-1]
    return before * after


def _unitary_parts(x: np.ndarray) -> tuple:
    """Returns conj(u), the singular values, conj(vh), and the determinant of `u vh`."""
    u, s, vh = np.linalg.svd(x)
    return u.conj(), s, vh.conj(), np.linalg.det(u) * np.linalg.det(vh)


def _cofactors_kernel(x: np.ndarray) -> np.ndarray:
    """The derivatives of determinants, `det(x) x^-T`, which singular matrices have, too."""
    try:
        # In the product the smallest pivot cancels out, so that it is accurate for ill-conditioned matrices.
        return np.linalg.det(x)[..., None, None] * np.swapaxes(np.linalg.inv(x), -1, -2)
    except np.linalg.LinAlgError:
        u, s, vh, sign = _unitary_parts(x)
        return (u * (sign[..., None] * _products_without_each(s))[..., None, :]) @ vh


def _cofactors_gradient_kernel(x: np.ndarray, g: np.ndarray) -> np.ndarray:
    """The derivatives of `sum(g * cofactors(x))`, without dividing by the determinant, which may be near 0.

    `det(s + h)` of a diagonal matrix has the terms `prod_{k != i, j} s_k (h_ii h_jj - h_ij h_ji)` of second order.
    """
    u, s, vh, sign = _unitary_parts(x)
    eye = np.eye(s.shape[-1], dtype=bool)
    products = np.where(eye, 0, _products_without_each(np.where(eye, 1, s[..., None, :])))
    turned = np.swapaxes(np.swapaxes(u, -1, -2) @ g @ np.swapaxes(vh, -1, -2), -1, -2)
    diagonal = products @ np.diagonal(turned, axis1=-2, axis2=-1)[..., None]
    inner = np.where(eye, diagonal, -products * turned)
    return sign[..., None, None] * (u @ inner @ vh)


def _third_derivative(h: object, y: object, x: object, g: object) -> object:
    # Of `det(x) (tr(a g) tr(a h) - tr(a g a h))` with `a = x^-1`; only this one needs an inverse.
    a = apply(INVERSE, x)
    first, second = matmul(matmul(a, g), a), matmul(matmul(a, h), a)
    trace_g, trace_h = (sum(transposed(a) * each, (-2, -1), True) for each in (g, h))
    both = sum(transposed(first) * h, (-2, -1), True)
    turned = matmul(matmul(first, h), a) + matmul(matmul(second, g), a)
    return _column(det(x)) * transposed((trace_g * trace_h - both) * a - trace_h * first - trace_g * second + turned)


_COFACTORS_GRADIENT = Primitive(
    "cofactors_gradient",
    _cofactors_gradient_kernel,
    shape=lambda x, g: (x.shape, x.dtype),
    # Second derivatives are symmetric.
    vjps=(_third_derivative, lambda h, y, x, g: apply(_COFACTORS_GRADIENT, x, h)),
)
_COFACTORS = Primitive(
    "cofactors",
    _cofactors_kernel,
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: apply(_COFACTORS_GRADIENT, x, g),),
)
_DET = Primitive(
    "det",
    np.linalg.det,
    shape=lambda x: (x.shape[:-2], x.dtype),
    vjps=(lambda g, y, x: _column(g) * apply(_COFACTORS, x),),
)


def _slogdet_shapes(x: Shape) -> tuple:
    return x[:-2], x[:-2]


def _slogdet_gradient(grads: list, outputs: list, x: object) -> list:
    factor = grads[1]
    if dtype_of(x) in COMPLEX:  # where signs turn continuously
        factor = real_part(factor) + imag(grads[0] * outputs[0]) * 1j
    return [_column(factor) * transposed(apply(INVERSE, x))]


_SLOGDET = Packed("slogdet", np.linalg.slogdet, _slogdet_shapes, _slogdet_gradient)


@specialized
@op("linalg.Det")
def det(x: TensorLike) -> Tensor:
    """Computes the determinants of square matrices.

    Args:
        x: Matrices of shape (..., n, n).

    Returns:
        The determinants, of shape (...).

    Raises:
        ShapeError: If the matrices are not square.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> print(det([[2.0, 0.0], [0.0, 4.0]]))
        8.0
    """
    x = matrices("det", x, square=True)
    return restored(apply(_DET, widened(x)), dtype_of(x))


@specialized
@op("numpy.Slogdet")
def slogdet(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Computes the signs of determinants, and the logarithms of their absolute values.

    The gradient is that of the logarithms, `x^-T`; singular matrices have none.

    Args:
        x: Matrices of shape (..., n, n).

    Returns:
        The signs and `log(abs(det(x)))`, each of shape (...). Signs are 1 or -1, for complex matrices numbers of
        absolute value 1, and 0 for singular matrices.

    Raises:
        ShapeError: If the matrices are not square.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> sign, logarithm = slogdet([[0.0, 1.0], [1.0, 0.0]])
        >>> print(sign, logarithm)
        -1.0 0.0
    """
    x = matrices("slogdet", x, square=True)
    sign, logarithm = _SLOGDET(widened(x))
    return restored(sign, dtype_of(x)), restored(real_part(logarithm), part_of(dtype_of(x)))


@specialized
@op("math.Logdet")
def logdet(x: TensorLike) -> Tensor:
    """Computes the logarithms of the determinants of positive definite matrices.

    `log(abs(det(x)))`

    Args:
        x: Matrices of shape (..., n, n).

    Returns:
        The logarithms, of shape (...).

    Raises:
        ShapeError: If the matrices are not square.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(logdet([[1.0, 0.0], [0.0, 1.0]]))
        0.0
    """
    x = matrices("logdet", x, square=True)
    return restored(real_part(_SLOGDET(widened(x))[1]), part_of(dtype_of(x)))
