"""Loops that run as long as a condition holds: the number of iterations is known only at run time."""

from collections.abc import Callable, Sequence

import numpy as np

from ...engine.body_trace import Body
from ...engine.primitive import in_sequence
from ...engine.tensor import Tensor
from .body_plan import BodyPlan, Parts
from .regions import BoundOnce, ControlFlow, Layout, control_flow

_BLOCK = 64  # iterations bound at a time, if each has its own memory

Call = Callable[[], object]


class WhileLoop(ControlFlow):
    """A body that runs as long as a condition holds.

    Its operands are the initial carries, the other operands of the body, and those of the condition. Its outputs are
    the final carries, by index.

    Args:
        test: The condition: one output, of shape (), computed from the carries.
        body: One iteration: computes the next carries.
        carried: How many of the parameters of both are carried.
    """

    primitive = control_flow("while_loop")

    def __init__(self, test: Body, body: Body, carried: int):
        super().__init__()
        self.test, self.body, self.carried = test, body, carried

    @property
    def count(self) -> int:
        """The number of operands."""
        return len(self.body.parameters) + len(self.test.parameters) - self.carried

    def runner(self, wanted: Sequence[int]) -> "WhileRunner":
        """Returns the runner that computes the requested final carries."""
        return WhileRunner(self, wanted)


class WhileGradient(ControlFlow):
    """Runs a loop, keeping residuals of each iteration, then a backward body from the last iteration to the first.

    Its operands are those of the loop, the initial carries of the backward body, and its other operands. Its outputs
    are the final carries of the backward body, by index.

    Args:
        loop: The loop.
        kept: The residuals: tensors of the loop body whose values are passed to the backward body in each iteration.
        back: The backward body: its parameters are its carries, the residuals, and its other operands.
        carried: How many of its parameters are carried.
    """

    primitive = control_flow("while_loop gradient")

    def __init__(self, loop: WhileLoop, kept: Sequence[Tensor], back: Body, carried: int):
        super().__init__()
        self.loop, self.kept, self.back, self.carried = loop, list(kept), back, carried

    def runner(self, wanted: Sequence[int]) -> "WhileGradientRunner":
        """Returns the runner that computes the requested final carries."""
        return WhileGradientRunner(self, wanted)


class _IterationPlan:
    """The plans of a body and of its condition; their slots are the indices of the operands of the loop."""

    def __init__(self, loop: WhileLoop, kept: Sequence[Tensor] = ()):
        results = {("carried", index): loop.body.outputs[index] for index in range(loop.carried)}
        results |= {("kept", number): tensor for number, tensor in enumerate(kept)}
        self.body = BodyPlan(loop.body, results)
        self.test = BodyPlan(loop.test, {"test": loop.test.outputs[0]})
        # The operands of the condition come after those of the body, except for the carries, which they share.
        more = len(loop.body.parameters) - loop.carried
        self._indices = {index: index + (more if index >= loop.carried else 0) for index in self.test.operands}
        self.carried = range(loop.carried)
        self.holds = np.empty((), bool)

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether an operand has to be copied, to be contiguous."""
        slots = [slot for slot, own in self._indices.items() if own == index]
        return self.body.needs_copy(index, array) or any(self.test.needs_copy(slot, array) for slot in slots)

    def bind(self, operands: Sequence, before: list, after: list, kept: dict, iterations: int) -> tuple[list, list]:
        """Returns the calls of the condition and of the body, bound to the carries before and after each iteration."""
        memory = dict(enumerate(operands)) | dict(enumerate(before))
        of_test = {slot: memory[index] for slot, index in self._indices.items()} | {"test": self.holds}
        carried = {("carried", index): value for index, value in enumerate(after)}
        return self.test.bind(of_test, iterations), self.body.bind(memory | carried | kept, iterations)


class WhileRunner(BoundOnce):
    """Runs a loop in the same memory each iteration, and computes the requested final carries.

    Args:
        loop: The loop.
        wanted: The indices of the requested outputs.

    Attributes:
        operands: The indices of the operands that are needed: all.
        regions: The region of the buffer that holds each of these outputs.
        nbytes: The size of the buffer.
    """

    def __init__(self, loop: WhileLoop, wanted: Sequence[int]):
        super().__init__()
        layout = Layout()
        self._wanted = list(wanted)
        self.regions = [layout.reserve(loop.body.parameters[each]) for each in wanted]
        self.nbytes = layout.nbytes
        self.operands = list(range(loop.count))
        self._plan = _IterationPlan(loop)

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether the calls have to be bound to a contiguous copy of an operand."""
        return index not in self._plan.carried and self._plan.needs_copy(index, array)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the call that runs the loop."""
        first = arrays[: len(self._plan.carried)]
        sides = [[np.empty(array.shape, array.dtype) for array in first] for _ in range(2)]
        bound = [self._plan.bind(arrays, sides[side], sides[1 - side], {}, 1) for side in range(2)]
        iterations = [tuple(map(in_sequence, calls)) for calls in bound]
        results = [(region.of(out), index) for index, region in zip(self._wanted, self.regions, strict=True)]
        holds = self._plan.holds

        def run() -> None:
            for own, array in zip(sides[0], first, strict=True):
                own[...] = array
            side = 0
            while True:
                test, body = iterations[side]
                test()
                if not holds:
                    break
                body()
                side = 1 - side
            for region, index in results:
                region[...] = sides[side][index]

        return [run]


class WhileGradientRunner(BoundOnce):
    """Runs a loop and its gradient.

    Each iteration has its own memory, which grows as needed and is kept for later runs.

    Args:
        gradient: The loop and its gradient.
        wanted: The indices of the requested outputs.

    Attributes:
        operands: The indices of the operands that are needed: all.
        regions: The region of the buffer that holds each of these outputs.
        nbytes: The size of the buffer.
    """

    def __init__(self, gradient: WhileGradient, wanted: Sequence[int]):
        super().__init__()
        loop, back = gradient.loop, gradient.back
        layout = Layout()
        self.wanted = list(wanted)
        self.regions = [layout.reserve(back.parameters[each]) for each in wanted]
        self.nbytes = layout.nbytes
        self.operands = list(range(loop.count + len(back.parameters) - len(gradient.kept)))
        self.plan = _IterationPlan(loop, gradient.kept)
        self.kept = [(tensor.shape, tensor.dtype) for tensor in gradient.kept]
        self.back = BodyPlan(back, {("carried", index): back.outputs[index] for index in range(gradient.carried)})
        # The slots of the backward body: its carries, the residuals, and the others.
        self.carried, self.given = range(gradient.carried), range(gradient.carried, gradient.carried + len(self.kept))
        others = range(gradient.carried + len(self.kept), len(back.parameters))
        self._first = loop.count
        self._others = dict(zip(others, self.operands[loop.count + gradient.carried :], strict=True))

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether the calls have to be bound to a contiguous copy of an operand."""
        slots = [slot for slot, own in self._others.items() if own == index]
        if index < self._first:
            return index not in self.plan.carried and self.plan.needs_copy(index, array)
        return any(self.back.needs_copy(slot, array) for slot in slots)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the call that runs the loop and its gradient."""
        count = self._first
        others = {slot: arrays[index] for slot, index in self._others.items()}
        return [_ForwardBackward(self, arrays[:count], arrays[count:][: len(self.carried)], others, out)]


class _ForwardBackward:
    """Runs a loop, keeping residuals of each iteration, and its gradient from the last iteration to the first."""

    def __init__(self, runner: WhileGradientRunner, operands: list, starts: list, others: dict, out: np.ndarray):
        self._runner, self._operands, self._starts, self._others = runner, operands, starts, others
        self._carried = [[np.empty(operands[index].shape, operands[index].dtype)] for index in runner.plan.carried]
        self._sides = [[np.empty(array.shape, array.dtype) for array in starts] for _ in range(2)]
        self._results = [
            (region.of(out), self._sides[0][index]) for index, region in zip(runner.wanted, runner.regions, strict=True)
        ]
        self._tests: list[Call] = []
        self._iterations: list[Call] = []
        self._back: list[Call] = []

    def _grow(self) -> None:
        """Allocates the memory of a block of iterations and binds them."""
        runner, start = self._runner, len(self._iterations)
        for arrays in self._carried:
            arrays.extend(Parts(np.empty((_BLOCK, *arrays[0].shape), arrays[0].dtype)))
        before = [arrays[start : start + _BLOCK] for arrays in self._carried]
        after = [arrays[start + 1 :] for arrays in self._carried]
        kept = [Parts(np.empty((_BLOCK, *shape), dtype)) for shape, dtype in runner.kept]
        slots = {("kept", number): arrays for number, arrays in enumerate(kept)}
        test, body = runner.plan.bind(self._operands, before, after, slots, _BLOCK)
        memory = {**self._others, **dict(zip(runner.given, kept, strict=True))}
        for index, pair in enumerate(zip(*self._sides, strict=True)):
            memory[index] = [pair[(iteration + 1) % 2] for iteration in range(_BLOCK)]
            memory["carried", index] = [pair[iteration % 2] for iteration in range(_BLOCK)]
        for found, calls in (
            (self._tests, test),
            (self._iterations, body),
            (self._back, runner.back.bind(memory, _BLOCK)),
        ):
            size = len(calls) // _BLOCK
            found.extend(in_sequence(calls[index * size : (index + 1) * size]) for index in range(_BLOCK))

    def __call__(self) -> None:
        for arrays, array in zip(self._carried, self._operands, strict=False):
            arrays[0][...] = array
        iteration, holds = 0, self._runner.plan.holds
        while True:
            if iteration == len(self._iterations):
                self._grow()
            self._tests[iteration]()
            if not holds:
                break
            self._iterations[iteration]()
            iteration += 1
        for own, array in zip(self._sides[iteration % 2], self._starts, strict=True):
            own[...] = array
        for index in reversed(range(iteration)):
            self._back[index]()
        for region, array in self._results:
            region[...] = array
