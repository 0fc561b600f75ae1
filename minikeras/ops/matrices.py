"""Diagonals and triangles of matrices, and Vandermonde matrices."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, normalize_axis, static_shape
from .indexing import get_item
from .rearranging import flip
from .reductions import sum
from .shaping import ravel


def _diagonal_size(sizes: tuple, offset: int, axis1: int, axis2: int) -> int | None:
    rows, columns = sizes[axis1], sizes[axis2]
    if rows is None or columns is None:
        return None
    return max(0, min(rows + min(offset, 0), columns - max(offset, 0)))


def _diagonal_rule(x: Spec, offset: int, axis1: int, axis2: int) -> tuple:
    others = [size for axis, size in enumerate(x.shape) if axis not in (axis1, axis2)]
    return (*others, _diagonal_size(x.shape, offset, axis1, axis2)), x.dtype


def _put_diagonal_kernel(
    g: np.ndarray, shape: tuple, offset: int, axis1: int, axis2: int, out: np.ndarray | None = None
) -> np.ndarray:
    out = np.empty(shape, g.dtype) if out is None else out
    out[...] = 0
    if out.ndim == 2 and (axis1, axis2) == (0, 1):
        first, columns = max(offset, 0) - min(offset, 0) * shape[1], shape[1] + 1
        out.reshape(-1)[first::columns][: len(g)] = g
        return out
    steps = np.arange(g.shape[-1])
    np.moveaxis(out, (axis1, axis2), (-2, -1))[..., steps - min(offset, 0), steps + max(offset, 0)] = g
    return out


_DIAGONAL = Primitive(
    "diagonal",
    np.diagonal,
    shape=_diagonal_rule,
    vjps=(lambda g, y, x, **where: apply(_PUT_DIAGONAL, g, shape=tuple(x.shape), **where),),
    view=True,
)
_PUT_DIAGONAL = Primitive(
    "put_diagonal",
    _put_diagonal_kernel,
    shape=lambda g, shape, offset, axis1, axis2: (shape, g.dtype),
    vjps=(lambda g, y, x, shape, **where: apply(_DIAGONAL, g, **where),),
    has_out=True,
)


def _triangle_rule(x: Spec, k: int) -> tuple:
    return x.shape, x.dtype


_TRIL = Primitive("tril", np.tril, shape=_triangle_rule, vjps=(lambda g, y, x, k: tril(g, k),))
_TRIU = Primitive("triu", np.triu, shape=_triangle_rule, vjps=(lambda g, y, x, k: triu(g, k),))


def _vander_gradient(g: object, y: object, x: object, count: int, increasing: bool) -> object:
    g = g if increasing else flip(g, -1)
    factors = np.arange(1, max(count, 1), dtype=dtype_of(x))
    lower = apply(_VANDER, x, count=max(count - 1, 0), increasing=True)
    return sum(get_item(g, (..., slice(1, None))) * factors * lower, -1)


_VANDER = Primitive(
    "vander",
    lambda x, count, increasing: np.vander(x, count, increasing).astype(x.dtype, copy=False),
    shape=lambda x, count, increasing: ((*x.shape, count), x.dtype),
    vjps=(_vander_gradient,),
)


def _matrices(name: str, x: object) -> object:
    x = as_value(x)
    if len(static_shape(x)) < 2:
        raise ShapeError(f"`{name}` expects a matrix, or a stack of them. Received: shape {static_shape(x)}")
    return x


@specialized
@op("numpy.Diagonal", settings="offset axis1 axis2")
def diagonal(x: TensorLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Returns the diagonals of matrices.

    Args:
        x: Input tensor with at least two axes.
        offset: Offset of the diagonal: positive above the main diagonal, negative below it.
        axis1: The axis of the rows.
        axis2: The axis of the columns.

    Returns:
        A tensor with the other axes, followed by that of the diagonal.

    Raises:
        ShapeError: If there are fewer than two axes, or both are the same.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> diagonal([[1, 2], [3, 4]])
        array([1, 4], dtype=int32)
    """
    x = _matrices("diagonal", x)
    first, second = (normalize_axis(axis, len(static_shape(x))) for axis in (axis1, axis2))
    if first == second:
        raise ShapeError(f"`diagonal` expects two different axes. Received: axis1={axis1}, axis2={axis2}")
    return apply(_DIAGONAL, x, offset=int(offset), axis1=first, axis2=second)


@specialized
@op("numpy.Diag", settings="k")
def diag(x: TensorLike, k: int = 0) -> Tensor:
    """Extracts the diagonal of a matrix, or constructs a diagonal matrix from a vector.

    Args:
        x: A vector or a matrix.
        k: Offset of the diagonal: positive above the main diagonal, negative below it.

    Raises:
        ShapeError: If it is neither a vector nor a matrix.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> diag([1, 2])
        array([[1, 0],
               [0, 2]], dtype=int32)
    """
    x = as_value(x)
    sizes = static_shape(x)
    if len(sizes) == 2:
        return apply(_DIAGONAL, x, offset=int(k), axis1=0, axis2=1)
    if len(sizes) != 1:
        raise ShapeError(f"`diag` expects a vector or a matrix. Received: a tensor of shape {sizes}")
    size = None if sizes[0] is None else sizes[0] + (k if k > 0 else -k)
    return apply(_PUT_DIAGONAL, x, shape=(size, size), offset=int(k), axis1=0, axis2=1)


@specialized
@op("numpy.Diagflat", settings="k")
def diagflat(x: TensorLike, k: int = 0) -> Tensor:
    """Constructs a diagonal matrix from the elements of a tensor, flattened.

    Args:
        x: Input tensor, of any shape.
        k: Offset of the diagonal: positive above the main diagonal, negative below it.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> diagflat([[1], [2]])
        array([[1, 0],
               [0, 2]], dtype=int32)
    """
    x = as_value(x)
    return diag(ravel(x), k)


@specialized
@op("numpy.Trace", settings="offset axis1 axis2")
def trace(x: TensorLike, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Returns the sum along the diagonals of matrices.

    Args:
        x: Input tensor with at least two axes.
        offset: Offset of the diagonal: positive above the main diagonal, negative below it.
        axis1: The axis of the rows.
        axis2: The axis of the columns.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(trace([[1, 2], [3, 4]]))
        5
    """
    return sum(diagonal(x, offset, axis1, axis2), axis=-1)


@specialized
@op("numpy.Tril", settings="k")
def tril(x: TensorLike, k: int = 0) -> Tensor:
    """Returns the lower triangle of matrices: elements above a diagonal are set to 0.

    Args:
        x: Input tensor with at least two axes; the last two are the matrices.
        k: Offset of the diagonal: positive above the main diagonal, negative below it.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> tril([[1, 2], [3, 4]])
        array([[1, 0],
               [3, 4]], dtype=int32)
    """
    return apply(_TRIL, _matrices("tril", x), k=int(k))


@specialized
@op("numpy.Triu", settings="k")
def triu(x: TensorLike, k: int = 0) -> Tensor:
    """Returns the upper triangle of matrices: elements below a diagonal are set to 0.

    Args:
        x: Input tensor with at least two axes; the last two are the matrices.
        k: Offset of the diagonal: positive above the main diagonal, negative below it.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> triu([[1, 2], [3, 4]])
        array([[1, 2],
               [0, 4]], dtype=int32)
    """
    return apply(_TRIU, _matrices("triu", x), k=int(k))


@specialized
@op("numpy.Vander", settings="N increasing")
def vander(x: TensorLike, N: int | None = None, increasing: bool = False) -> Tensor:  # noqa: N803
    """Returns the Vandermonde matrix of a vector, whose columns are its powers.

    `y[i, j] = x[i]^(N - 1 - j)`, or `x[i]^j` with `increasing`

    Args:
        x: A vector of shape (n,).
        N: The number of columns; n if None.
        increasing: Whether the powers increase from left to right.

    Returns:
        A matrix of shape (n, N).

    Raises:
        ShapeError: If `x` is no vector.
        ArgumentError: If `N` is negative.
        ArgumentTypeError: If `N` is no integer, or `increasing` no bool.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> vander([1, 2, 3], 2)
        array([[1, 1],
               [2, 1],
               [3, 1]], dtype=int32)
    """
    x = as_value(x)
    sizes = static_shape(x)
    if len(sizes) != 1:
        raise ShapeError(f"`vander` expects a vector. Received: shape {sizes}")
    if not isinstance(increasing, bool) or not (N is None or isinstance(N, int)):
        raise ArgumentTypeError(
            "`vander` expects `N` to be an integer or None, and `increasing` to be a bool. "
            f"Received: N={brief(N)}, increasing={brief(increasing)}"
        )
    if N is not None and N < 0:
        raise ArgumentError(f"`vander` expects `N` to be at least 0. Received: N={N}")
    return apply(_VANDER, x, count=sizes[0] if N is None else N, increasing=increasing)
