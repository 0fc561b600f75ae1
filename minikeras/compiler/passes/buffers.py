"""Buffer allocation: a buffer is reused once the last reader of the value in it has run."""

from collections.abc import Sequence

import numpy as np

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program, arrays_of, tensors

_ALIGNMENT = 64  # bytes: a cache line, and the widest vector registers
_FOREVER = 1 << 60


def allocate_buffers(program: Program) -> Program:
    """Assigns a location to each value without one: a view, a dying operand's buffer, or another buffer."""
    allocator = BufferAllocator(program.entries, program.inputs, program.outputs)
    locations = dict(program.locations)
    for tensor in program.inputs:
        locations[tensor] = allocator.allocate(tensor, tensor.form)
    for index, entry in enumerate(program.entries):
        if entry.output is not None:
            arrays = arrays_of(entry.inputs, locations)
            locations[entry.output] = _location(index, entry, arrays, locations.get(entry.output), allocator)
        allocator.release(index)
    return program.replace(locations=locations)


def _location(
    index: int, entry: Entry, arrays: list[np.ndarray], fixed: np.ndarray | None, allocator: "BufferAllocator"
) -> np.ndarray:
    if entry.primitive.view:
        view = np.asarray(entry.primitive.kernel(*arrays, **entry.params))
        if np.may_share_memory(view, arrays[0]):
            return view
    # numpy takes twice as long for a scalar when the result overwrites an operand.
    is_scalar = entry.output.size == 1
    if fixed is not None and not (is_scalar and any(fixed is array for array in arrays)):
        return fixed
    if entry.primitive.elementwise and not is_scalar:
        for value, array in zip(entry.inputs, arrays, strict=True):
            if isinstance(value, Tensor) and allocator.hand_over(index, value, array, entry, arrays):
                return array
    return allocator.allocate(entry.output, entry.output.form)


class BufferAllocator:
    """Allocates buffers and reuses them after the last use of the values in them.

    Values that alias each other form a group, which lives as long as any of them.

    Args:
        entries: The entries, in order.
        inputs: Values that keep their buffers, since the next step writes new data to them.
        outputs: Values that keep their buffers until they are read.
    """

    def __init__(self, entries: Sequence[Entry], inputs: Sequence[Tensor], outputs: Sequence):
        self._group: dict[Tensor, Tensor] = {}
        self._owned: dict[Tensor, list[np.ndarray]] = {}
        self._free: dict[int, list[np.ndarray]] = {}
        self._last_use: dict[Tensor, int] = {}
        for index, entry in enumerate(entries):
            for value in tensors(entry.inputs):
                self._last_use[self._group_of(value)] = index
            if entry.output is not None:
                if entry.primitive.view and isinstance(entry.inputs[0], Tensor):
                    self._group[entry.output] = self._group_of(entry.inputs[0])
                self._last_use.setdefault(self._group_of(entry.output), index)
        for value in tensors([*inputs, *outputs]):
            self._last_use[self._group_of(value)] = _FOREVER
        self._dying: dict[int, list[Tensor]] = {}
        for group, index in self._last_use.items():
            self._dying.setdefault(index, []).append(group)

    def _group_of(self, tensor: Tensor) -> Tensor:
        return self._group.get(tensor, tensor)

    def allocate(self, tensor: Tensor, like: np.ndarray) -> np.ndarray:
        """Returns an array of the shape and dtype of `like` for the tensor."""
        if like.dtype.hasobject:  # strings: references must not share memory with numbers
            return np.empty(like.shape, like.dtype)
        free = self._free.get(like.nbytes)
        memory = free.pop() if free else _aligned(like.nbytes)
        self._owned.setdefault(self._group_of(tensor), []).append(memory)
        return memory.view(like.dtype).reshape(like.shape)

    def hand_over(self, index: int, value: Tensor, array: np.ndarray, entry: Entry, arrays: list) -> bool:
        """Gives a dying operand's buffer to the output of the entry, if it fits exactly."""
        output, group = entry.output, self._group_of(value)
        like = output.form
        if self._last_use[group] != index or array.shape != like.shape or array.dtype != like.dtype:
            return False
        owned = self._owned.get(group, [])
        if len(owned) != 1 or owned[0].nbytes != array.nbytes or not array.flags.carray:  # contiguous, writable
            return False
        if any(other is not array and np.may_share_memory(other, array) for other in arrays):
            return False
        self._owned.setdefault(self._group_of(output), []).append(owned.pop())
        return True

    def release(self, index: int) -> None:
        """Frees the buffers of the values whose last use is the entry at this index."""
        for group in self._dying.get(index, ()):
            for memory in self._owned.pop(group, ()):
                self._free.setdefault(memory.nbytes, []).append(memory)


def _aligned(nbytes: int) -> np.ndarray:
    memory = np.zeros(nbytes + _ALIGNMENT, dtype=np.uint8)  # zeros: no garbage is ever read
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + nbytes]
