"""Inverses and linear systems."""

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive, Spec, broadcast_shapes
from ...engine.registry import op
from ...engine.specialization import specialized
from ...errors import ShapeError
from ...typing import Tensor, TensorLike
from ..arithmetic import negative
from ..common.arguments import as_value, promoted, static_shape
from ..common.broadcasting import unbroadcast
from ..products import matmul
from ..shaping import expand_dims, squeeze
from .checks import matrices, named, restored, transposed, widened

INVERSE = Primitive(
    "inv",
    named("inv", "is singular")(np.linalg.inv),
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: negative(matmul(matmul(transposed(y), g), transposed(y))),),
)


def _solve_gradients(g: object, x: object, a: object, b: object) -> list:
    found = apply(_SOLVE, transposed(a), g)
    return [unbroadcast(negative(matmul(found, transposed(x))), a), unbroadcast(found, b)]


def _solve_rule(a: Spec, b: Spec) -> tuple:
    return (*broadcast_shapes(a.shape[:-2], b.shape[:-2]), *b.shape[-2:]), b.dtype


_SOLVE = Primitive(
    "solve",
    named("solve", "is singular", np.linalg.inv)(np.linalg.solve),
    shape=_solve_rule,
    vjps=_solve_gradients,
)


def as_columns(where: str, a: Tensor, b: Tensor) -> Tensor:
    """Returns the right-hand sides of linear systems as matrices.

    Args:
        where: The name of the op, for error messages.
        a: Matrices of shape (..., n, n).
        b: Right-hand sides, of shape (..., n) or (..., n, k).

    Raises:
        ShapeError: If the shapes are incompatible.

    Example:
        >>> as_columns("solve", np.ones((2, 2)), np.ones(2)).shape
        (2, 1)
    """
    left, right = static_shape(a), static_shape(b)
    columns = expand_dims(b, -1) if len(right) == len(left) - 1 else b
    sizes = static_shape(columns)
    expected = f"`{where}` expects `a` of shape (..., n, n) and `b` of shape (..., n) or (..., n, k)"
    if len(sizes) < 2 or (None not in (left[-1], sizes[-2]) and left[-1] != sizes[-2]):
        raise ShapeError(f"{expected}. Received: shapes {left} and {right}")
    try:
        broadcast_shapes(left[:-2], sizes[:-2])
    except ShapeError:
        raise ShapeError(f"{expected}, with batches that broadcast. Received: shapes {left} and {right}") from None
    return columns


def as_given(x: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """Returns solutions in the form in which the right-hand sides were given: as vectors or as matrices.

    Args:
        x: Solutions of shape (..., n, k).
        a: Matrices of shape (..., n, n).
        b: The right-hand sides.

    Example:
        >>> as_given(np.ones((2, 1)), np.ones((2, 2)), np.ones(2)).shape
        (2,)
    """
    return squeeze(x, -1) if len(static_shape(b)) == len(static_shape(a)) - 1 else x


@specialized
@op("linalg.Inv")
def inv(x: TensorLike) -> Tensor:
    """Computes the inverses of square matrices.

    Args:
        x: Matrices of shape (..., n, n).

    Returns:
        The inverses, of shape (..., n, n).

    Raises:
        ShapeError: If the matrices are not square.
        MatrixError: If a matrix is singular.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> inv([[2.0, 0.0], [0.0, 4.0]])
        array([[0.5 , 0.  ],
               [0.  , 0.25]], dtype=float32)
    """
    x = matrices("inv", x, square=True)
    return restored(apply(INVERSE, widened(x)), dtype_of(x))


@specialized
@op("linalg.Solve")
def solve(a: TensorLike, b: TensorLike) -> Tensor:
    """Solves linear systems of equations.

    `a x = b`

    Args:
        a: Matrices of shape (..., n, n).
        b: Right-hand sides, of shape (..., n) or (..., n, k).

    Returns:
        The solutions, in the shape of `b`.

    Raises:
        ShapeError: If the matrices are not square, or the shapes are incompatible.
        MatrixError: If a matrix is singular.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 8.0])
        array([1., 2.], dtype=float32)
    """
    a, b = promoted(as_value(a), as_value(b), to_float=True)
    a = matrices("solve", a, square=True)
    found = apply(_SOLVE, widened(a), widened(as_columns("solve", a, b)))
    return restored(as_given(found, a, b), dtype_of(b))
