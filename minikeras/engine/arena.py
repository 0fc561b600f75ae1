"""The arena: memory in which small variables created one after the other are contiguous.

A plan can then update many of them with one call of numpy.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

_LARGEST = 4096  # elements; larger variables are allocated separately
_CHUNK = 16384  # elements allocated at a time


class _Arena(threading.local):
    """The chunks that are being filled, by group and dtype; each thread has its own."""

    def __init__(self):
        self.group = ""
        self.chunks: dict[tuple[str, np.dtype], tuple[np.ndarray, int]] = {}


_arena = _Arena()


def allocate(value: np.ndarray, is_new: bool = False) -> np.ndarray:
    """Returns a copy of an array, right behind the previous one of the same dtype and group in memory.

    Args:
        value: The array.
        is_new: Whether nothing else refers to it: a large one, which is allocated separately, then is not copied.

    Example:
        >>> first, second = allocate(np.float32([1, 2])), allocate(np.float32([3]))
        >>> second.ctypes.data - first.ctypes.data
        8
    """
    if is_new and value.size > _LARGEST and value.flags.owndata and value.flags.carray:
        return value
    if not 0 < value.size <= _LARGEST:
        return np.array(value, order="C")
    key = _arena.group, value.dtype
    chunk, used = _arena.chunks.get(key, (None, _CHUNK))
    if used + value.size > _CHUNK:
        chunk, used = np.zeros(_CHUNK, value.dtype), 0
    _arena.chunks[key] = chunk, used + value.size
    buffer = chunk[used : used + value.size].reshape(value.shape)
    np.copyto(buffer, value)
    return buffer


def release_chunks() -> None:
    """Lets go of the chunks that this thread fills: their memory is freed with the last variable in it.

    Example:
        >>> first = allocate(np.float32([1, 2]))
        >>> release_chunks()
        >>> allocate(np.float32([3])).base is first.base
        False
    """
    _arena.chunks.clear()


@contextmanager
def arena_group(name: str) -> Iterator[None]:
    """Context manager in which new variables are contiguous only with others of the same group.

    An optimizer creates a momentum and a velocity for each weight in turn, but updates all momentums together, then all
    velocities.

    Args:
        name: The name of the group.
    """
    outer, _arena.group = _arena.group, name
    try:
        yield
    finally:
        _arena.group = outer
