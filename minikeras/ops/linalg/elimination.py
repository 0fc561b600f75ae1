"""LU decomposition, by scipy or by blocked Gaussian elimination with partial pivoting."""

import math

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...engine.specialization import specialized
from ...typing import Shape, Tensor, TensorLike
from ..common.packing import Packed
from ..conversion import cast
from ..indexing import get_item, take_along_axis
from ..joining import concatenate
from ..matrices import tril, triu
from ..products import matmul
from ..shaping import expand_dims
from ..sorting import argsort
from .checks import matrices, real_part, restored, transposed, widened
from .lapack import factored, routine
from .triangular import triangular_solution

_BLOCK = 32  # columns that are eliminated one by one; all others are updated by products of matrices


def _lu_kernel(x: np.ndarray) -> tuple:
    """Returns the factors and the pivots, all as floating-point numbers."""
    getrf = routine("getrf", x)
    return eliminated(x) if getrf is None else factored(getrf, x)


def eliminated(x: np.ndarray) -> tuple:
    """Does the same without scipy.

    Example:
        >>> lu, pivots = eliminated(np.array([[1.0, 4.0], [2.0, 4.0]]))
        >>> print(lu, pivots)
        [[2.  4. ]
         [0.5 2. ]] [1. 1.]
    """
    *batch, rows, columns = x.shape
    lu = x.reshape(math.prod(batch), rows, columns).copy()
    count = min(rows, columns)
    pivots = np.empty((len(lu), count), np.intp)
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        moved = _eliminate(lu[:, start:, start:stop], pivots[:, start:stop])
        pivots[:, start:stop] += start
        for part in (lu[:, start:, :start], lu[:, start:, stop:]):
            part[...] = np.take_along_axis(part, moved[..., None], axis=1)
        if stop < columns:
            _update(lu[:, start:, start:], stop - start)
    return lu.reshape(x.shape), pivots.reshape(*batch, count).astype(x.dtype)


def _row_order_kernel(pivots: np.ndarray, rows: int) -> np.ndarray:
    """Returns the order that exchanging rows leads to."""
    flat = pivots.reshape(math.prod(pivots.shape[:-1]), pivots.shape[-1]).astype(np.intp)
    order = np.broadcast_to(np.arange(rows, dtype=np.int32), (len(flat), rows)).copy()
    batch = np.arange(len(flat))
    for step, chosen in enumerate(flat.T):
        order[batch, chosen], order[:, step] = order[:, step].copy(), order[batch, chosen]
    return order.reshape(*pivots.shape[:-1], rows)


_ROW_ORDER = Primitive("row_order", _row_order_kernel, shape=lambda pivots, rows: ((*pivots.shape[:-1], rows), "int32"))


def _eliminate(panel: np.ndarray, pivots: np.ndarray) -> np.ndarray:
    """Decomposes columns in place; returns the order of their rows, with the pivots in the second argument."""
    if len(panel) == 1:
        return _eliminate_one(panel[0], pivots[0])[None]
    batch = np.arange(len(panel))
    order = np.broadcast_to(np.arange(panel.shape[1]), panel.shape[:2]).copy()
    for step in range(panel.shape[2]):
        chosen = np.argmax(_magnitudes(panel[:, step:, step]), axis=1) + step
        pivots[:, step] = chosen
        for rows in (panel, order):
            rows[batch, chosen], rows[:, step] = rows[:, step].copy(), rows[batch, chosen]
        pivot = panel[:, step, step, None]
        below = panel[:, step + 1 :, step]
        np.divide(below, pivot, out=below, where=pivot != 0)  # a column of zeros stays as it is
        panel[:, step + 1 :, step + 1 :] -= below[:, :, None] * panel[:, step, None, step + 1 :]
    return order


def _eliminate_one(panel: np.ndarray, pivots: np.ndarray) -> np.ndarray:
    """Does the same for a single matrix, with fewer calls."""
    order = np.arange(len(panel))
    for step in range(panel.shape[1]):
        chosen = step + int(_magnitudes(panel[step:, step]).argmax())
        pivots[step] = chosen
        if chosen != step:
            for rows in (panel, order):
                rows[[step, chosen]] = rows[[chosen, step]]
        below, right = panel[step + 1 :, step], panel[step, step + 1 :]
        if panel[step, step] != 0:
            below /= panel[step, step]
        panel[step + 1 :, step + 1 :] -= below[:, None] * right
    return order


def _magnitudes(x: np.ndarray) -> np.ndarray:
    """Returns what LAPACK compares to choose pivots."""
    return np.abs(x.real) + np.abs(x.imag) if x.dtype.kind == "c" else np.abs(x)


def _update(rest: np.ndarray, size: int) -> None:
    """Applies the elimination of the first columns to all further ones, in place."""
    unit = np.tril(rest[:, :size, :size], -1) + np.eye(size, dtype=rest.dtype)
    # No element is larger than the ones on the diagonal, so that LAPACK substitutes without exchanging rows.
    rest[:, :size, size:] = np.linalg.solve(unit, rest[:, :size, size:])
    rest[:, size:, size:] -= rest[:, size:, :size] @ rest[:, :size, size:]


def _lu_shapes(x: Shape) -> tuple:
    *batch, rows, columns = x
    return x, (*batch, None if None in (rows, columns) else min(rows, columns))


def _lu_gradient(grads: list, outputs: list, x: object) -> list:
    g, (lu, pivots) = grads[0], outputs
    size = min(x.shape[-2:])
    first, rest = slice(size), slice(size, None)
    square = get_item(lu, (..., first, first))
    upper = triu(square)
    lower = tril(square, -1) + np.eye(size, dtype=dtype_of(lu))
    inner = get_item(g, (..., first, first))
    g_lower, g_upper = tril(inner, -1), triu(inner)
    parts = []
    if x.shape[-1] > size:  # the further columns of U are `L^-1` times those of x
        further = get_item(lu, (..., first, rest))
        found = triangular_solution(transposed(lower), get_item(g, (..., first, rest)), lower=False)
        g_lower = g_lower - tril(matmul(found, transposed(further)), -1)
        parts.append((found, -1))
    if x.shape[-2] > size:  # the further rows of L are those of x times `U^-1`
        further = get_item(lu, (..., rest, first))
        found = transposed(triangular_solution(upper, transposed(get_item(g, (..., rest, first))), lower=False))
        g_upper = g_upper - triu(matmul(transposed(further), found))
        parts.append((found, -2))
    inner = tril(matmul(transposed(lower), g_lower), -1) + triu(matmul(g_upper, transposed(upper)))
    inner = triangular_solution(transposed(lower), inner, lower=False)
    total = transposed(triangular_solution(upper, transposed(inner), lower=False))
    for part, axis in parts:
        total = concatenate([total, part], axis=axis)
    order = apply(_ROW_ORDER, real_part(pivots), rows=x.shape[-2])
    return [take_along_axis(total, expand_dims(argsort(order), -1), axis=-2)]


_LU = Packed("lu_factor", _lu_kernel, _lu_shapes, _lu_gradient)


@specialized
@op("linalg.LuFactor")
def lu_factor(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Computes LU decompositions with partial pivoting.

    `P x = L U`, where the lower triangular matrix `L` has ones on the diagonal, and `U` is upper triangular

    The gradient exists for nonsingular matrices.

    Args:
        x: Matrices of shape (..., m, n).

    Returns:
        Two tensors: `U`, with `L` below the diagonal, of shape (..., m, n); and the pivots, integers of shape
        (..., min(m, n)). `P` exchanges row i with row `pivots[i]`, one after the other.

    Raises:
        ShapeError: If `x` has fewer than two axes.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> lu, pivots = lu_factor([[1.0, 4.0], [2.0, 4.0]])
        >>> print(lu, pivots)
        [[2.  4. ]
         [0.5 2. ]] [1 1]
    """
    x = matrices("lu_factor", x)
    lu, pivots = _LU(widened(x))
    return restored(lu, dtype_of(x)), cast(real_part(pivots), "int32")
