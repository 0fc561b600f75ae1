"""Reduction of the rows that belong to the same id: the kernels of segment ops, scatters and gradients of indexing.

`ufunc.at` takes rows element by element. For most ufuncs it is faster to sort them by id, so that each id is reduced by
one call, and for sums to add them as the elements of a vector.
"""

import math

import numpy as np

_WIDE = 256  # elements of a row that take longer to add than a call
_CHUNK = 32_768  # elements whose positions are computed at a time


def reduced_rows(ufunc: np.ufunc, rows: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the ids that occur, in ascending order, and for each of them the reduction of its rows.

    Args:
        ufunc: The reduction: `np.add`, `np.multiply`, `np.maximum` or `np.minimum`.
        rows: Shape (n, ...).
        ids: Non-negative integers of shape (n,).

    Example:
        >>> reduced_rows(np.add, np.float32([1, 2, 4]), np.int32([3, 0, 3]))
        (array([0, 3], dtype=int32), array([2., 5.], dtype=float32))
    """
    if not len(ids):
        return ids, rows
    if (ids[1:] < ids[:-1]).any():
        order = np.argsort(ids, kind="stable")
        ids, rows = ids[order], rows[order]
    starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
    if len(starts) < len(ids):
        ids, rows = ids[starts], ufunc.reduceat(rows, starts, axis=0, dtype=rows.dtype)
    return ids, rows


def add_rows_at(out: np.ndarray, places: np.ndarray, rows: np.ndarray) -> None:
    """Adds rows to those of `out` at the given places, one after the other: `np.add.at(out, places, rows)`.

    numpy is fast for elements of a vector alone: rows are added as elements, or wide ones each by a call of its own.
    That takes a half to a tenth of the time.

    Args:
        out: A contiguous array of shape (count, ...), changed in-place.
        places: Integers from 0 to `count - 1`, shape (n,).
        rows: Shape (n, ...).

    Example:
        >>> out = np.zeros(4, "float32")
        >>> add_rows_at(out, np.int32([3, 0, 3]), np.float32([1, 2, 4]))
        >>> out
        array([2., 0., 0., 5.], dtype=float32)
    """
    count, width = len(places), math.prod(out.shape[1:])
    if not count or not width:
        return
    rows, places = rows.reshape(count, width), places.astype(np.intp, copy=False)
    if width >= _WIDE:
        targets = out.reshape(len(out), width)
        for place, row in zip(places.tolist(), rows, strict=True):
            target = targets[place]
            np.add(target, row, target)
        return
    flat, columns, step = out.reshape(-1), np.arange(width), max(1, _CHUNK // width)
    for start in range(0, count, step):  # so that the positions stay in the cache
        some = slice(start, start + step)
        positions = places[some] if width == 1 else (places[some, None] * width + columns).reshape(-1)
        np.add.at(flat, positions, rows[some].reshape(-1))
