"""Elementwise calls on large arrays are computed part by part: all of them on one part, then on the next.

An array of a megabyte does not stay in the cache until the next call reads it. Adam's twelve calls for a kernel of
784 x 512 numbers take half as long on parts that do; and what only these calls use is never more than one part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry

_ELEMENTS = 16384  # of a part: a few arrays of them stay in the second cache of a core


@dataclass
class _Call:
    """A call that waits to be divided."""

    index: int
    entry: Entry
    arrays: list[np.ndarray]
    out: np.ndarray
    fixed: bool  # `out` is part of a variable, or of the memory of several values


class Parts:
    """Collects calls that follow each other and can be divided.

    Args:
        is_done: Tells whether a value is used by no call after one of this index.
    """

    def __init__(self, is_done: Callable[[Tensor, int], bool]):
        self._is_done = is_done
        self._calls: list[_Call] = []

    def add(self, index: int, entry: Entry, arrays: Sequence[np.ndarray], out: np.ndarray, fixed: bool) -> None:
        """Adds a call that can be divided and goes along with the ones before it.

        Args:
            index: Its number.
            entry: What it computes.
            arrays: What it reads.
            out: Where its result goes.
            fixed: Whether the result has to be there, even if no later call needs it.
        """
        self._calls.append(_Call(index, entry, list(arrays), out, fixed))

    def goes_along(self, arrays: Sequence[np.ndarray], out: np.ndarray) -> bool:
        """Whether a call has the size of the others and no memory that lies askew to that of another one."""
        if self._calls and out.size != self._calls[0].out.size:
            return False
        known = [array for call in self._calls for array in (*call.arrays, call.out)]
        for array in (*arrays, out):
            for other in known:
                same = _address(array) == _address(other) and array.dtype.itemsize == other.dtype.itemsize
                if not same and np.may_share_memory(array, other):
                    return False
        return True

    def take_all(self) -> list[tuple[str, Callable[[], object]]]:
        """Returns what was collected as names and calls, one call for several if that pays."""
        calls, self._calls = self._calls, []
        names = [call.entry.primitive.name for call in calls]
        if len(calls) < 2:
            bound = [call.entry.primitive.bind(call.arrays, call.out, call.entry.params) for call in calls]
            return list(zip(names, bound, strict=True))
        return [(", ".join(names) + ", in parts", _divided(calls, self._local(calls)))]

    def _local(self, calls: Sequence[_Call]) -> dict[int, np.ndarray]:
        """Returns memory of one part for each buffer that nothing but these calls uses, by its address."""
        read: set[int] = set()
        written: dict[int, _Call] = {}
        dtypes: dict[int, set[np.dtype]] = {}
        for call in calls:
            for array in call.arrays:
                if _address(array) not in written:
                    read.add(_address(array))
                dtypes.setdefault(_address(array), set()).add(array.dtype)
            written[_address(call.out)] = call
            dtypes.setdefault(_address(call.out), set()).add(call.out.dtype)
        return {
            address: np.empty(_ELEMENTS, call.out.dtype)
            for address, call in written.items()
            if not (call.fixed or address in read or len(dtypes[address]) > 1)
            and self._is_done(call.entry.output, calls[-1].index)
        }


def _divided(calls: Sequence[_Call], local: dict[int, np.ndarray]) -> Callable[[], None]:
    bound = []
    for start in range(0, calls[0].out.size, _ELEMENTS):
        stop = min(start + _ELEMENTS, calls[0].out.size)
        for call in calls:
            arrays = [_part(array, start, stop, local) for array in call.arrays]
            out = _part(call.out, start, stop, local)
            bound.append(call.entry.primitive.bind(arrays, out, call.entry.params))

    def run() -> None:
        for call in bound:
            call()

    return run


def _part(array: np.ndarray, start: int, stop: int, local: dict[int, np.ndarray]) -> np.ndarray:
    if array.size == 1:
        return array
    whole = local.get(_address(array))
    return array.reshape(-1)[start:stop] if whole is None else whole[: stop - start]


def is_divisible(entry: Entry, arrays: Sequence[np.ndarray], out: np.ndarray) -> bool:
    """Whether a call is large enough to be divided, and computes each element from those in the same place."""
    if not entry.primitive.elementwise or out.size < 2 * _ELEMENTS or not out.flags.c_contiguous:
        return False
    return all(
        array.ndim == 0 or (array.shape == out.shape and array.flags.c_contiguous) for array in arrays
    ) and not any(isinstance(value, (tuple, list)) for value in entry.params.values())


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]
