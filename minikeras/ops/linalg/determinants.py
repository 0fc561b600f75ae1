"""Determinants, and their logarithms."""

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import COMPLEX, dtype_of, part_of
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...engine.specialization import specialized
from ...typing import Shape, Tensor, TensorLike
from ..arithmetic import divide
from ..common.packing import Packed
from ..complex_numbers import imag
from ..products import matmul
from ..reductions import sum
from ..shaping import expand_dims
from .checks import matrices, real_part, restored, transposed, widened
from .systems import INVERSE


def _column(x: object) -> object:
    return expand_dims(x, (-2, -1))


def _cofactors_kernel(x: np.ndarray) -> np.ndarray:
    """The derivatives of determinants, `det(x) x^-T`, which singular matrices have, too."""
    try:
        # In the product the smallest pivot cancels out, so that it is accurate for ill-conditioned matrices.
        return np.linalg.det(x)[..., None, None] * np.swapaxes(np.linalg.inv(x), -1, -2)
    except np.linalg.LinAlgError:
        u, s, vh = np.linalg.svd(x)
        products = np.stack([np.prod(np.delete(s, k, axis=-1), axis=-1) for k in range(s.shape[-1])], axis=-1)
        sign = (np.linalg.det(u) * np.linalg.det(vh))[..., None, None]
        return (u.conj() * (sign * products[..., None, :])) @ vh.conj()


def _cofactors_gradient(g: object, y: object, x: object) -> object:
    # The derivative of `det(x) x^-T`, in terms of these cofactors.
    turned = matmul(matmul(y, transposed(g)), y)
    return divide(y * sum(g * y, (-2, -1), True) - turned, _column(det(x)))


_COFACTORS = Primitive("cofactors", _cofactors_kernel, shape=lambda x: (x.shape, x.dtype), vjps=(_cofactors_gradient,))
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
