"""Cholesky, QR and singular value decompositions."""

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import COMPLEX, dtype_of, part_of
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...engine.specialization import specialized
from ...errors import ArgumentError, NotSupportedError, brief
from ...typing import Shape, Tensor, TensorLike
from ..arithmetic import divide_no_nan
from ..common.arguments import static_shape
from ..common.packing import Packed
from ..indexing import get_item
from ..joining import concatenate
from ..padding import pad
from ..products import matmul
from ..shaping import expand_dims
from .checks import (
    adjoint,
    is_finite,
    matrices,
    named,
    of_conjugates,
    real_part,
    require_finite,
    restored,
    symmetrized,
    widened,
)
from .eigenvalues import inverse_gaps, on_diagonal
from .triangular import triangular_solution


def _half(x: object) -> object:
    """Returns the lower triangle of square matrices with half of the diagonal."""
    weights = np.tril(np.ones((x.shape[-1],) * 2, dtype_of(x)))
    np.fill_diagonal(weights, 0.5)
    return x * weights


def _refuse(g: object, y: object, x: object, where: str) -> None:
    raise NotSupportedError(f"The gradient of {where} is not defined: they are not unique.")


# Outputs that are no function of the input: a basis of what is orthogonal to it.
_UNDEFINED = Primitive(
    "undefined_gradient", lambda x, where: x, view=True, shape=lambda x, where: (x.shape, x.dtype), vjps=(_refuse,)
)


@of_conjugates
def _cholesky_gradient(g: object, y: object, x: object) -> object:
    turned = adjoint(y)
    inner = triangular_solution(turned, _half(matmul(turned, g)), lower=False)
    return symmetrized(adjoint(triangular_solution(turned, adjoint(inner), lower=False)))


def _cholesky_kernel(x: np.ndarray) -> np.ndarray:
    lower = np.linalg.cholesky(x)
    if lower.size and np.isnan(lower.item(-1) if lower.ndim == 2 else lower[..., -1, -1].min()):
        raise np.linalg.LinAlgError  # numpy does not refuse NaN, which spreads to the last element
    return lower


_CHOLESKY = Primitive(
    "cholesky",
    named("cholesky", "is not positive definite")(_cholesky_kernel),
    shape=lambda x: (x.shape, x.dtype),
    vjps=(_cholesky_gradient,),
)


@specialized
@op("linalg.Cholesky", settings="upper")
def cholesky(x: TensorLike, upper: bool = False) -> Tensor:
    """Computes the Cholesky decompositions of positive definite matrices.

    `x = L L^H`, with a lower triangular matrix `L`

    Args:
        x: Hermitian matrices of shape (..., n, n), real ones symmetric; of others, the Hermitian part is decomposed.
        upper: Whether to return the upper triangular matrices `L^H`.

    Returns:
        Triangular matrices of shape (..., n, n).

    Raises:
        ShapeError: If the matrices are not square.
        MatrixError: If a matrix is not positive definite.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> cholesky([[4.0, 2.0], [2.0, 2.0]])
        array([[2., 0.],
               [1., 1.]], dtype=float32)
    """
    x = matrices("cholesky", x, square=True)
    lower = apply(_CHOLESKY, symmetrized(widened(x)))
    return restored(adjoint(lower) if upper else lower, dtype_of(x))


def _smaller(rows: int | None, columns: int | None) -> int | None:
    return None if None in (rows, columns) else min(rows, columns)


def _rest(size: int | None, part: int | None) -> int | None:
    return None if None in (size, part) else size - part


def _qr_kernel(x: np.ndarray, complete: bool) -> tuple:
    q, r = np.linalg.qr(x, "complete" if complete else "reduced")
    size = min(x.shape[-2:])
    if q.shape[-1] == size:
        return q, r, q[..., size:]
    return q[..., :size], r[..., :size, :], q[..., size:]


def _qr_shapes(x: Shape, complete: bool) -> tuple:
    *batch, rows, columns = x
    size = _smaller(rows, columns)
    return (*batch, rows, size), (*batch, size, columns), (*batch, rows, _rest(rows, size) if complete else 0)


@of_conjugates
def _qr_gradient(grads: list, outputs: list, x: object, complete: bool) -> list:
    (g_q, g_r, _), (q, r, _) = grads, outputs
    size = q.shape[-1]
    if x.shape[-1] == size:
        return [_tall_qr_gradient(g_q, g_r, q, r)]
    # The further columns of r are `q^T` times those of x.
    right = get_item(x, (..., slice(size, None)))
    g_right = get_item(g_r, (..., slice(size, None)))
    g_q = g_q + matmul(right, adjoint(g_right))
    left = _tall_qr_gradient(g_q, get_item(g_r, (..., slice(size))), q, get_item(r, (..., slice(size))))
    return [concatenate([left, matmul(q, g_right)], axis=-1)]


def _tall_qr_gradient(g_q: object, g_r: object, q: object, r: object) -> object:
    inner = _half(matmul(r, adjoint(g_r)) - matmul(adjoint(g_q), q))
    return adjoint(triangular_solution(r, adjoint(g_q + matmul(q, inner + adjoint(inner))), lower=False))


_QR = Packed("qr", _qr_kernel, _qr_shapes, _qr_gradient)


@specialized
@op("linalg.Qr", settings="mode")
def qr(x: TensorLike, mode: str = "reduced") -> tuple[Tensor, Tensor]:
    """Computes QR decompositions.

    `x = q r`, where the columns of `q` are orthonormal and `r` is upper triangular

    The gradient exists for matrices of full rank, and for the first k = min(m, n) columns of `q`.

    Args:
        x: Matrices of shape (..., m, n).
        mode: "reduced" or "complete".

    Returns:
        Two tensors `q` and `r`, of shapes (..., m, k) and (..., k, n); with "complete", of shapes (..., m, m) and
        (..., m, n).

    Raises:
        ArgumentError: If the mode is unknown.
        ShapeError: If `x` has fewer than two axes.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> q, r = qr([[1.0, 0.0], [0.0, 1.0]])
        >>> print(abs(q @ r))
        [[1. 0.]
         [0. 1.]]
    """
    if mode not in ("reduced", "complete"):
        raise ArgumentError(f"`qr` expects `mode` to be 'reduced' or 'complete'. Received: mode={brief(mode)}")
    x = matrices("qr", x)
    q, r, others = _QR(widened(x), complete=mode == "complete")
    count = static_shape(others)[-1]
    if count:
        q = concatenate([q, apply(_UNDEFINED, others, where=f"the last {count} columns of q in `qr`")], axis=-1)
        r = pad(r, [(0, 0)] * (len(static_shape(r)) - 2) + [(0, count), (0, 0)])
    return restored(q, dtype_of(x)), restored(r, dtype_of(x))


def _svd_kernel(x: np.ndarray, full: bool) -> tuple:
    require_finite(x)
    u, s, vh = np.linalg.svd(x, full_matrices=full)
    size = s.shape[-1]
    first_u = u if u.shape[-1] == size else u[..., :size]
    first_vh = vh if vh.shape[-2] == size else vh[..., :size, :]
    return first_u, s, first_vh, u[..., size:], vh[..., size:, :]


def _svd_shapes(x: Shape, full: bool) -> tuple:
    *batch, rows, columns = x
    size = _smaller(rows, columns)
    below, right = (_rest(each, size) if full else 0 for each in (rows, columns))
    return (
        (*batch, rows, size),
        (*batch, size),
        (*batch, size, columns),
        (*batch, rows, below),
        (*batch, right, columns),
    )


@of_conjugates
def _svd_gradient(grads: list, outputs: list, x: object, full: bool) -> list:
    (g_u, g_s, g_vh, *_), (u, s, vh, *_) = grads, outputs
    s = real_part(s)
    row, column = expand_dims(s, -2), expand_dims(s, -1)
    gaps = inverse_gaps(s * s)
    left, right = matmul(adjoint(u), g_u), matmul(vh, adjoint(g_vh))
    inner = gaps * (left - adjoint(left)) * row + gaps * (right - adjoint(right)) * column + on_diagonal(g_s)
    if dtype_of(x) in COMPLEX:  # the phases of both vectors of a pair turn together
        inner = inner + divide_no_nan((left - adjoint(left)) * np.eye(s.shape[-1]) * 0.5, row)
    total = matmul(matmul(u, inner), vh)
    if x.shape[-2] > s.shape[-1]:  # the columns of u also turn towards what is orthogonal to them
        total = total + matmul(divide_no_nan(g_u - matmul(u, left), row), vh)
    if x.shape[-1] > s.shape[-1]:
        total = total + matmul(u, divide_no_nan(g_vh - matmul(adjoint(right), vh), column))
    return [total]


@of_conjugates
def _singular_values_gradient(g: object, y: object, x: object) -> object:
    u, _, vh, *_ = _SVD(x, full=False)
    return matmul(u * expand_dims(g, -2), vh)


def _singular_values_kernel(x: np.ndarray) -> np.ndarray:
    """Returns the singular values; NaN for a matrix with NaN or infinity, so that its norm is NaN."""
    if is_finite(x):
        return np.linalg.svd(x, compute_uv=False)
    finite = np.isfinite(x).all((-2, -1))
    values = np.linalg.svd(np.where(finite[..., None, None], x, 0), compute_uv=False)
    values[~finite] = np.nan
    return values


_converging = named("svd", "has singular values that did not converge")
_SVD = Packed("svd", _converging(_svd_kernel), _svd_shapes, _svd_gradient)
_SINGULAR_VALUES = Primitive(
    "singular_values",
    _converging(_singular_values_kernel),
    shape=lambda x: ((*x.shape[:-2], _smaller(*x.shape[-2:])), part_of(x.dtype)),
    vjps=(_singular_values_gradient,),
)


@specialized
@op("linalg.SVD", settings="full_matrices compute_uv")
def svd(x: TensorLike, full_matrices: bool = True, compute_uv: bool = True) -> tuple[Tensor, Tensor, Tensor] | Tensor:
    """Computes singular value decompositions.

    `x = U diag(s) V^H`

    Singular vectors of equal singular values are not unique, and pass no gradient to each other.

    Args:
        x: Matrices of shape (..., m, n).
        full_matrices: Whether to return all singular vectors, instead of the first k = min(m, n). The further ones
            have no gradient.
        compute_uv: Whether to return the singular vectors, besides the singular values.

    Returns:
        `U` of shape (..., m, m) or (..., m, k), the singular values in descending order, of shape (..., k), and `V^H`
        of shape (..., n, n) or (..., k, n). Without `compute_uv`, the singular values alone.

    Raises:
        ShapeError: If `x` has fewer than two axes.
        MatrixError: If a matrix contains NaN or infinity; the singular values alone are NaN then.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> print(svd([[0.0, 2.0], [3.0, 0.0]], compute_uv=False))
        [3. 2.]
    """
    x = matrices("svd", x)
    if not compute_uv:
        return restored(apply(_SINGULAR_VALUES, widened(x)), part_of(dtype_of(x)))
    u, s, vh, below, right = _SVD(widened(x), full=bool(full_matrices))
    where = "the singular vectors that `svd` adds with full_matrices=True"
    if static_shape(below)[-1]:
        u = concatenate([u, apply(_UNDEFINED, below, where=where)], axis=-1)
    if static_shape(right)[-2]:
        vh = concatenate([vh, apply(_UNDEFINED, right, where=where)], axis=-2)
    return restored(u, dtype_of(x)), restored(real_part(s), part_of(dtype_of(x))), restored(vh, dtype_of(x))
