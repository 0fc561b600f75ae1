"""Memory-mapped files: pages that were read are released, so that training needs no more memory than a small array.

The operating system keeps the pages of a file resident as long as a process maps them, and counts them as memory of
that process. Once released, they are only cache: dropped when memory is needed, and read again when accessed.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np


class MemoryMaps:
    """The memory maps behind some arrays.

    Those opened with mode "c" are left alone: what was written to them would be lost.

    Args:
        arrays: Any arrays; views of `np.memmap` count, too.

    Example:
        >>> bool(MemoryMaps([np.zeros(3)]))
        False
    """

    def __init__(self, arrays: Iterable[np.ndarray]):
        maps = [found for array in arrays if (found := _map_of(array)) is not None]
        self._maps = list({id(each): each for each in maps}.values())

    def __bool__(self) -> bool:
        return bool(self._maps)

    def release(self) -> None:
        """Releases the resident pages; the arrays keep their values."""
        import mmap

        for each in self._maps:
            each.madvise(mmap.MADV_DONTNEED)


def _map_of(array: Any) -> Any:
    """Returns the memory map behind an array, if its pages can be released."""
    mode = None
    while isinstance(array, np.ndarray):
        mode = getattr(array, "mode", mode)
        array = array.base
    if array is None:  # the usual case: memory allocated by numpy
        return None
    import mmap

    is_releasable = hasattr(mmap, "MADV_DONTNEED") and mode in ("r", "r+", "w+")
    return array if is_releasable and isinstance(array, mmap.mmap) else None
