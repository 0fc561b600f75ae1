"""The plan of a body: entries that are bound to other memory for each turn of a loop.

A step is bound once. The body of a loop goes through the same passes, on arrays that stand for its parameters and
results, the slots; then its entries are bound once a turn to views of stacked arrays, so that each value is computed
right where it is kept.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat

import numpy as np

from ...engine.body_trace import Body
from ...engine.primitive import Primitive
from ...engine.tensor import Tensor
from ...engine.variable import COPY
from ..passes.buffers import allocate_buffers
from ..passes.common_subexpressions import eliminate_common_subexpressions
from ..passes.constant_folding import fold_constants
from ..passes.dead_code import eliminate_dead_code
from ..program import Program, needs_no_call, tensors
from .regions import lower_control_flow

Call = Callable[[], object]

_PASSES = (fold_constants, eliminate_common_subexpressions, eliminate_dead_code, lower_control_flow)


@dataclass(frozen=True)
class Operand:
    """An array that a call reads or writes.

    Attributes:
        array: The array itself, or the one that stands for it in a slot.
        slot: The slot whose memory it lies in; None if it always lies where it is.
    """

    array: np.ndarray
    slot: Hashable = None


@dataclass(frozen=True)
class Unbound:
    """A call of a primitive, not yet bound."""

    primitive: Primitive
    params: dict
    operands: list[Operand]
    out: Operand


class BodyPlan:
    """What computes results of a body.

    Args:
        body: The body.
        results: By slot, the tensor whose value is to be there after each turn.
        keep: The indices of the parameters that are needed in any case.

    Attributes:
        operands: The indices of the parameters that are needed. They are slots, by these indices.
        slots: By slot, the array that stands for its memory.
        unbound: The calls, in order.
        viewed: The slots of which views are taken, so that they can only be bound to contiguous memory.
    """

    def __init__(self, body: Body, results: dict[Hashable, Tensor], keep: Iterable[int] = ()):
        program = Program(body.entries, body.parameters, list(results.values()))
        for apply_pass in _PASSES:
            program = apply_pass(program)
        read = (value for entry in program.entries for value in entry.inputs)
        used, keep = {*tensors(read), *tensors(program.outputs)}, set(keep)
        self.operands = [index for index, each in enumerate(body.parameters) if each in used or index in keep]
        self.unbound: list[Unbound] = []
        self.viewed: set[Hashable] = set()
        self.slots = {slot: np.zeros(tensor.shape, tensor.dtype) for slot, tensor in results.items()}
        results = dict(zip(results, program.outputs, strict=True))
        made = {entry.output for entry in program.entries if not entry.primitive.view}
        into: dict[Tensor, Hashable] = {}
        for slot, value in results.items():
            if isinstance(value, Tensor) and value in made:
                into.setdefault(value, slot)
        inputs = [body.parameters[index] for index in self.operands]
        locations = {tensor: self.slots[slot] for tensor, slot in into.items()}
        program = allocate_buffers(program.replace(inputs=inputs, locations=locations))
        self.slots |= {index: program.locations[each] for index, each in zip(self.operands, inputs, strict=True)}
        self._note_calls(program, {**dict(zip(inputs, self.operands, strict=True)), **into}, results)

    def _note_calls(self, program: Program, slots: dict[Tensor, Hashable], results: dict[Hashable, object]) -> None:
        """Notes the calls.

        Args:
            program: The body, with all locations.
            slots: By tensor, the slot whose memory it is; views are added.
            results: By slot, the value that is to be there.
        """

        def operand(value: object) -> Operand:
            return Operand(program.locations[value], slots.get(value)) if isinstance(value, Tensor) else Operand(value)

        for entry in program.entries:
            if needs_no_call(entry, program.locations):
                if entry.inputs[0] in slots:
                    slots[entry.output] = slots[entry.inputs[0]]
                    self.viewed.add(slots[entry.output])
            else:
                operands = [operand(value) for value in entry.inputs]
                self.unbound.append(Unbound(entry.primitive, entry.params, operands, operand(entry.output)))
        for slot, value in results.items():
            if not isinstance(value, Tensor) or slots.get(value) != slot:
                self.unbound.append(Unbound(COPY, {}, [operand(value)], Operand(self.slots[slot], slot)))

    def bind(self, memory: dict[object, "np.ndarray | list[np.ndarray]"], turns: int) -> list[Call]:
        """Returns the calls of so many turns, one turn after the other.

        Args:
            memory: By slot, the array that it is in all turns, or a list of those that it is in each turn.
            turns: The number of turns.
        """
        columns = [self._column(each, memory, turns) for each in self.unbound]
        return [call for row in zip(*columns, strict=True) for call in row]

    def needs_copy(self, slot: Hashable, array: np.ndarray) -> bool:
        """Tells whether a slot cannot be bound to an array, but to a contiguous copy of it."""
        return slot in self.viewed and not array.flags.c_contiguous

    def _column(self, call: Unbound, memory: dict, turns: int) -> Sequence[Call]:
        arrays = [self._located(operand, memory, turns) for operand in call.operands]
        outs = self._located(call.out, memory, turns)
        primitive, params = call.primitive, call.params
        if isinstance(primitive.kernel, np.ufunc) and primitive.kernel not in (np.maximum, np.minimum):
            return list(map(partial(partial, primitive.kernel), *arrays, outs))
        return [primitive.bind(row, out, params) for out, *row in zip(outs, *arrays, strict=True)]

    def _located(self, operand: Operand, memory: dict, turns: int) -> Iterable[np.ndarray]:
        if operand.slot is None:
            return repeat(operand.array, turns)
        target, slot = memory[operand.slot], self.slots[operand.slot]
        if isinstance(target, np.ndarray):
            return repeat(_relocated(operand.array, slot, target), turns)
        if operand.array is slot:
            return target
        known: dict[int, np.ndarray] = {}  # two buffers that take turns
        return [
            known[id(each)] if id(each) in known else known.setdefault(id(each), _relocated(operand.array, slot, each))
            for each in target
        ]


def _relocated(array: np.ndarray, slot: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns the part of `target` that `array` is of `slot`."""
    if array is slot:
        return target
    if not array.size:
        return array
    offset = array.__array_interface__["data"][0] - slot.__array_interface__["data"][0]
    return np.ndarray(array.shape, array.dtype, target, offset, array.strides)


def parts(stack: np.ndarray) -> list[np.ndarray]:
    """Returns the arrays that an array consists of, along its first axis: views of it."""
    if stack.ndim > 1:
        return list(stack)
    return [stack[index : index + 1].reshape(()) for index in range(len(stack))]
