"""Loops with a fixed number of turns: their bodies are bound once a turn to views of stacked arrays."""

from collections.abc import Callable, Sequence

import numpy as np

from ..engine.body_trace import Body
from ..engine.primitive import copying
from ..engine.tensor import Tensor
from .body_plan import BodyPlan, parts
from .control_flow import BoundOnce, ControlFlow, Layout, Region, control_flow

_MOST_CALLS = 200_000  # that are bound ahead; a longer loop copies what each turn needs into the same memory

LAST, STACKED = "last", "stacked"

Wanted = Sequence[tuple[Tensor, str]]  # pairs of a tensor of the body and STACKED, or of what is carried and LAST


class Loop(ControlFlow):
    """A body that runs a number of turns.

    Its operands are, in this order: the first values of what is carried, what is scanned over (arrays with a leading
    axis of the length), and what is the same in all turns.

    Args:
        body: What one turn computes; its outputs begin with the next values of what is carried.
        carried: How many of its parameters are carried from turn to turn.
        scanned: How many of its parameters, after those, are scanned over.
        length: The number of turns.
        reverse: Whether the last index along time comes first.

    Attributes:
        carry: The parameters that are carried.
        over: The parameters that are scanned over.
        shared: The parameters that are the same in all turns.
    """

    primitive = control_flow("scan")

    def __init__(self, body: Body, carried: int, scanned: int, length: int, reverse: bool = False):
        super().__init__()
        self.body, self.length, self.reverse = body, length, reverse
        self.carry = body.parameters[:carried]
        self.over = body.parameters[carried : carried + scanned]
        self.shared = body.parameters[carried + scanned :]

    def runner(self, wanted: Wanted) -> "LoopRunner":
        """Returns what computes the values that are wanted."""
        return LoopRunner(self, wanted)


class LoopRunner(BoundOnce):
    """Runs a loop, for the values that are wanted of it.

    Args:
        loop: The loop.
        wanted: The values.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: By wanted value, where in the buffer it is.
        nbytes: The size of the buffer.
    """

    def __init__(self, loop: Loop, wanted: Wanted):
        super().__init__()
        self._length, self._reverse = loop.length, loop.reverse
        self.regions: dict[tuple, Region] = {}
        self._stacks: dict[Tensor, Region] = {}  # of what is carried, with the value before all turns
        numbers = _carried(loop, wanted)
        self._carried = [loop.carry[number] for number in numbers]
        layout = Layout()
        results = self._lay_out(layout, {loop.carry[number]: loop.body.outputs[number] for number in numbers}, wanted)
        self.nbytes = layout.nbytes
        self._plan = BodyPlan(loop.body, results, self._carried)
        self.operands = self._plan.operands
        self._parameters = [loop.body.parameters[index] for index in self.operands]
        self._scanned = set(loop.over)
        self._stacked = [slot[1] for slot in results if slot[0] == STACKED]

    def _lay_out(self, layout: Layout, carried: dict[Tensor, Tensor], wanted: Wanted) -> dict[tuple, Tensor]:
        """Gives each wanted value its region; returns what each slot of the body's results holds."""
        length, reverse = self._length, self._reverse
        results: dict[tuple, Tensor] = {}
        stacked = {tensor: None for tensor, kind in wanted if kind == STACKED}
        lasts = {tensor for tensor, kind in wanted if kind == LAST}
        for before, after in carried.items():
            results["carried", before] = after
            if before in stacked or (after in stacked and (after, STACKED) not in self.regions):
                # One stack for what a value is before and after each turn: they are the same but for one turn.
                stack = self._stacks[before] = layout.reserve(before, length + 1)
                self.regions.setdefault((before, STACKED), stack.part(int(reverse), (length,)))
                self.regions.setdefault((after, STACKED), stack.part(int(not reverse), (length,)))
                self.regions[before, LAST] = stack.part(0 if reverse else length, ())
            elif before in lasts:
                self.regions[before, LAST] = layout.reserve(before)
        for tensor in stacked:
            if (tensor, STACKED) not in self.regions:
                self.regions[tensor, STACKED] = layout.reserve(tensor, length)
                results[STACKED, tensor] = tensor
        return results

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Tells whether calls cannot be bound to an operand, but to a contiguous copy of it."""
        return self._plan.needs_copy(self._parameters[index], array)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Callable[[], object]]:
        """Returns the calls of all turns."""
        length, operands = self._length, dict(zip(self._parameters, arrays, strict=True))
        if length == 0:
            lasts = [each for each in self._carried if (each, LAST) in self.regions]
            return [copying(self.regions[each, LAST].of(out), operands[each]) for each in lasts]
        if length * len(self._plan.unbound) > _MOST_CALLS:
            return [_Windowed(self, operands, out)]
        first, memory = [], {}
        for each, array in operands.items():
            memory[each] = self._in_turn(array) if each in self._scanned else array
        for each in self._stacked:
            memory[STACKED, each] = self._in_turn(self.regions[each, STACKED].of(out))
        for each in self._carried:
            if each in self._stacks:
                stack = self._in_turn(self._stacks[each].of(out))
                first.append(copying(stack[0], operands[each]))
            else:
                pair = [np.empty(each.shape, each.dtype) for _ in range(2)]
                stack = [operands[each], *(pair[turn % 2] for turn in range(length))]
                if (each, LAST) in self.regions:
                    stack[-1] = self.regions[each, LAST].of(out)
            memory[each], memory["carried", each] = stack[:-1], stack[1:]
        return first + self._plan.bind(memory, length)

    def _in_turn(self, stack: np.ndarray) -> list[np.ndarray]:
        """Returns the parts of an array along its first axis, in the order of the turns."""
        arrays = parts(stack)
        return arrays[::-1] if self._reverse else arrays


class _Windowed:
    """Runs a long loop: each turn in the same memory, with what it needs copied there, and its results from there."""

    def __init__(self, runner: LoopRunner, operands: dict[Tensor, np.ndarray], out: np.ndarray):
        plan, regions = runner._plan, runner.regions
        memory: dict = {each: array for each, array in operands.items() if each not in runner._scanned}
        pairs = {each: [np.empty(each.shape, each.dtype) for _ in range(2)] for each in runner._carried}
        self._turns = range(runner._length)[:: -1 if runner._reverse else 1]
        self._reads, self._writes = [], ([], [])
        for each in runner._scanned:
            memory[each] = np.empty(each.shape, each.dtype)
            self._reads.append((memory[each], operands[each]))
        for each in runner._stacked:
            memory[STACKED, each] = np.empty(each.shape, each.dtype)
            for writes in self._writes:
                writes.append((memory[STACKED, each], regions[each, STACKED].of(out)))
        self._first = [copying(pairs[each][0], operands[each]) for each in runner._carried]
        self._last = []
        for each, pair in pairs.items():
            if each in runner._stacks:
                stack = runner._stacks[each].of(out)
                self._first.append(copying(stack[-1 if runner._reverse else 0], operands[each]))
                kept = stack[:-1] if runner._reverse else stack[1:]
                for writes, buffer in zip(self._writes, pair[::-1], strict=True):
                    writes.append((buffer, kept))
            elif (each, LAST) in regions:
                self._last.append(copying(regions[each, LAST].of(out), pair[runner._length % 2]))
        self._calls = []
        for before, after in ((0, 1), (1, 0)):
            memory |= {each: pair[before] for each, pair in pairs.items()}
            memory |= {("carried", each): pair[after] for each, pair in pairs.items()}
            self._calls.append(plan.bind(memory, 1))

    def __call__(self) -> None:
        for call in self._first:
            call()
        for turn, index in enumerate(self._turns):
            for window, array in self._reads:
                window[...] = array[index]
            for call in self._calls[turn % 2]:
                call()
            for window, array in self._writes[turn % 2]:
                array[index] = window
        for call in self._last:
            call()


def _carried(loop: Loop, wanted: Wanted) -> list[int]:
    """Returns the numbers of what is carried that the wanted values depend on."""
    made = {entry.output: entry for entry in loop.body.entries}
    numbers = {parameter: number for number, parameter in enumerate(loop.carry)}
    needed: set[Tensor] = set()
    waiting = [tensor for tensor, _ in wanted]
    while waiting:
        tensor = waiting.pop()
        if tensor in needed:
            continue
        needed.add(tensor)
        if tensor in numbers:
            waiting.append(loop.body.outputs[numbers[tensor]])
        if tensor in made:
            waiting.extend(value for value in made[tensor].inputs if isinstance(value, Tensor))
    return [number for parameter, number in numbers.items() if parameter in needed]
