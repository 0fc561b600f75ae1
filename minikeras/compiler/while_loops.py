"""Loops that run as long as a condition holds: how many turns that are is known when they run."""

from collections.abc import Callable, Sequence

import numpy as np

from ..engine.body_trace import Body
from ..engine.tensor import Tensor
from .body_plan import BodyPlan, parts
from .control_flow import BoundOnce, ControlFlow, Layout, control_flow

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
    def slots(self) -> list:
        """What its operands are for: parameters of the body, or of the condition."""
        return [*self.body.parameters, *self.test.parameters[self.carried :]]

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
    """The plans of a body and of the condition to run it."""

    def __init__(self, loop: WhileLoop, more: dict):
        carry = loop.body.parameters[: loop.carried]
        self.carry = list(zip(carry, loop.test.parameters, strict=False))[: loop.carried]
        after = {("carried", each): value for each, value in zip(carry, loop.body.outputs, strict=False)}
        self.body = BodyPlan(loop.body, {**after, **more})
        self.test = BodyPlan(loop.test, {"test": loop.test.outputs[0]})
        self.holds = np.empty((), bool)

    def needs_copy(self, slot: Tensor, array: np.ndarray) -> bool:
        """Tells whether an operand has to be copied, to be contiguous."""
        return self.body.needs_copy(slot, array) or self.test.needs_copy(slot, array)

    def bind(self, operands: dict, before: list, after: list, more: dict, turns: int) -> tuple[list[Call], list[Call]]:
        """Returns the calls of the condition and of the body, bound to what is carried before and after turns."""
        memory = {**operands, **more, "test": self.holds}
        for (of_body, of_test), first, second in zip(self.carry, before, after, strict=True):
            memory |= {of_body: first, of_test: first, ("carried", of_body): second}
        return self.test.bind(memory, turns), self.body.bind(memory, turns)


class WhileRunner(BoundOnce):
    """Runs a loop in the same memory each turn, for the last values that are wanted.

    Args:
        loop: The loop.
        wanted: The indices of the values.

    Attributes:
        operands: The indices of the operands that are needed: all.
        regions: By index, where in the buffer a value is.
        nbytes: The size of the buffer.
    """

    def __init__(self, loop: WhileLoop, wanted: Sequence[int]):
        super().__init__()
        layout = Layout()
        self.regions = {each: layout.reserve(loop.body.parameters[each]) for each in wanted}
        self.nbytes = layout.nbytes
        self._slots, self._carried = loop.slots, loop.carried
        self.operands = list(range(len(self._slots)))
        self._turns = _Turns(loop, {})

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Tells whether calls cannot be bound to an operand, but to a contiguous copy of it."""
        return index >= self._carried and self._turns.needs_copy(self._slots[index], array)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the call that runs the loop."""
        count = self._carried
        first, shared = arrays[:count], dict(zip(self._slots[count:], arrays[count:], strict=True))
        sides = [[np.empty(array.shape, array.dtype) for array in first] for _ in range(2)]
        turns = [self._turns.bind(shared, sides[side], sides[1 - side], {}, 1) for side in range(2)]
        results = [(region.of(out), index) for index, region in self.regions.items()]
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
        regions: By index, where in the buffer a value is.
        nbytes: The size of the buffer.
    """

    def __init__(self, gradient: WhileGradient, wanted: Sequence[int]):
        super().__init__()
        loop, back = gradient.loop, gradient.back
        carry = loop.body.parameters[: loop.carried]
        layout = Layout()
        self.regions = {each: layout.reserve(back.parameters[each]) for each in wanted}
        self.nbytes = layout.nbytes
        self._count, self._back_carry = loop.carried, back.parameters[: gradient.carried]
        others = back.parameters[gradient.carried + len(gradient.kept) :]
        self._slots = [*loop.slots, *self._back_carry, *others]
        self.operands = list(range(len(self._slots)))
        self._kept, self._carry = [each for each in gradient.kept if each not in set(carry)], carry
        self._turns = _Turns(loop, {("kept", each): each for each in self._kept})
        after = zip(self._back_carry, back.outputs, strict=False)
        self._back = BodyPlan(back, {("carried", each): value for each, value in after})

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Tells whether calls cannot be bound to an operand, but to a contiguous copy of it."""
        slot = self._slots[index]
        return index >= self._count and (self._turns.needs_copy(slot, array) or self._back.needs_copy(slot, array))

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the call that runs the loop and its gradient."""
        operands = dict(zip(self._slots, arrays, strict=True))
        results = {index: region.of(out) for index, region in self.regions.items()}
        return [_WhileAndBack(self, operands, arrays[: self._count], results)]


class _WhileAndBack:
    """Runs a loop, keeping what each turn computed, and its gradient from the last turn to the first."""

    def __init__(self, runner: WhileGradientRunner, operands: dict, first: list[np.ndarray], results: dict):
        self._runner, self._operands, self._first, self._results = runner, operands, first, results
        self._carried = [[np.empty(array.shape, array.dtype)] for array in first]
        self._kept: dict[Tensor, list[np.ndarray]] = {each: [] for each in runner._kept}
        carry = runner._back_carry
        self._sides = [{each: np.empty(each.shape, each.dtype) for each in carry} for _ in range(2)]
        self._tests: list[list[Call]] = []
        self._turns: list[list[Call]] = []
        self._back: list[list[Call]] = []

    def _grow(self) -> None:
        """Gives a block of turns its memory and binds them."""
        runner, start = self._runner, len(self._turns)
        turns = slice(start, start + _BLOCK)
        for arrays in self._carried:
            arrays.extend(parts(np.empty((_BLOCK, *arrays[0].shape), arrays[0].dtype)))
        for each, arrays in self._kept.items():
            arrays.extend(parts(np.empty((_BLOCK, *each.shape), each.dtype)))
        before = [arrays[turns] for arrays in self._carried]
        after = [arrays[start + 1 :] for arrays in self._carried]
        kept = {each: arrays[turns] for each, arrays in self._kept.items()}
        kept_slots = {("kept", each): arrays for each, arrays in kept.items()}
        test, body = runner._turns.bind(self._operands, before, after, kept_slots, _BLOCK)
        memory = {**self._operands, **kept, **dict(zip(runner._carry, before, strict=True))}
        for each in runner._back_carry:
            arrays = [side[each] for side in self._sides]
            memory[each] = [arrays[(turn + 1) % 2] for turn in range(_BLOCK)]
            memory["carried", each] = [arrays[turn % 2] for turn in range(_BLOCK)]
        for found, calls in ((self._tests, test), (self._turns, body), (self._back, runner._back.bind(memory, _BLOCK))):
            size = len(calls) // _BLOCK
            found.extend(calls[index * size : (index + 1) * size] for index in range(_BLOCK))

    def __call__(self) -> None:
        for arrays, array in zip(self._carried, self._first, strict=True):
            arrays[0][...] = array
        turn, holds = 0, self._runner._turns.holds
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
        for each, array in self._sides[turn % 2].items():
            array[...] = self._operands[each]
        for index in reversed(range(turn)):
            for call in self._back[index]:
                call()
        for index, region in self._results.items():
            region[...] = self._sides[0][self._runner._back_carry[index]]
