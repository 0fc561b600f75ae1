"""Loops that run as long as a condition holds: how many turns that are is known when they run."""

from collections.abc import Callable, Sequence

import numpy as np

from ...engine.body_trace import Body
from ...engine.tensor import Tensor
from .body_plan import BodyPlan, parts
from .regions import BoundOnce, ControlFlow, Layout, control_flow

_BLOCK = 64  # turns that are bound at once, if each has memory of its own

Call = Callable[[], object]


class WhileLoop(ControlFlow):
    """A body that runs as long as a condition holds.

    Its operands are the first values of what is carried, what the body computes with besides, and what the condition
    does. What can be taken from it are the last values, by their index.

    Args:
        test: What the condition computes from what is carried: one output, of shape ().
        body: What one turn computes: the next values of what is carried.
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
        """Returns what computes the last values that are wanted."""
        return WhileRunner(self, wanted)


class WhileGradient(ControlFlow):
    """Runs a loop, keeping what each turn computed, and then a body from the last turn to the first.

    Its operands are those of the loop, the first values of what the other body carries, and what that computes with
    besides. What can be taken from it are the last values that the other body carries, by their index.

    Args:
        loop: The loop.
        kept: The tensors of its body whose values each turn the other body is given.
        back: What the other body computes: its parameters are what it carries, what it is given, and the others.
        carried: How many parameters that one carries.
    """

    primitive = control_flow("while_loop gradient")

    def __init__(self, loop: WhileLoop, kept: Sequence[Tensor], back: Body, carried: int):
        super().__init__()
        self.loop, self.kept, self.back, self.carried = loop, list(kept), back, carried

    def runner(self, wanted: Sequence[int]) -> "WhileGradientRunner":
        """Returns what computes the last values that are wanted."""
        return WhileGradientRunner(self, wanted)


class _Turns:
    """The plans of a body and of its condition; their slots are the indices of the operands of the loop."""

    def __init__(self, loop: WhileLoop, kept: Sequence[Tensor] = ()):
        results = {("carried", index): loop.body.outputs[index] for index in range(loop.carried)}
        results |= {("kept", number): tensor for number, tensor in enumerate(kept)}
        self.body = BodyPlan(loop.body, results)
        self.test = BodyPlan(loop.test, {"test": loop.test.outputs[0]})
        # The operands of the condition come after those of the body, but for what both carry.
        more = len(loop.body.parameters) - loop.carried
        self._indices = {index: index + (more if index >= loop.carried else 0) for index in self.test.operands}
        self.carried = range(loop.carried)
        self.holds = np.empty((), bool)

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Tells whether an operand has to be copied, to be contiguous."""
        slots = [slot for slot, own in self._indices.items() if own == index]
        return self.body.needs_copy(index, array) or any(self.test.needs_copy(slot, array) for slot in slots)

    def bind(self, operands: Sequence, before: list, after: list, kept: dict, turns: int) -> tuple[list, list]:
        """Returns the calls of the condition and of the body, bound to what is carried before and after turns."""
        memory = dict(enumerate(operands)) | dict(enumerate(before))
        of_test = {slot: memory[index] for slot, index in self._indices.items()} | {"test": self.holds}
        carried = {("carried", index): value for index, value in enumerate(after)}
        return self.test.bind(of_test, turns), self.body.bind(memory | carried | kept, turns)


class WhileRunner(BoundOnce):
    """Runs a loop in the same memory each turn, for the last values that are wanted.

    Args:
        loop: The loop.
        wanted: The indices of the values.

    Attributes:
        operands: The indices of the operands that are needed: all.
        regions: Where in the buffer each of these values is.
        nbytes: The size of the buffer.
    """

    def __init__(self, loop: WhileLoop, wanted: Sequence[int]):
        super().__init__()
        layout = Layout()
        self._wanted = list(wanted)
        self.regions = [layout.reserve(loop.body.parameters[each]) for each in wanted]
        self.nbytes = layout.nbytes
        self.operands = list(range(loop.count))
        self._turns = _Turns(loop)

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Tells whether calls cannot be bound to an operand, but to a contiguous copy of it."""
        return index not in self._turns.carried and self._turns.needs_copy(index, array)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the call that runs the loop."""
        first = arrays[: len(self._turns.carried)]
        sides = [[np.empty(array.shape, array.dtype) for array in first] for _ in range(2)]
        turns = [self._turns.bind(arrays, sides[side], sides[1 - side], {}, 1) for side in range(2)]
        results = [(region.of(out), index) for index, region in zip(self._wanted, self.regions, strict=True)]
        holds = self._turns.holds

        def run() -> None:
            for own, array in zip(sides[0], first, strict=True):
                own[...] = array
            side = 0
            while True:
                test, body = turns[side]
                for call in test:
                    call()
                if not holds:
                    break
                for call in body:
                    call()
                side = 1 - side
            for region, index in results:
                region[...] = sides[side][index]

        return [run]


class WhileGradientRunner(BoundOnce):
    """Runs a loop and its gradient.

    Each turn has memory of its own, which grows as it is needed and stays for later runs.

    Args:
        gradient: The loop and its gradient.
        wanted: The indices of the values.

    Attributes:
        operands: The indices of the operands that are needed: all.
        regions: Where in the buffer each of these values is.
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
        self.turns = _Turns(loop, gradient.kept)
        self.kept = [(tensor.shape, tensor.dtype) for tensor in gradient.kept]
        self.back = BodyPlan(back, {("carried", index): back.outputs[index] for index in range(gradient.carried)})
        # The slots of the other body: what it carries, what it is given, and the others.
        self.carried, self.given = range(gradient.carried), range(gradient.carried, gradient.carried + len(self.kept))
        others = range(gradient.carried + len(self.kept), len(back.parameters))
        self._first = loop.count
        self._others = dict(zip(others, self.operands[loop.count + gradient.carried :], strict=True))

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Tells whether calls cannot be bound to an operand, but to a contiguous copy of it."""
        slots = [slot for slot, own in self._others.items() if own == index]
        if index < self._first:
            return index not in self.turns.carried and self.turns.needs_copy(index, array)
        return any(self.back.needs_copy(slot, array) for slot in slots)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the call that runs the loop and its gradient."""
        count = self._first
        others = {slot: arrays[index] for slot, index in self._others.items()}
        return [_ThereAndBack(self, arrays[:count], arrays[count:][: len(self.carried)], others, out)]


class _ThereAndBack:
    """Runs a loop, keeping what each turn computed, and its gradient from the last turn to the first."""

    def __init__(self, runner: WhileGradientRunner, operands: list, starts: list, others: dict, out: np.ndarray):
        self._runner, self._operands, self._starts, self._others = runner, operands, starts, others
        self._carried = [[np.empty(operands[index].shape, operands[index].dtype)] for index in runner.turns.carried]
        self._sides = [[np.empty(array.shape, array.dtype) for array in starts] for _ in range(2)]
        self._results = [
            (region.of(out), self._sides[0][index]) for index, region in zip(runner.wanted, runner.regions, strict=True)
        ]
        self._tests: list[list[Call]] = []
        self._turns: list[list[Call]] = []
        self._back: list[list[Call]] = []

    def _grow(self) -> None:
        """Gives a block of turns its memory and binds them."""
        runner, start = self._runner, len(self._turns)
        for arrays in self._carried:
            arrays.extend(parts(np.empty((_BLOCK, *arrays[0].shape), arrays[0].dtype)))
        before = [arrays[start : start + _BLOCK] for arrays in self._carried]
        after = [arrays[start + 1 :] for arrays in self._carried]
        kept = [parts(np.empty((_BLOCK, *shape), dtype)) for shape, dtype in runner.kept]
        slots = {("kept", number): arrays for number, arrays in enumerate(kept)}
        test, body = runner.turns.bind(self._operands, before, after, slots, _BLOCK)
        memory = {**self._others, **dict(zip(runner.given, kept, strict=True))}
        for index, pair in enumerate(zip(*self._sides, strict=True)):
            memory[index] = [pair[(turn + 1) % 2] for turn in range(_BLOCK)]
            memory["carried", index] = [pair[turn % 2] for turn in range(_BLOCK)]
        for found, calls in ((self._tests, test), (self._turns, body), (self._back, runner.back.bind(memory, _BLOCK))):
            size = len(calls) // _BLOCK
            found.extend(calls[index * size : (index + 1) * size] for index in range(_BLOCK))

    def __call__(self) -> None:
        for arrays, array in zip(self._carried, self._operands, strict=False):
            arrays[0][...] = array
        turn, holds = 0, self._runner.turns.holds
        while True:
            if turn == len(self._turns):
                self._grow()
            for call in self._tests[turn]:
                call()
            if not holds:
                break
            for call in self._turns[turn]:
                call()
            turn += 1
        for own, array in zip(self._sides[turn % 2], self._starts, strict=True):
            own[...] = array
        for index in reversed(range(turn)):
            for call in self._back[index]:
                call()
        for region, array in self._results:
            region[...] = array
