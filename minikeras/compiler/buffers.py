"""The memory of a plan: buffers go to the next value when their last reader is done."""

from collections.abc import Sequence

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry

_ALIGNMENT = 64  # bytes: a cache line, and the widest vector registers
_FOREVER = 1 << 60


class Buffers:
    """Hands out buffers and takes them back after the last use of the values in them.

    Values that are views of each other form a group, which lives as long as any of them.
    """

    def __init__(self, entries: list[Entry], inputs: Sequence[Tensor], outputs: Sequence):
        self._group: dict[Tensor, Tensor] = {}
        self._buffers: dict[Tensor, list[np.ndarray]] = {}
        self._free: dict[int, list[np.ndarray]] = {}
        last_use: dict[Tensor, int] = {}
        for index, entry in enumerate(entries):
            for value in entry.inputs:
                if isinstance(value, Tensor):
                    last_use[self._group_of(value)] = index
            if entry.output is not None:
                if entry.primitive.view and isinstance(entry.inputs[0], Tensor):
                    self._group[entry.output] = self._group_of(entry.inputs[0])
                last_use.setdefault(self._group_of(entry.output), index)
        # The data stays where the next step writes it, and results until they are read.
        for value in [*inputs, *outputs]:
            if isinstance(value, Tensor):
                last_use[self._group_of(value)] = _FOREVER
        self._last_use = last_use
        self._dying: dict[int, list[Tensor]] = {}
        for group, index in last_use.items():
            self._dying.setdefault(index, []).append(group)

    def _group_of(self, tensor: Tensor) -> Tensor:
        return self._group.get(tensor, tensor)

    def allocate(self, tensor: Tensor, like: np.ndarray) -> np.ndarray:
        """Returns an array of the shape and dtype of `like` for the tensor."""
        free = self._free.get(like.nbytes)
        memory = free.pop() if free else _aligned(like.nbytes)
        self._buffers.setdefault(self._group_of(tensor), []).append(memory)
        return memory.view(like.dtype).reshape(like.shape)

    def hand_over(self, index: int, value: Tensor, array: np.ndarray, entry: Entry, arrays: list) -> bool:
        """Gives a dying input's buffer to the output of the entry, if it fits exactly."""
        output, group = entry.output, self._group_of(value)
        like = output.array
        if self._last_use[group] != index or array.shape != like.shape or array.dtype != like.dtype:
            return False
        owned = self._buffers.get(group, [])
        if len(owned) != 1 or owned[0].nbytes != array.nbytes or not array.flags.carray:  # whole, in order, writable
            return False
        if any(other is not array and np.may_share_memory(other, array) for other in arrays):
            return False
        self._buffers.setdefault(self._group_of(output), []).append(owned.pop())
        return True

    def is_done(self, tensor: Tensor, index: int) -> bool:
        """Whether no entry after the one of this index uses a value, nor the caller of the plan."""
        return self._last_use[self._group_of(tensor)] <= index

    def release(self, index: int) -> None:
        """Takes back the buffers of the values that are not used after the entry of this index."""
        for group in self._dying.get(index, ()):
            for memory in self._buffers.pop(group, ()):
                self._free.setdefault(memory.nbytes, []).append(memory)


def _aligned(nbytes: int) -> np.ndarray:
    memory = np.zeros(nbytes + _ALIGNMENT, dtype=np.uint8)  # zeros: no garbage is ever read
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + nbytes]
