"""Reduction of the rows that belong to the same id: the kernels of segment ops, scatters and gradients of indexing.

`ufunc.at` takes one element at a time. Here rows are sorted by id first, so that each id is reduced by one call.
"""

import math

import numpy as np


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


def summed_rows(rows: np.ndarray, ids: np.ndarray, count: int, out: np.ndarray | None = None) -> np.ndarray:
    """Returns the sums of the rows of each id, shape (count, ...); zeros where there are none.

    Args:
        rows: Shape (n, ...).
        ids: Integers from 0 to `count - 1`, shape (n,).
        count: The number of ids.
        out: The array to write to.

    Example:
        >>> summed_rows(np.float32([1, 2, 4]), np.int32([3, 0, 3]), 4)
        array([2., 0., 0., 5.], dtype=float32)
    """
    out = np.empty((count, *rows.shape[1:]), rows.dtype) if out is None else out
    width = math.prod(rows.shape[1:])
    if rows.dtype.kind == "f" and width == 1:  # in float64, so that long sums are accurate
        out.reshape(-1)[...] = np.bincount(ids, rows.reshape(-1), count)
        return out
    out[...] = 0
    found, sums = reduced_rows(np.add, rows, ids)
    out[found] = sums
    return out
