"""The plan of a loop body: entries that are bound to different memory in each iteration.

A step is bound once. A loop body goes through the same passes, with a placeholder array for each of its parameters and
results (the slots). Its entries are then bound once per iteration to views of stacked arrays, so that each value is
computed directly where it is kept.
"""

import gc
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np

from ...engine.body_trace import Body
from ...engine.primitive import BoundCall, Primitive
from ...engine.tensor import Tensor
from ...engine.variable import COPY
from ..passes.buffers import allocate_buffers
from ..passes.common_subexpressions import eliminate_common_subexpressions
from ..passes.constant_folding import fold_constants
from ..passes.dead_code import eliminate_dead_code
from ..passes.tiling import address
from ..program import Program, needs_no_call, tensors
from .regions import lower_control_flow

Call = Callable[[], object]

_PASSES = (fold_constants, eliminate_common_subexpressions, eliminate_dead_code, lower_control_flow)


@dataclass(frozen=True)
class Operand:
    """An array that a call reads or writes.

    Attributes:
        array: The array itself, or the placeholder for a slot.
        slot: The slot whose memory it is in; None if its location is fixed.
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
    """Computes the results of a loop body.

    Args:
        body: The body.
        results: By slot, the tensor whose value it holds after each iteration.
        keep: The indices of parameters that count as needed even if nothing reads them.

    Attributes:
        operands: The indices of the parameters that are needed; these indices are also their slots.
        slots: By slot, its placeholder array.
        unbound: The calls, in order.
        viewed: The slots that are viewed, and so can only be bound to contiguous memory.
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
        """Records the unbound calls.

        Args:
            program: The body, with all locations.
            slots: By tensor, the slot that holds it; views are added.
            results: By slot, the value that it is to hold.
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

    def bind(self, memory: dict[object, "np.ndarray | Sequence[np.ndarray]"], iterations: int) -> list[BoundCall]:
        """Returns the calls of all iterations, in order, which `in_sequence` makes.

        Args:
            memory: By slot, its array in all iterations, or its arrays in each.
            iterations: The number of iterations.
        """
        collects = gc.isenabled()
        try:
            gc.disable()  # it would search the new calls, which may be 100,000, for garbage again and again
            columns = []
            for call in self.unbound:
                inputs = [self._located(operand, memory, iterations) for operand in call.operands]
                outs = self._located(call.out, memory, iterations)
                columns.append(call.primitive.bind_each(inputs, outs, call.params))
            return list(chain.from_iterable(zip(*columns, strict=True)))
        finally:
            if collects:
                gc.enable()

    def needs_copy(self, slot: Hashable, array: np.ndarray) -> bool:
        """Returns whether a slot has to be bound to a contiguous copy of an array."""
        return slot in self.viewed and not array.flags.c_contiguous

    def _located(self, operand: Operand, memory: dict, iterations: int) -> Iterable[np.ndarray]:
        if operand.slot is None:
            return repeat(operand.array, iterations)
        target, slot = memory[operand.slot], self.slots[operand.slot]
        if isinstance(target, np.ndarray):
            return repeat(_relocated(operand.array, slot, target), iterations)
        if operand.array is slot:
            return target
        if isinstance(target, Parts):
            return Parts(_relocated_stack(operand.array, slot, target.stack))
        known: dict[int, np.ndarray] = {}  # double buffering
        return [
            known[id(each)] if id(each) in known else known.setdefault(id(each), _relocated(operand.array, slot, each))
            for each in target
        ]


def _relocated(array: np.ndarray, slot: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Returns the view of `target` that corresponds to the view `array` of `slot`."""
    if array is slot:
        return target
    if not array.size:
        return array
    offset = address(array) - address(slot)
    return np.ndarray(array.shape, array.dtype, target, offset, array.strides)


def _relocated_stack(array: np.ndarray, slot: np.ndarray, stack: np.ndarray) -> np.ndarray:
    """Returns the views of the arrays in `stack` that correspond to the view `array` of `slot`, stacked alike."""
    offset = address(array) - address(slot) if array.size else 0
    shape, strides = (len(stack), *array.shape), (stack.strides[0], *array.strides)
    return np.asarray(_Memory(stack, address(stack) + offset, shape, strides, array.dtype)).view(array.dtype)


class _Memory:
    """A view at an address inside of an array, which may be strided."""

    def __init__(self, base: np.ndarray, start: int, shape: tuple, strides: tuple, dtype: np.dtype):
        self.base = base  # kept alive by the view
        self.__array_interface__ = {
            "version": 3,
            "data": (start, not base.flags.writeable),
            "shape": shape,
            "strides": strides,
            "typestr": dtype.str,
        }


class Parts(list):
    """Views of an array, one for each index of its first axis.

    Args:
        stack: The array.
    """

    def __init__(self, stack: np.ndarray):
        self.stack = stack
        if stack.ndim > 1:
            super().__init__(stack)
        else:
            super().__init__(stack[index : index + 1].reshape(()) for index in range(len(stack)))
