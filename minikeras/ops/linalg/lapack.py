"""Routines of LAPACK that numpy does not offer, by scipy, where it is installed.

Substitution takes it a quarter of the time of numpy's elimination, and LU decomposition a tenth of that of a loop over
columns. The other ways stay for batches of small matrices, which numpy handles in one call.
"""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

_FEW = 8  # matrices that are computed one after the other, however small
_SMALL = 32  # rows of matrices that numpy computes faster in a batch


def routine(name: str, x: np.ndarray) -> Callable | None:
    """Returns a routine of LAPACK for matrices, or a batch of them; None if numpy's way is better, or the only one.

    Args:
        name: Its name without the letter of the dtype: "getrf" or "trtrs".
        x: The matrices, of a dtype that LAPACK computes in.

    Example:
        >>> routine("trtrs", np.zeros((100, 3, 3))) is None
        True
    """
    *batch, rows, columns = x.shape
    if not rows or not columns or (batch and rows < _SMALL and np.prod(batch, dtype=int) > _FEW):
        return None
    return _found(name, x.dtype.char)


@cache
def _found(name: str, letter: str) -> Callable | None:
    try:
        from scipy.linalg import lapack
    except ImportError:
        return None
    return getattr(lapack, {"f": "s", "d": "d", "F": "c", "D": "z"}[letter] + name)


def substituted(trtrs: Callable, a: np.ndarray, b: np.ndarray, lower: bool) -> np.ndarray:
    """Solves systems with triangular matrices.

    Args:
        trtrs: The routine.
        a: Matrices of shape (..., n, n), of which one triangle is read.
        b: Right-hand sides of shape (..., n, k).
        lower: Whether that triangle is the lower one.

    Raises:
        numpy.linalg.LinAlgError: If an element of a diagonal is 0.
    """
    if a.ndim == b.ndim == 2:
        # The transpose is in the order of Fortran, so that it is not copied.
        x, info = trtrs(a.T, b, not lower, 1)
        if info:
            raise np.linalg.LinAlgError
        return np.ascontiguousarray(x)
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = (np.broadcast_to(each, (*batch, *each.shape[-2:])) for each in (a, b))
    out = np.empty(b.shape, b.dtype)
    for place in np.ndindex(*batch):
        out[place] = substituted(trtrs, a[place], b[place], lower)
    return out


def factored(getrf: Callable, x: np.ndarray) -> Sequence[np.ndarray]:
    """Returns LU decompositions, both factors in one matrix, and the pivots in the dtype of the matrices.

    Args:
        getrf: The routine.
        x: Matrices of shape (..., m, n).
    """
    if x.ndim == 2:
        lu, pivots, _ = getrf(x)
        return np.ascontiguousarray(lu), pivots.astype(x.dtype)
    lu = np.empty(x.shape, x.dtype)
    pivots = np.empty((*x.shape[:-2], min(x.shape[-2:])), x.dtype)
    for place in np.ndindex(*x.shape[:-2]):
        lu[place], pivots[place], _ = getrf(x[place])
    return lu, pivots
