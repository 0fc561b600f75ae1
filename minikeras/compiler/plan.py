"""A plan: a trace made ready to run again on new data of the same shapes.

Every value gets its place in memory once: views are taken of it, buffers go to the next value when
their last reader is done, elementwise results overwrite an input that dies, and new values of
variables are computed right into the variables. What is left is a list of calls without arguments.
"""

import weakref
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.primitive import copying
from ..engine.tensor import Tensor
from ..engine.trace import Entry, Trace
from ..engine.variable import ASSIGN, Variable
from .buffers import Buffers
from .control_flow import lower
from .fusion import Fused, Fusion
from .in_place import direct_updates
from .rebinding import Follow
from .scaling import scale_early
from .scheduling import schedule
from .simplify import simplify
from .tiling import Parts, is_divisible

_SPREAD = 32768  # elements: for more of them, a copy takes as long as it saves
_ARITHMETIC = (np.add, np.subtract, np.multiply, np.true_divide)


class Plan:
    """A step that can be replayed.

    Args:
        trace: The recorded step; it must not have a replay blocker.
        inputs: The tensors that stand for the data.
        outputs: The values to deliver.
        structure: How `results` nests them.

    Attributes:
        inputs: The arrays to copy new data into before `run`.
        outputs: The arrays that hold the results after `run`, until the next `run`.
        instructions: The calls that `run` makes.
        names: The primitive behind each instruction, for looking at a plan.
        was_run: Whether it was ever run, as far as it was told.
    """

    def __init__(self, trace: Trace, inputs: Sequence[Tensor], outputs: Sequence, structure: Any = None):
        entries, outputs = simplify(trace, outputs)
        entries = lower(entries)
        reads = {tensor: variable for variable, tensors in trace.past_reads.items() for tensor in tensors}
        entries, runs = schedule(scale_early(entries, outputs, reads), reads)
        self.was_run = False
        self._trace = weakref.ref(trace)
        self.instructions: list[Callable] = []
        self.names: list[str] = []
        self._structure = structure
        self._buffers = Buffers(entries, inputs, outputs)
        self._place: dict[Tensor, np.ndarray] = {}
        self._follow = Follow(inputs)
        self._scratch: dict[tuple, np.ndarray] = {}
        self._parts = Parts(self._buffers.is_done)
        for tensor in inputs:
            self._place[tensor] = self._buffers.allocate(tensor, tensor.array)
        for tensor, variable in reads.items():
            self._place[tensor] = variable.buffer
        direct = direct_updates(entries, outputs, {index: run.start for run in runs for index in run})
        self._fusion = Fusion(entries, runs, reads, direct, inputs)
        self._place |= self._fusion.places
        fused = {index for calls in self._fusion.calls.values() for call in calls for index in call.members}
        together = {entries[index].output for index in fused}
        # numpy takes four times as long for a single number when the result overwrites an operand.
        direct = {value: variable for value, variable in direct.items() if value.size > 1 or value in together}
        for index, entry in enumerate(entries):
            for call in self._fusion.calls.get(index, ()):
                self._add_fused(call, entry)
            if index not in fused:
                self._add(index, entry, direct)
            elif entry.output in direct:
                self._place[entry.output] = direct[entry.output].buffer
            self._buffers.release(index)
        self._note_parts()
        self.inputs = [self._place[tensor] for tensor in inputs]
        self.outputs = [self._place[value] if isinstance(value, Tensor) else value for value in outputs]
        self._movable = not any(self._follow.moves(value) for value in outputs)
        # The tensors keep all the arrays of the traced run alive; the plan has its own.
        self._follow.forget_tensors()
        del self._buffers, self._place, self._fusion, self._scratch, self._parts
        self._context = copy_context()
        self._context.run(np.seterr, all="ignore")
        self.run = self._silent(self.instructions)
        self._moving = list(self.instructions)
        self._run_moving = self._silent(self._moving)

    def note_run(self) -> None:
        """Says that the plan is run: the values that were traced are then those of an earlier step."""
        self.was_run = True
        trace = self._trace()
        if trace is not None:
            trace.outdated = True

    def bind_to(self, buffers: Sequence[np.ndarray]) -> Callable[[], None]:
        """Returns a call that runs the step on these buffers in place of `inputs`; rebinding is paid for once, here."""
        if not self._movable:
            return partial(self._copy_and_run, buffers)
        instructions = list(self.instructions)
        self._follow.move(instructions, buffers)
        return self._silent(instructions)

    def run_on(self, buffers: Sequence[np.ndarray]) -> None:
        """Runs the step on these buffers in place of `inputs`, once."""
        if self._movable:
            self._follow.move(self._moving, buffers)
            self._run_moving()
        else:
            self._copy_and_run(buffers)

    def _copy_and_run(self, buffers: Sequence[np.ndarray]) -> None:
        for own, array in zip(self.inputs, buffers, strict=True):
            np.copyto(own, array)
        self.run()

    def _silent(self, instructions: list[Callable]) -> Callable[[], None]:
        """Returns a call that runs the instructions without numpy's warnings.

        `np.errstate` costs as much as five small instructions each time; a context is made once.
        """

        def run() -> None:
            for instruction in instructions:
                instruction()

        return partial(self._context.run, run)

    def results(self) -> Any:
        """Returns what the last run gave, nested as the step nests it."""
        if self._structure == 0:
            return self.outputs[0]
        return tree.pack_like(self._structure, self.outputs)

    def _add(self, index: int, entry: Entry, direct: dict) -> None:
        arrays = self._arrays(entry.inputs)
        if entry.primitive is ASSIGN:
            value = entry.inputs[0]
            if not isinstance(value, Tensor) or value not in direct:
                self._emit("assign", entry.inputs, arrays, partial(_assignment, entry.params["variable"]))
        elif not (entry.primitive.view and self._add_view(entry, arrays)):
            out = self._destination(index, entry, arrays, direct)
            self._place[entry.output] = out
            if entry.primitive.kernel in _ARITHMETIC:
                arrays = [_as_number(array, value, out) for array, value in zip(arrays, entry.inputs, strict=True)]
                self._spread(entry, arrays, out)
            if is_divisible(entry, arrays, out) and not any(map(self._follow.moves, entry.inputs)):
                if not self._parts.goes_along(arrays, out):
                    self._note_parts()
                fixed = entry.output in direct or entry.output in self._fusion.places
                self._parts.add(index, entry, arrays, out, fixed)
                return
            self._emit(entry.primitive.name, entry.inputs, arrays, entry.primitive.binder(out, entry.params))

    def _spread(self, entry: Entry, arrays: list[np.ndarray], out: np.ndarray) -> None:
        """Replaces a row or column among the operands by an array of full size, copied there before each call.

        numpy computes with arrays of one shape so much faster that it pays.
        """
        shapes = [array.shape for array in arrays]
        if out.shape not in shapes or out.size > _SPREAD or any(map(self._follow.moves, entry.inputs)):
            return
        for position, array in enumerate(arrays):
            if array.shape != out.shape and array.size > 1:
                self._note_parts()
                spread = self._scratch.setdefault((out.shape, array.dtype.str), np.empty(out.shape, array.dtype))
                self.instructions.append(copying(spread, array))
                self.names.append("spread")
                arrays[position] = spread

    def _note_parts(self) -> None:
        for name, call in self._parts.take_all():
            self.names.append(name)
            self.instructions.append(call)

    def _add_fused(self, call: Fused, entry: Entry) -> None:
        name = f"{entry.primitive.name} x {len(call.members)}"
        self._emit(name, call.operands, self._arrays(call.operands), entry.primitive.binder(call.out, entry.params))

    def _add_view(self, entry: Entry, arrays: list[np.ndarray]) -> bool:
        view = np.asarray(entry.primitive.kernel(*arrays, **entry.params))
        if not np.may_share_memory(view, arrays[0]):
            return False
        self._place[entry.output] = view
        self._follow.note_view(entry, arrays)
        return True

    def _destination(self, index: int, entry: Entry, arrays: list[np.ndarray], direct: dict) -> np.ndarray:
        if entry.output in direct:
            return direct[entry.output].buffer
        if entry.output in self._fusion.places:
            return self._fusion.places[entry.output]
        if entry.primitive.elementwise and entry.output.array.size > 1:
            for value, array in zip(entry.inputs, arrays, strict=True):
                if isinstance(value, Tensor) and self._buffers.hand_over(index, value, array, entry, arrays):
                    return array
        return self._buffers.allocate(entry.output, entry.output.array)

    def _arrays(self, values: Sequence) -> list[np.ndarray]:
        return [self._place[value] if isinstance(value, Tensor) else value for value in values]

    def _emit(self, name: str, values: Sequence, arrays: list[np.ndarray], bind: Callable[[list], Callable]) -> None:
        self._note_parts()
        self._follow.note_call(values, arrays, bind, len(self.instructions))
        self.instructions.append(bind(arrays))
        self.names.append(name)


def _assignment(variable: Variable, arrays: list[np.ndarray]) -> Callable:
    return copying(variable.buffer, arrays[0])


def _as_number(array: np.ndarray, value: object, out: np.ndarray) -> np.ndarray:
    """Returns a constant that is the same everywhere as a single number, which numpy computes with faster."""
    if isinstance(value, Tensor) or array.ndim == 0 or array.shape == out.shape or not array.size:
        return array
    first = array.reshape(-1)[0]
    return np.array(first, array.dtype) if (array == first).all() else array
