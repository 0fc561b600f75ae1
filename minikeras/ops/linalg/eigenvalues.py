"""Eigenvalues and eigenvectors."""

import numpy as np

from ...engine.dtypes import COMPLEX, dtype_of, part_of
from ...engine.registry import op
from ...engine.specialization import specialized
from ...typing import Tensor, TensorLike
from ..arithmetic import divide_no_nan
from ..common.packing import Packed
from ..complex_numbers import conjugate
from ..conversion import cast
from ..products import matmul
from ..reductions import sum
from ..shaping import expand_dims
from .checks import adjoint, matrices, named, of_conjugates, real_part, restored, symmetrized, widened
from .systems import solve


def on_diagonal(x: Tensor) -> Tensor:
    """Returns diagonal matrices.

    Example:
        >>> on_diagonal(np.float32([1, 2]))
        array([[1., 0.],
               [0., 2.]], dtype=float32)
    """
    return expand_dims(x, -2) * np.eye(x.shape[-1], dtype=dtype_of(x))


def inverse_gaps(x: Tensor) -> Tensor:
    """Returns `1 / (x_j - x_i)`; 0 on the diagonal and for equal values, whose vectors have no derivative.

    Example:
        >>> inverse_gaps(np.float32([1, 3, 3]))
        array([[ 0. ,  0.5,  0.5],
               [-0.5,  0. ,  0. ],
               [-0.5,  0. ,  0. ]], dtype=float32)
    """
    return divide_no_nan(1.0, expand_dims(x, -2) - expand_dims(x, -1))


@of_conjugates
def _eigh_gradient(grads: list, outputs: list, x: object) -> list:
    (g_values, g_vectors), (values, vectors) = grads, outputs
    turned = adjoint(vectors)
    inner = inverse_gaps(real_part(values)) * matmul(turned, g_vectors) + on_diagonal(g_values)
    return [matmul(matmul(vectors, inner), turned)]


_EIGH = Packed(
    "eigh",
    named("eigh", "has eigenvalues that did not converge")(np.linalg.eigh),
    lambda x: (x[:-1], x),
    _eigh_gradient,
)


@specialized
@op("linalg.Eigh")
def eigh(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Computes the eigenvalues and eigenvectors of Hermitian matrices, real ones symmetric.

    `x = V diag(w) V^H`

    Eigenvectors of equal eigenvalues are not unique, and pass no gradient to each other.

    Args:
        x: Hermitian matrices of shape (..., n, n), real ones symmetric; of others, the Hermitian part is decomposed.

    Returns:
        The eigenvalues in ascending order, of shape (..., n), and the eigenvectors, the columns of matrices of shape
        (..., n, n).

    Raises:
        ShapeError: If the matrices are not square.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> values, vectors = eigh([[2.0, 0.0], [0.0, 1.0]])
        >>> print(values)
        [1. 2.]
    """
    x = matrices("eigh", x, square=True)
    values, vectors = _EIGH(symmetrized(widened(x)))
    return restored(real_part(values), part_of(dtype_of(x))), restored(vectors, dtype_of(x))


@of_conjugates
def _eig_gradient(grads: list, outputs: list, x: object, of_reals: bool) -> list:
    (g_values, g_vectors), (values, vectors) = grads, outputs
    turned = adjoint(vectors)
    product = matmul(turned, g_vectors)
    # Eigenvectors keep the norm 1.
    lengths = real_part(sum(product * np.eye(x.shape[-1]), -2))
    product = product - matmul(turned, vectors * expand_dims(lengths, -2))
    inner = product * conjugate(inverse_gaps(values)) + on_diagonal(g_values)
    return [solve(turned, matmul(inner, turned))]


def _eig_kernel(x: np.ndarray, of_reals: bool) -> tuple:
    values, vectors = np.linalg.eig(x.real if of_reals else x)
    return values.astype(x.dtype, copy=False), vectors.astype(x.dtype, copy=False)


_EIG = Packed(
    "eig",
    named("eig", "has eigenvalues that did not converge")(_eig_kernel),
    lambda x, of_reals: (x[:-1], x),
    _eig_gradient,
)


@specialized
@op("linalg.Eig")
def eig(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Computes the eigenvalues and eigenvectors of square matrices.

    `x V = V diag(w)`

    Eigenvectors have norm 1. The gradient is that of functions which do not depend on their phases.

    Args:
        x: Matrices of shape (..., n, n).

    Returns:
        The eigenvalues, in no particular order, of shape (..., n), and the eigenvectors, the columns of matrices of
        shape (..., n, n). Both are complex, also for real matrices.

    Raises:
        ShapeError: If the matrices are not square.
        MatrixError: If a matrix contains NaN or infinity.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> values, vectors = eig([[0.0, 1.0], [-1.0, 0.0]])
        >>> print(values)
        [0.+1.j 0.-1.j]
    """
    x = widened(matrices("eig", x, square=True))
    if dtype_of(x) in COMPLEX:
        values, vectors = _EIG(x, of_reals=False)
    else:
        values, vectors = _EIG(cast(x, "complex128" if dtype_of(x) == "float64" else "complex64"), of_reals=True)
    return values, vectors
