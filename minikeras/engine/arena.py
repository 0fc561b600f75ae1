"""Memory for small variables: those made one after the other lie side by side.

A plan can then update many of them with one call of numpy.
"""

import threading

import numpy as np

_LARGEST = 4096  # elements; larger variables have memory of their own
_CHUNK = 16384  # elements: what is taken from the system at once


class _Arena(threading.local):
    """The memory that is being filled, by the type of the elements; each thread has its own."""

    def __init__(self):
        self.chunks: dict[np.dtype, tuple[np.ndarray, int]] = {}


_arena = _Arena()


def keep(value: np.ndarray) -> np.ndarray:
    """Returns a copy of an array in memory beside that of the one before it, of the same type.

    Example:
        >>> first, second = keep(np.float32([1, 2])), keep(np.float32([3]))
        >>> second.ctypes.data - first.ctypes.data
        8
    """
    if not 0 < value.size <= _LARGEST:
        return np.array(value, order="C")
    chunk, used = _arena.chunks.get(value.dtype, (None, _CHUNK))
    if used + value.size > _CHUNK:
        chunk, used = np.zeros(_CHUNK, value.dtype), 0
    _arena.chunks[value.dtype] = chunk, used + value.size
    place = chunk[used : used + value.size].reshape(value.shape)
    np.copyto(place, value)
    return place
