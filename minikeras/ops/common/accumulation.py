"""Rows combined by id: the kernels of segment ops, scatters and gradients of indexing.

Ids may repeat, so that this is the work of `ufunc.at`. For vectors it is the fastest way, ahead of `np.bincount` and
of sorting, but for rows it is slow. Rows are therefore combined element by element of a flattened array, and wide ones
each by a call of its own, which takes a half to a tenth of the time.
"""

import math

import numpy as np

_WIDE = 256  # elements of a row that take longer to add than a call
_CHUNK = 32_768  # elements whose positions are computed at a time


def combine_rows_at(ufunc: np.ufunc, out: np.ndarray, places: np.ndarray, rows: np.ndarray) -> None:
    """Combines rows with those of `out` at the given places, one after the other: `ufunc.at(out, places, rows)`.

    Args:
        ufunc: A function of two arrays, such as `np.add`.
        out: A contiguous array of shape (count, ...), changed in-place.
        places: Integers from 0 to `count - 1`, shape (n,).
        rows: Shape (n, ...).

    Example:
        >>> out = np.zeros(4, "float32")
        >>> combine_rows_at(np.add, out, np.int32([3, 0, 3]), np.float32([1, 2, 4]))
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
            ufunc(target, row, out=target)
        return
    flat, columns, step = out.reshape(-1), np.arange(width), max(1, _CHUNK // width)
    for start in range(0, count, step):  # so that the positions stay in the cache
        some = slice(start, start + step)
        positions = places[some] if width == 1 else (places[some, None] * width + columns).reshape(-1)
        ufunc.at(flat, positions, rows[some].reshape(-1))
