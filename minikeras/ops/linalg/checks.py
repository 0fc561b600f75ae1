"""What operations on matrices share: checks of shapes, dtypes that LAPACK computes in, errors that name the matrix."""

from collections.abc import Callable
from functools import wraps

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import COMPLEX, dtype_of
from ...engine.primitive import Primitive
from ...errors import MatrixError, ShapeError
from ...typing import Tensor, TensorLike
from ..common.arguments import as_float, static_shape
from ..complex_numbers import conjugate, real
from ..conversion import cast

_COMPUTED_IN = ("float32", "float64", *COMPLEX)


def matrices(where: str, x: TensorLike, square: bool = False) -> Tensor:
    """Returns a value as a floating-point or complex matrix, or a batch of them.

    Args:
        where: The name of the op, for error messages.
        x: The value.
        square: Whether the matrices must be square.

    Raises:
        ShapeError: If it has fewer than two axes, or its matrices are not square.

    Example:
        >>> matrices("inv", [[1, 2]])
        array([[1., 2.]], dtype=float32)
    """
    x = as_float(x)
    sizes = static_shape(x)
    if len(sizes) < 2:
        raise ShapeError(f"`{where}` expects a matrix, or a batch of them: (..., m, n). Received: shape {sizes}")
    if square and None not in sizes[-2:] and sizes[-2] != sizes[-1]:
        raise ShapeError(f"`{where}` expects square matrices: (..., n, n). Received: shape {sizes}")
    return x


def widened(x: Tensor) -> Tensor:
    """Returns a value in a dtype that LAPACK computes in: float32 if its own is narrower.

    Example:
        >>> widened(np.float16([1])).dtype
        dtype('float32')
    """
    return x if dtype_of(x) in _COMPUTED_IN else cast(x, "float32")


def restored(x: Tensor, dtype: str) -> Tensor:
    """Returns a result in the dtype that its input had before it was widened.

    Example:
        >>> restored(np.float32([1]), "float16").dtype
        dtype('float16')
    """
    return x if dtype_of(x) == dtype else cast(x, dtype)


def transposed(x: Tensor) -> Tensor:
    """Returns the transpose of each matrix, in C order: BLAS would round the product of a view differently.

    Example:
        >>> transposed(np.array([[1, 2]])).shape
        (2, 1)
    """
    return apply(_TRANSPOSED, x)


def _transposed_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    view = np.swapaxes(x, -1, -2)
    if out is None:
        return view.copy()
    out[...] = view
    return out


_TRANSPOSED = Primitive(
    "transposed",
    _transposed_kernel,
    shape=lambda x: ((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype),
    vjps=(lambda g, y, x: transposed(g),),
    has_out=True,
)


def adjoint(x: Tensor) -> Tensor:
    """Returns the conjugate transpose of each matrix.

    Example:
        >>> adjoint(np.array([[1 + 2j]]))
        array([[1.-2.j]])
    """
    turned = transposed(x)
    return conjugate(turned) if dtype_of(x) in COMPLEX else turned


def real_part(x: Tensor) -> Tensor:
    """Returns the real part of a value: the value itself if it is not complex.

    Example:
        >>> real_part(np.array([1 + 2j])), real_part(np.array([3.0]))
        (array([1.]), array([3.]))
    """
    return real(x) if dtype_of(x) in COMPLEX else x


def of_conjugates(vjp: Callable) -> Callable:
    """Decorator of gradient rules in which adjoints occur.

    Textbooks state them for gradients `df/dx + i df/dy`. Ours are the conjugates of these, as in JAX.

    Args:
        vjp: `vjp(gradient, output, *inputs, **params)`; gradients, outputs and results may be lists.
    """

    @wraps(vjp)
    def conjugated(g: object, y: object, x: object, *inputs: object, **params: object) -> object:
        if dtype_of(x) not in COMPLEX:
            return vjp(g, y, x, *inputs, **params)
        g = [conjugate(each) for each in g] if isinstance(g, list) else conjugate(g)
        found = vjp(g, y, x, *inputs, **params)
        return [conjugate(each) for each in found] if isinstance(found, list) else conjugate(found)

    return conjugated


def symmetrized(x: Tensor) -> Tensor:
    """Returns the Hermitian part of each matrix, of real ones the symmetric part.

    Example:
        >>> symmetrized(np.float32([[1, 2], [4, 1]])).tolist()
        [[1.0, 3.0], [3.0, 1.0]]
    """
    return apply(_SYMMETRIZED, x)


def _symmetrized_kernel(x: np.ndarray) -> np.ndarray:
    return _specialize_symmetrized(x)(x)


def _specialize_symmetrized(x: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    half, is_complex = np.array(0.5, x.dtype), x.dtype.kind == "c"

    def symmetrize(x: np.ndarray) -> np.ndarray:
        turned = x.swapaxes(-1, -2)
        total = x + (turned.conj() if is_complex else turned)
        return np.multiply(total, half, total)

    return symmetrize


_SYMMETRIZED = Primitive(
    "symmetrized",
    _symmetrized_kernel,
    specialize=_specialize_symmetrized,
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: symmetrized(g),),
)


def require_finite(x: np.ndarray) -> None:
    """Refuses arrays with NaN or infinity, for which LAPACK may not converge.

    Raises:
        numpy.linalg.LinAlgError: If there is one.

    Example:
        >>> require_finite(np.zeros(3))
    """
    if not is_finite(x):
        raise np.linalg.LinAlgError


def is_finite(x: np.ndarray) -> bool:
    """Returns whether an array has neither NaN nor infinity; counting takes half the time of `all` for small arrays.

    Example:
        >>> is_finite(np.zeros(3)), is_finite(np.float32([0, np.inf]))
        (True, False)
    """
    return bool(np.count_nonzero(np.isfinite(x)) == x.size)


def named(where: str, problem: str, probe: Callable | None = None) -> Callable[[Callable], Callable]:
    """Decorator of kernels: errors of LAPACK become errors that name the op and the matrix of the batch.

    Args:
        where: The name of the op.
        problem: Why it fails for finite matrices: "is singular".
        probe: A function that fails for a single matrix as the kernel fails for a batch of them; the kernel by default.

    Example:
        >>> named("inv", "is singular")(np.linalg.inv)(np.zeros((1, 1)))
        Traceback (most recent call last):
        minikeras.errors.MatrixError: `inv`: the matrix is singular.
    """

    def decorator(kernel: Callable) -> Callable:
        @wraps(kernel)
        def guarded(x: np.ndarray, *others: np.ndarray, **params: object) -> object:
            try:
                return kernel(x, *others, **params)
            except np.linalg.LinAlgError:
                error = _error(where, problem, probe or kernel, x, params)
            raise error

        return guarded

    return decorator


def _error(where: str, problem: str, probe: Callable, x: np.ndarray, params: dict) -> MatrixError:
    batch = x.shape[:-2]
    place = next(place for place in np.ndindex(batch) if _fails(probe, x[place], params))
    which = f"the matrix at index {place[0] if len(place) == 1 else place} of the batch" if batch else "the matrix"
    if not np.isfinite(x[place]).all():
        problem = "contains NaN or infinity"
    return MatrixError(f"`{where}`: {which} {problem}.")


def _fails(probe: Callable, matrix: np.ndarray, params: dict) -> bool:
    try:
        probe(matrix, **params)
    except np.linalg.LinAlgError:
        return True
    return False
