"""The plan of a body: instructions that are bound to other memory for each turn of a loop.

A step's plan is bound once. The body of a loop is planned once too, on arrays that stand for its parameters and
results, the slots; then its instructions are bound once a turn to views of stacked arrays, so that each value is
computed right where it is kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat

import numpy as np

from ..engine.primitive import Primitive, copying
from ..engine.tensor import Tensor
from ..engine.trace import Entry
from ..engine.variable import COPY
from .buffers import Buffers

Call = Callable[[], object]


@dataclass(frozen=True)
class Operand:
    """An array that an instruction reads or writes.

    Attributes:
        array: The array itself, or the one that stands for it in a slot.
        slot: The slot whose memory it lies in; None if it always lies where it is.
    """

    array: np.ndarray
    slot: object = None


@dataclass(frozen=True)
class Instruction:
    """A call of a primitive, not yet bound."""

    primitive: Primitive
    params: dict
    operands: list[Operand]
    out: Operand


class BodyPlan:
    """What computes the results of a body.

    Args:
        entries: The calls of the body that the results need, in order.
        parameters: The tensors that stand for its arguments. They are slots, by these tensors.
        results: By slot, the tensor whose value is to be there after each turn.

    Attributes:
        instructions: The calls, in order.
        viewed: The slots of which views are taken, so that they can only be bound to contiguous memory.
    """

    def __init__(self, entries: list[Entry], parameters: Sequence[Tensor], results: dict[object, Tensor]):
        self.instructions: list[Instruction] = []
        self.viewed: set = set()
        self._slots = {tensor: _stand_in(tensor) for tensor in parameters}
        self._slots |= {slot: _stand_in(tensor) for slot, tensor in results.items()}
        self._where = {tensor: Operand(self._slots[tensor], tensor) for tensor in parameters}
        self._buffers = Buffers(entries, parameters, list(results.values()))
        made = {entry.output for entry in entries if not entry.primitive.view}
        direct: dict[Tensor, object] = {}
        for slot, tensor in results.items():
            if tensor in made:
                direct.setdefault(tensor, slot)
        for index, entry in enumerate(entries):
            self._add(index, entry, direct)
            self._buffers.release(index)
        for slot, tensor in results.items():
            if direct.get(tensor) != slot:
                out = Operand(self._slots[slot], slot)
                self.instructions.append(Instruction(COPY, {}, [self._operand(tensor)], out))
        del self._buffers, self._where

    def _add(self, index: int, entry: Entry, direct: dict[Tensor, object]) -> None:
        operands = [self._operand(value) for value in entry.inputs]
        if entry.primitive.view and self._add_view(entry, operands):
            return
        if entry.output in direct:
            slot = direct[entry.output]
            out = Operand(self._slots[slot], slot)
        else:
            out = Operand(self._destination(index, entry, operands))
        self._where[entry.output] = out
        self.instructions.append(Instruction(entry.primitive, entry.params, operands, out))

    def _operand(self, value: object) -> Operand:
        return self._where[value] if isinstance(value, Tensor) else Operand(value)

    def _add_view(self, entry: Entry, operands: list[Operand]) -> bool:
        view = np.asarray(entry.primitive.kernel(*[operand.array for operand in operands], **entry.params))
        if not np.may_share_memory(view, operands[0].array):
            return False
        self._where[entry.output] = Operand(view, operands[0].slot)
        self.viewed.add(operands[0].slot)
        return True

    def _destination(self, index: int, entry: Entry, operands: list[Operand]) -> np.ndarray:
        arrays = [operand.array for operand in operands]
        if entry.primitive.elementwise and entry.output.array.size > 1:
            for value, array in zip(entry.inputs, arrays, strict=True):
                if isinstance(value, Tensor) and self._buffers.hand_over(index, value, array, entry, arrays):
                    return array
        return self._buffers.allocate(entry.output, entry.output.array)

    def bind(self, memory: dict[object, "np.ndarray | list[np.ndarray]"], turns: int) -> list[Call]:
        """Returns the calls of so many turns, one turn after the other.

        Args:
            memory: By slot, the array that it is in all turns, or a list of those that it is in each turn.
            turns: The number of turns.
        """
        columns = [self._column(each, memory, turns) for each in self.instructions]
        return [call for row in zip(*columns, strict=True) for call in row]

    def staged(self, operands: dict[object, np.ndarray], results: dict[object, np.ndarray]) -> list[Call]:
        """Returns the calls of one turn on operands of any strides: what has to be contiguous is copied first.

        Args:
            operands: The arrays of the parameters.
            results: Those of the other slots.
        """
        copies = {
            each: np.empty(array.shape, array.dtype) for each, array in operands.items() if self.needs_copy(each, array)
        }
        calls = [copying(copy, operands[each]) for each, copy in copies.items()]
        return calls + self.bind({**operands, **copies, **results}, 1)

    def needs_copy(self, parameter: object, array: np.ndarray) -> bool:
        """Tells whether a parameter cannot be bound to an array, but to a contiguous copy of it."""
        return parameter in self.viewed and not array.flags.c_contiguous

    def _column(self, instruction: Instruction, memory: dict, turns: int) -> Sequence[Call]:
        arrays = [self._located(operand, memory, turns) for operand in instruction.operands]
        outs = self._located(instruction.out, memory, turns)
        primitive, params = instruction.primitive, instruction.params
        if isinstance(primitive.kernel, np.ufunc) and primitive.kernel not in (np.maximum, np.minimum):
            return list(map(partial(partial, primitive.kernel), *arrays, outs))
        return [primitive.bind(row, out, params) for out, *row in zip(outs, *arrays, strict=True)]

    def _located(self, operand: Operand, memory: dict, turns: int) -> Iterable[np.ndarray]:
        if operand.slot is None:
            return repeat(operand.array, turns)
        target, slot = memory[operand.slot], self._slots[operand.slot]
        if isinstance(target, np.ndarray):
            return repeat(_relocated(operand.array, slot, target), turns)
        if operand.array is slot:
            return target
        known: dict[int, np.ndarray] = {}  # two buffers that take turns
        return [
            known[id(each)] if id(each) in known else known.setdefault(id(each), _relocated(operand.array, slot, each))
            for each in target
        ]


def _stand_in(tensor: Tensor) -> np.ndarray:
    return np.zeros(tensor.shape, tensor.dtype)


def _relocated(array: np.ndarray, slot: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns the part of `target` that `array` is of `slot`."""
    if array is slot:
        return target
    if not array.size:
        return array
    offset = array.__array_interface__["data"][0] - slot.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, target, offset, array.strides)
