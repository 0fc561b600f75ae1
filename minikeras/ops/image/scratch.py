"""Memory for intermediate arrays, which a thread keeps: new pages would take as long as the arithmetic."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

_KEPT = 1 << 21  # bytes of each array that is kept, at most


class Scratch(NamedTuple):
    """Memory for arrays of float32 and of indices.

    Args:
        floats: Of float32.
        indices: Of intp.
    """

    floats: np.ndarray
    indices: np.ndarray


class _Local(threading.local):
    """What calls in this thread leave to the next one."""

    scratch = Scratch(np.empty(0, "float32"), np.empty(0, "intp"))


_NOTHING = _Local.scratch
_local = _Local()


@contextmanager
def scratch(floats: int, indices: int) -> Iterator[Scratch]:
    """Context manager that lends memory.

    Args:
        floats: How many elements of float32 are needed.
        indices: How many indices.

    Example:
        >>> with scratch(6, 0) as memory:
        ...     [part.shape for part in cut(memory.floats, (2, 2), (2,))]
        [(2, 2), (2,)]
    """
    kept, _local.scratch = _local.scratch, _NOTHING  # a call in between, as by a signal handler, has its own
    parts = [
        part if part.size >= count else np.empty(count, part.dtype)
        for part, count in zip(kept, (floats, indices), strict=True)
    ]
    yield Scratch(*parts)
    _local.scratch = Scratch(
        *(part if part.nbytes <= _KEPT else none for part, none in zip(parts, _NOTHING, strict=True))
    )


def cut(memory: np.ndarray, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Returns arrays of some shapes, one after the other in memory."""
    parts, start = [], 0
    for shape in shapes:
        stop = start + math.prod(shape)
        parts.append(memory[start:stop].reshape(shape))
        start = stop
    return parts
