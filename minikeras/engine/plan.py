"""A plan: a trace made ready to run again on new data of the same shapes.

Every value gets its place in memory once: views are taken of it, buffers go to the next value when
their last reader is done, elementwise results overwrite an input that dies, and new values of
variables are computed right into the variables. What is left is a list of calls without arguments.
"""

from collections.abc import Callable, Sequence

import numpy as np

from .simplify import simplify
from .tensor import Tensor
from .trace import Entry, Trace
from .variable import ASSIGN, Variable

_ALIGNMENT = 64  # bytes: a cache line, and the widest vector registers
_FOREVER = 1 << 60


class Plan:
    """A step that can be replayed.

    Args:
        trace: The recorded step; it must not have an obstacle.
        inputs: The tensors that stand for the data.
        outputs: The values to deliver.

    Attributes:
        inputs: The arrays to copy new data into before `run`.
        outputs: The arrays that hold the results after `run`, until the next `run`.
        instructions: The calls that `run` makes.
        names: The primitive behind each instruction, for looking at a plan.
    """

    def __init__(self, trace: Trace, inputs: Sequence[Tensor], outputs: Sequence):
        entries, outputs = simplify(trace, outputs)
        self.instructions: list[Callable] = []
        self.names: list[str] = []
        self._memory = _Memory(entries, inputs, outputs)
        self._place: dict[Tensor, np.ndarray] = {}
        for tensor in inputs:
            self._place[tensor] = self._memory.allocate(tensor, tensor.array)
        for variable, tensors in trace.past_reads.items():
            for tensor in tensors:
                self._place[tensor] = variable.buffer
        direct = _direct_updates(entries, outputs, trace)
        for index, entry in enumerate(entries):
            self._add(index, entry, direct)
        self.inputs = [self._place[tensor] for tensor in inputs]
        self.outputs = [self._place[value] if isinstance(value, Tensor) else value for value in outputs]
        # The tensors keep all the arrays of the traced run alive; the plan has its own.
        del self._memory, self._place

    def run(self) -> None:
        """Computes the step on what is in `inputs`."""
        with np.errstate(all="ignore"):
            for instruction in self.instructions:
                instruction()

    def _add(self, index: int, entry: Entry, direct: dict) -> None:
        arrays = [self._place[value] if isinstance(value, Tensor) else value for value in entry.inputs]
        if entry.primitive is ASSIGN:
            value = entry.inputs[0]
            if not isinstance(value, Tensor) or value not in direct:
                self._emit(entry, _assignment(entry.params["variable"], arrays[0]))
        elif not (entry.primitive.view and self._add_view(entry, arrays)):
            out = self._destination(index, entry, arrays, direct)
            self._place[entry.output] = out
            self._emit(entry, entry.primitive.bind(arrays, out, entry.params))
        self._memory.release(index)

    def _add_view(self, entry: Entry, arrays: list[np.ndarray]) -> bool:
        view = np.asarray(entry.primitive.kernel(*arrays, **entry.params))
        if not np.may_share_memory(view, arrays[0]):
            return False
        self._place[entry.output] = view
        return True

    def _destination(self, index: int, entry: Entry, arrays: list[np.ndarray], direct: dict) -> np.ndarray:
        variable = direct.get(entry.output)
        if variable is not None:
            return variable.buffer
        if entry.primitive.elementwise and entry.output.array.size > 1:
            for value, array in zip(entry.inputs, arrays, strict=True):
                if isinstance(value, Tensor) and self._memory.hand_over(index, value, array, entry, arrays):
                    return array
        return self._memory.allocate(entry.output, entry.output.array)

    def _emit(self, entry: Entry, instruction: Callable) -> None:
        self.instructions.append(instruction)
        self.names.append(entry.primitive.name)


def _assignment(variable: Variable, value: np.ndarray) -> Callable:
    buffer = variable.buffer
    return lambda: np.copyto(buffer, value, casting="unsafe")


class _Memory:
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

    def release(self, index: int) -> None:
        """Takes back the buffers of the values that are not used after the entry of this index."""
        for group in self._dying.get(index, ()):
            for memory in self._buffers.pop(group, ()):
                self._free.setdefault(memory.nbytes, []).append(memory)


def _aligned(nbytes: int) -> np.ndarray:
    memory = np.zeros(nbytes + _ALIGNMENT, dtype=np.uint8)  # zeros: no garbage is ever read
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + nbytes]


def _direct_updates(entries: list[Entry], outputs: Sequence, trace: Trace) -> dict[Tensor, Variable]:
    """Finds the values that can be computed right into the variable they are assigned to.

    That is so when the assignment is the value's only use and nobody in between needs what the
    variable held before.
    """
    made_at = {entry.output: index for index, entry in enumerate(entries) if entry.output is not None}
    uses: dict[Tensor, int] = {}
    for entry in entries:
        for value in entry.inputs:
            if isinstance(value, Tensor):
                uses[value] = uses.get(value, 0) + 1
    for value in outputs:
        if isinstance(value, Tensor):
            uses[value] = uses.get(value, 0) + 1
    direct = {}
    for index, entry in enumerate(entries):
        if entry.primitive is not ASSIGN or not isinstance(entry.inputs[0], Tensor):
            continue
        value, variable = entry.inputs[0], entry.params["variable"]
        fits = value.dtype.name == variable.dtype and value in made_at and uses[value] == 1
        # numpy takes four times as long for a single number when the result overwrites an operand.
        if fits and value.array.size > 1 and _untouched(entries, made_at[value], index, variable):
            direct[value] = variable
    return direct


def _untouched(entries: list[Entry], made_at: int, assigned_at: int, variable: Variable) -> bool:
    maker = entries[made_at]
    if maker.primitive.view:
        return False
    for entry in entries[made_at:assigned_at]:
        for value in entry.inputs:
            if isinstance(value, Tensor) and np.may_share_memory(value.array, variable.buffer):
                same_place = value.array is variable.buffer
                if entry is not maker or not (maker.primitive.elementwise and same_place):
                    return False
        if entry.primitive is ASSIGN and entry.params["variable"] is variable:
            return False
    return True
