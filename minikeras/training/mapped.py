"""Memory-mapped files: what was read of them is given back, so that training takes no more memory than a small array.

The system keeps the pages of a file in memory as long as a process maps them, and counts them as the memory of the
process. Given back they are only a cache, which goes when somebody needs the memory, and are read again if need be.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np


class Mapped:
    """The memory-mapped files that arrays lie in.

    Those opened with mode "c" are left alone: what was written to them would be lost.

    Args:
        arrays: Any arrays; views of `np.memmap` count, too.

    Example:
        >>> bool(Mapped([np.zeros(3)]))
        False
    """

    def __init__(self, arrays: Iterable[np.ndarray]):
        maps = [found for array in arrays if (found := _map_of(array)) is not None]
        self._maps = list({id(each): each for each in maps}.values())

    def __bool__(self) -> bool:
        return bool(self._maps)

    def release(self) -> None:
        """Gives the pages back; the arrays stay as they are."""
        import mmap

        for each in self._maps:
            each.madvise(mmap.MADV_DONTNEED)


def _map_of(array: Any) -> Any:
    """Returns the map an array lies in, if its pages can be given back."""
    mode = None
    while isinstance(array, np.ndarray):
        mode = getattr(array, "mode", mode)
        array = array.base
    if array is None:  # the usual case: memory of numpy's own
        return None
    import mmap

    can = hasattr(mmap, "MADV_DONTNEED") and mode in ("r", "r+", "w+")
    return array if can and isinstance(array, mmap.mmap) else None
