"""Pseudoinverses, least squares and ranks, by singular value decomposition."""

from functools import cache

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive, Spec
from ...engine.registry import op
from ...engine.specialization import specialized
from ...errors import ShapeError
from ...typing import Tensor, TensorLike
from ..arithmetic import multiply
from ..common.arguments import as_value, promoted, static_shape
from ..comparison import greater
from ..conversion import cast
from ..products import matmul
from ..reductions import max, sum
from ..shaping import expand_dims, squeeze
from .checks import adjoint, matrices, named, of_conjugates, require_finite, restored, widened
from .decompositions import svd

_NOT_CONVERGED = "has singular values that did not converge"


def _pinv_kernel(x: np.ndarray, rcond: float | None) -> np.ndarray:
    require_finite(x)
    if rcond is None:
        rcond = 10 * max_size(x.shape) * _epsilon(x.dtype)
    return np.linalg.pinv(x, rcond)


@cache
def _epsilon(dtype: np.dtype) -> np.floating:
    return np.finfo(dtype).eps


def max_size(sizes: tuple) -> int:
    """Returns the number of rows or columns of matrices, whichever is larger.

    Example:
        >>> max_size((7, 2, 3))
        3
    """
    rows, columns = sizes[-2:]
    return rows if rows > columns else columns


@of_conjugates
def _pinv_gradient(g: object, y: object, x: object, rcond: float | None) -> object:
    # Golub and Pereyra (1973): the derivative where the rank stays the same.
    turned, inverse = adjoint(g), adjoint(y)
    first = matmul(matmul(inverse, g), inverse)
    second = matmul(matmul(turned - matmul(x, matmul(y, turned)), y), inverse)
    third = matmul(inverse, matmul(y, turned))
    return second + third - matmul(matmul(third, y), x) - first


_PINV = Primitive(
    "pinv",
    named("pinv", _NOT_CONVERGED)(_pinv_kernel),
    shape=lambda x, rcond: ((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype),
    vjps=(_pinv_gradient,),
)


@specialized
@op("linalg.Pinv", settings="rcond")
def pinv(x: TensorLike, rcond: float | None = None) -> Tensor:
    """Computes the Moore-Penrose pseudoinverses of matrices.

    The gradient is that among matrices of the same rank: as in JAX, it takes the singular values that `rcond` drops
    for zeros.

    Args:
        x: Matrices of shape (..., m, n).
        rcond: Singular values up to `rcond` times the largest one count as 0; `10 * max(m, n)` times the machine
            epsilon by default.

    Returns:
        The pseudoinverses, of shape (..., n, m).

    Raises:
        ShapeError: If `x` has fewer than two axes.
        MatrixError: If a matrix contains NaN or infinity.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> pinv([[2.0, 0.0], [0.0, 0.0]])
        array([[0.5, 0. ],
               [0. , 0. ]], dtype=float32)
    """
    x = matrices("pinv", x)
    batch = static_shape(x)[:-2]
    given = np.shape(rcond)
    fits = all(one in (1, size) for one, size in zip(given[::-1], batch[::-1], strict=False))
    if not fits or len(given) > len(batch):
        raise ShapeError(
            f"`pinv` expects `rcond` as a number, or one per matrix, of shape {batch}. Received: shape {given}"
        )
    return restored(apply(_PINV, widened(x), rcond=rcond), dtype_of(x))


def _lstsq_kernel(a: np.ndarray, b: np.ndarray, rcond: float | None) -> np.ndarray:
    require_finite(a)
    return np.linalg.lstsq(a, b, rcond)[0]


def _lstsq_rule(a: Spec, b: Spec, rcond: float | None) -> tuple:
    return (a.shape[1], b.shape[1]), b.dtype


@of_conjugates
def _lstsq_gradients(g: object, x: object, a: object, b: object, rcond: float | None) -> list:
    # The derivative of `pinv(a) b`, where `pinv(a) c` and `pinv(a)^H c` are least-squares solutions themselves.
    turned = adjoint(a)
    of_b = apply(_LSTSQ, turned, g, rcond=rcond)
    residual, outside = b - matmul(a, x), g - matmul(turned, of_b)
    of_a = matmul(residual, adjoint(apply(_LSTSQ, a, of_b, rcond=rcond)))
    of_a = of_a + matmul(apply(_LSTSQ, turned, x, rcond=rcond), adjoint(outside))
    return [of_a - matmul(of_b, adjoint(x)), of_b]


_LSTSQ = Primitive(
    "lstsq",
    named("lstsq", _NOT_CONVERGED, _pinv_kernel)(_lstsq_kernel),
    shape=_lstsq_rule,
    vjps=_lstsq_gradients,
)


@specialized
@op("linalg.Lstsq", settings="rcond")
def lstsq(a: TensorLike, b: TensorLike, rcond: float | None = None) -> Tensor:
    """Solves linear least-squares problems.

    `x` minimizes `norm(b - a x)`; of several such, it is the one of the smallest norm. The gradient takes the singular
    values that `rcond` drops for zeros.

    Args:
        a: A matrix of shape (m, n).
        b: Right-hand sides, of shape (m,) or (m, k).
        rcond: Singular values of `a` up to `rcond` times the largest one count as 0; `max(m, n)` times the machine
            epsilon by default.

    Returns:
        The solutions, of shape (n,) or (n, k).

    Raises:
        ShapeError: If the shapes are incompatible.
        MatrixError: If the matrix contains NaN or infinity.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> lstsq([[1.0], [1.0]], [1.0, 3.0])
        array([2.], dtype=float32)
    """
    a, b = promoted(as_value(a), as_value(b), to_float=True)
    left, right = static_shape(a), static_shape(b)
    fits = len(left) == 2 and len(right) in (1, 2)
    if not fits or (None not in (left[0], right[0]) and left[0] != right[0]):
        raise ShapeError(
            f"`lstsq` expects `a` of shape (m, n) and `b` of shape (m,) or (m, k). Received: shapes {left} and {right}"
        )
    columns = expand_dims(b, -1) if len(right) == 1 else b
    found = apply(_LSTSQ, widened(a), widened(columns), rcond=rcond)
    return restored(squeeze(found, -1) if len(right) == 1 else found, dtype_of(b))


@specialized
@op("linalg.MatrixRank", settings="tol")
def matrix_rank(x: TensorLike, tol: float | None = None) -> Tensor:
    """Returns the ranks of matrices: the numbers of singular values above a threshold.

    Args:
        x: Matrices of shape (..., m, n).
        tol: The threshold; `max(m, n)` times the machine epsilon times the largest singular value by default.

    Returns:
        Integers of shape (...); 0 for a matrix with NaN or infinity.

    Raises:
        ShapeError: If `x` has fewer than two axes.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> print(matrix_rank([[1.0, 2.0], [2.0, 4.0]]))
        1
    """
    x = widened(matrices("matrix_rank", x))
    values = svd(x, compute_uv=False)
    if tol is None:
        relative = max_size(static_shape(x)) * float(np.finfo(dtype_of(x)).eps)
        tol = multiply(max(values, -1, True), relative)
    return sum(cast(greater(values, tol), "int32"), -1)
