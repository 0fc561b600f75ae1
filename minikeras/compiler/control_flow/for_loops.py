"""Loops of a fixed length: the body is bound once per iteration to views of stacked arrays."""

from collections.abc import Callable, Hashable, Sequence
from itertools import cycle, islice

import numpy as np

from ...engine.body_trace import Body
from ...engine.primitive import copying, in_sequence
from ...engine.tensor import Tensor
from .body_plan import BodyPlan, Parts
from .regions import BoundOnce, ControlFlow, Layout, Region, control_flow

_MOST_CALLS = 200_000  # iterations bound ahead; a longer loop copies each iteration's operands into the same memory

LAST, STACKED = "last", "stacked"

Wanted = Sequence[tuple[Tensor, str]]  # pairs (tensor of the body, STACKED) or (index of a carry, LAST)


class Loop(ControlFlow):
    """A body that runs a fixed number of iterations, as `scan` does.

    Its operands are, in this order: the initial carries, the arrays to scan over (with a leading axis of the length),
    and those that are the same in all iterations.

    Args:
        body: One iteration; its outputs begin with the next carries.
        carried: How many of its parameters are carried from one iteration to the next.
        scanned: How many of its parameters, after those, are scanned over.
        length: The number of iterations.
        reverse: Whether to scan from the last index to the first.

    Attributes:
        carry: The parameters that are carried.
        over: The parameters that are scanned over.
        shared: The parameters that are the same in all iterations.
    """

    primitive = control_flow("scan")

    def __init__(self, body: Body, carried: int, scanned: int, length: int, reverse: bool = False):
        super().__init__()
        self.body, self.length, self.reverse = body, length, reverse
        self.carry = body.parameters[:carried]
        self.over = body.parameters[carried : carried + scanned]
        self.shared = body.parameters[carried + scanned :]

    def form(self, key: tuple[Tensor, str]) -> np.ndarray:
        """Returns an array of the shape and dtype of an output; it has no content, and takes no memory."""
        tensor, kind = key
        return np.empty(tensor.shape if kind == LAST else (self.length, *tensor.shape), tensor.dtype)

    def runner(self, wanted: Wanted) -> "LoopRunner":
        """Returns the runner that computes the requested outputs."""
        return LoopRunner(self, wanted)

    def runner_for_once(self, wanted: Wanted) -> "LoopRunner":
        """Returns a runner that binds one iteration instead of all of them."""
        return LoopRunner(self, wanted, binds_all=False)


class LoopRunner(BoundOnce):
    """Runs a loop, and computes the requested outputs.

    Args:
        loop: The loop.
        wanted: The requested outputs.
        binds_all: Whether the calls of all iterations are bound ahead, unless these are very many.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: The region of the buffer that holds each requested output.
        nbytes: The size of the buffer.
        length: The number of iterations.
        plan: The plan of one iteration. Its slots are the indices of parameters, `("carried", index)` for the next
            carries, and `("stacked", index)` for the requested output at that index.
        scanned: The slots that are scanned over.
        stacks: By carry index: its values before each iteration and after the last, if these are kept.
        lasts: By carry index: its final value, if only that is kept.
        stacked: By slot, the other stacked outputs.
    """

    def __init__(self, loop: Loop, wanted: Wanted, binds_all: bool = True):
        super().__init__()
        self.length, self._reverse, self._binds_all = loop.length, loop.reverse, binds_all
        self.carried = _carried(loop, wanted)
        self.stacks: dict[int, Region] = {}
        self.lasts: dict[int, Region] = {}
        self.stacked: dict[tuple, Region] = {}
        layout = Layout()
        results, self.regions = self._lay_out(loop, wanted, layout)
        self.nbytes = layout.nbytes
        self.plan = BodyPlan(loop.body, results, self.carried)
        self.operands = self.plan.operands
        first = len(loop.carry)
        self.scanned = set(range(first, first + len(loop.over)))

    def _lay_out(self, loop: Loop, wanted: Wanted, layout: Layout) -> tuple[dict[tuple, Tensor], list[Region]]:
        """Returns the tensor of each result slot, and the regions of the requested outputs."""
        later, earlier = (0, 1) if loop.reverse else (1, 0)  # in a stack: offsets of values after and before iterations
        keys, found, results = set(wanted), {}, {}
        for index in self.carried:
            before, after = loop.carry[index], loop.body.outputs[index]
            results["carried", index] = after
            if (before, STACKED) in keys or ((after, STACKED) in keys and (after, STACKED) not in found):
                stack = self.stacks[index] = layout.reserve(before, loop.length + 1)
                found.setdefault((before, STACKED), stack.part(earlier, (loop.length,)))
                found.setdefault((after, STACKED), stack.part(later, (loop.length,)))
                found[before, LAST] = stack.part(0 if loop.reverse else loop.length, ())
            elif (before, LAST) in keys:
                found[before, LAST] = self.lasts[index] = layout.reserve(before)
        for number, (tensor, kind) in enumerate(wanted):
            if kind == STACKED and (tensor, STACKED) not in found:
                found[tensor, STACKED] = self.stacked[STACKED, number] = layout.reserve(tensor, loop.length)
                results[STACKED, number] = tensor
        return results, [found[key] for key in wanted]

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether the calls have to be bound to a contiguous copy of an operand."""
        return self.plan.needs_copy(self.operands[index], array)

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Callable[[], object]]:
        """Returns the calls of all iterations."""
        operands = dict(zip(self.operands, arrays, strict=True))
        if self.length == 0:
            lasts = {**self.lasts, **{index: stack.part(0, ()) for index, stack in self.stacks.items()}}
            return [copying(region.of(out), operands[index]) for index, region in lasts.items()]
        if not self._binds_all or self.length * len(self.plan.unbound) > _MOST_CALLS:
            return [_Windowed(self, operands, out)]
        first: list[Callable[[], object]] = []
        memory = {slot: self.in_order(array) if slot in self.scanned else array for slot, array in operands.items()}
        memory |= {slot: self.in_order(region.of(out)) for slot, region in self.stacked.items()}
        for index in self.carried:
            if index in self.stacks:
                stack = self._ordered(self.stacks[index].of(out))
                memory[index], memory["carried", index] = Parts(stack[:-1]), Parts(stack[1:])
                first.append(copying(memory[index][0], operands[index]))
            else:
                values = [operands[index], *islice(cycle(self.pair(index)), self.length)]
                if index in self.lasts:
                    values[-1] = self.lasts[index].of(out)
                memory[index], memory["carried", index] = values[:-1], values[1:]
        return [*first, in_sequence(self.plan.bind(memory, self.length))]

    def in_order(self, stack: np.ndarray) -> list[np.ndarray]:
        """Returns the slices of an array along its first axis, in the order of the iterations."""
        return Parts(self._ordered(stack))

    def _ordered(self, stack: np.ndarray) -> np.ndarray:
        return stack[::-1] if self._reverse else stack

    def pair(self, slot: Hashable) -> list[np.ndarray]:
        """Returns two new arrays that double-buffer a slot."""
        like = self.plan.slots[slot]
        return [np.empty(like.shape, like.dtype) for _ in range(2)]


class _Windowed:
    """Runs a long loop: every iteration in the same memory, with its operands copied in and its results copied out."""

    def __init__(self, runner: LoopRunner, operands: dict[int, np.ndarray], out: np.ndarray):
        pairs = {index: runner.pair(index) for index in runner.carried}
        memory = {slot: array for slot, array in operands.items() if slot not in runner.scanned}
        copied = {slot: operands[slot] for slot in operands if slot in runner.scanned}
        results = {slot: region.of(out) for slot, region in runner.stacked.items()}
        windows = {slot: runner.pair(slot)[0] for slot in (*copied, *results)}
        self._reads = [(windows[slot], runner.in_order(array)) for slot, array in copied.items()]
        writes = [(windows[slot], runner.in_order(array)) for slot, array in results.items()]
        self._first = [copying(pairs[index][0], operands[index]) for index in pairs]
        self._last = [
            copying(region.of(out), pairs[index][runner.length % 2]) for index, region in runner.lasts.items()
        ]
        stacks = {index: runner.in_order(stack.of(out)) for index, stack in runner.stacks.items()}
        self._first += [copying(values[0], operands[index]) for index, values in stacks.items()]
        self._length, self._calls, self._writes = runner.length, [], []
        for before, after in ((0, 1), (1, 0)):
            memory |= windows
            memory |= {index: pair[before] for index, pair in pairs.items()}
            memory |= {("carried", index): pair[after] for index, pair in pairs.items()}
            self._calls.append(in_sequence(runner.plan.bind(memory, 1)))
            self._writes.append([*writes, *((pairs[index][after], values[1:]) for index, values in stacks.items())])

    def __call__(self) -> None:
        for call in self._first:
            call()
        for iteration in range(self._length):
            for window, arrays in self._reads:
                window[...] = arrays[iteration]
            self._calls[iteration % 2]()
            for window, arrays in self._writes[iteration % 2]:
                arrays[iteration][...] = window
        for call in self._last:
            call()


def _carried(loop: Loop, wanted: Wanted) -> list[int]:
    """Returns the indices of the carries that the requested outputs depend on."""
    made = {entry.output: entry for entry in loop.body.entries}
    indices = {parameter: index for index, parameter in enumerate(loop.carry)}
    needed: set[Tensor] = set()
    waiting = [tensor for tensor, _ in wanted]
    while waiting:
        tensor = waiting.pop()
        if tensor in needed:
            continue
        needed.add(tensor)
        if tensor in indices:
            waiting.append(loop.body.outputs[indices[tensor]])
        if tensor in made:
            waiting.extend(value for value in made[tensor].inputs if isinstance(value, Tensor))
    return [index for parameter, index in indices.items() if parameter in needed]
