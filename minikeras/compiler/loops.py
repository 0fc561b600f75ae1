"""Loops in a trace and in a plan.

A trace holds a loop as one SCAN entry, and a PROJECT entry for each value that is taken from it: the last one of what
is carried from turn to turn, or all values of a tensor of the body, stacked along time. What nobody takes is not kept:
only when the step is planned it is settled what the loop computes and where, by `lower_loops`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from ..engine.body_trace import Body
from ..engine.primitive import Primitive, copying
from ..engine.tensor import Tensor
from ..engine.trace import Entry
from .body_plan import BodyPlan
from .simplify import simplify

_ALIGNMENT = 64  # bytes
_MOST_CALLS = 200_000  # that are bound ahead; a longer loop copies what each turn needs into the same place

LAST, STACKED = "last", "stacked"


@dataclass(eq=False)
class Loop:
    """A body that runs a number of turns.

    Its operands are, in this order: the first values of what is carried, what is scanned over (arrays with a leading
    axis of the length), and what is the same in all turns.

    Attributes:
        body: What one turn computes; its outputs are the next values of what is carried.
        carried: How many of its parameters are carried from turn to turn.
        scanned: How many of its parameters, after those, are scanned over.
        length: The number of turns.
        reverse: Whether the last index along time comes first.
    """

    body: Body
    carried: int
    scanned: int
    length: int
    reverse: bool = False
    _numbers: dict[Tensor, int] = field(default_factory=dict)
    _tensors: list[Tensor] = field(default_factory=list)

    @property
    def carry(self) -> list[Tensor]:
        """The parameters that are carried."""
        return self.body.parameters[: self.carried]

    @property
    def over(self) -> list[Tensor]:
        """The parameters that are scanned over."""
        return self.body.parameters[self.carried : self.carried + self.scanned]

    @property
    def shared(self) -> list[Tensor]:
        """The parameters that are the same in all turns."""
        return self.body.parameters[self.carried + self.scanned :]

    def number(self, tensor: Tensor) -> int:
        """Returns the number by which entries of a trace name a tensor of the body."""
        if tensor not in self._numbers:
            self._numbers[tensor] = len(self._tensors)
            self._tensors.append(tensor)
        return self._numbers[tensor]

    def tensor(self, number: int) -> Tensor:
        """Returns the tensor of a number."""
        return self._tensors[number]


def _never_run(*arrays: np.ndarray, **params: object) -> np.ndarray:
    raise AssertionError("a loop is lowered before it is run")


SCAN = Primitive("scan", _never_run, shape=lambda *operands, loop: ((0,), "uint8"))
PROJECT = Primitive("project", _never_run, shape=lambda handle, number, kind: ((0,), "uint8"))


def scanned(loop: Loop, arrays: Sequence[np.ndarray], wanted: Sequence[tuple[Tensor, str]]) -> list[np.ndarray]:
    """Runs a loop, and returns the values that are wanted of it.

    Args:
        loop: The loop.
        arrays: Its operands.
        wanted: Pairs of a tensor of the body and LAST or STACKED.
    """
    runner = LoopRunner(loop, wanted)
    with np.errstate(all="ignore"):
        out = _run_kernel(*[arrays[index] for index in runner.operands], runner=runner)
    return [runner.regions[each].of(out) for each in wanted]


def lower_loops(entries: list[Entry]) -> list[Entry]:
    """Replaces loops by calls that compute all that is taken of them into one buffer, and views of its regions."""
    wanted: dict[Tensor, list[Entry]] = {}
    for entry in entries:
        if entry.primitive is PROJECT:
            wanted.setdefault(entry.inputs[0], []).append(entry)
    lowered = []
    for entry in entries:
        if entry.primitive is SCAN:
            lowered.extend(_lowered(entry, wanted.get(entry.output, [])))
        elif entry.primitive is not PROJECT:
            lowered.append(entry)
    return lowered


def _lowered(entry: Entry, projections: list[Entry]) -> list[Entry]:
    loop = entry.params["loop"]
    pairs = [(loop.tensor(each.params["number"]), each.params["kind"]) for each in projections]
    runner = LoopRunner(loop, pairs)
    inputs = tuple(entry.inputs[index] for index in runner.operands)
    packed = Tensor(np.broadcast_to(np.uint8(0), runner.nbytes), entry.output.trace)  # takes no memory
    found = [Entry(RUN, inputs, {"runner": runner}, packed, entry.layer)]
    for each, pair in zip(projections, pairs, strict=True):
        found.append(Entry(_UNPACK, (packed,), runner.regions[pair].params, each.output, each.layer))
    return found


def _unpack(packed: np.ndarray, start: int, shape: tuple, dtype: str) -> np.ndarray:
    nbytes = prod(shape) * np.dtype(dtype).itemsize
    return packed[start : start + nbytes].view(dtype).reshape(shape)


_UNPACK = Primitive("unpack", _unpack, shape=lambda x, start, shape, dtype: (shape, dtype), view=True)


@dataclass(frozen=True)
class _Region:
    """A part of a buffer of bytes: an array, or several of them."""

    start: int
    shape: tuple[int, ...]
    dtype: np.dtype
    stride: int  # bytes from one to the next

    @property
    def nbytes(self) -> int:
        return prod(self.shape) * self.dtype.itemsize

    @property
    def params(self) -> dict:
        return {"start": self.start, "shape": self.shape, "dtype": self.dtype.str}

    def part(self, index: int, sizes: tuple) -> "_Region":
        """Returns the region of some of the arrays, from one on."""
        return _Region(self.start + index * self.stride, (*sizes, *self.shape[1:]), self.dtype, self.stride)

    def of(self, packed: np.ndarray) -> np.ndarray:
        """Returns the array in a buffer."""
        return _unpack(packed, **self.params)


class LoopRunner:
    """Runs a loop, for the values that are wanted of it.

    Args:
        loop: The loop.
        wanted: Pairs of a tensor of the body and STACKED, or of a parameter that is carried and LAST.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: By pair, where in the buffer it is.
        nbytes: The size of the buffer.
    """

    def __init__(self, loop: Loop, wanted: Sequence[tuple[Tensor, str]]):
        self._length, self._reverse = loop.length, loop.reverse
        self.regions: dict[tuple, _Region] = {}
        self.nbytes = 0
        self._stacks: dict[Tensor, _Region] = {}  # of what is carried, with the value before all turns
        wanted = list(dict.fromkeys(wanted))
        carried = _carried(loop, wanted)
        self._carried = [loop.carry[number] for number in carried]
        results = self._lay_out({loop.carry[number]: loop.body.outputs[number] for number in carried}, wanted)
        entries, values = simplify(loop.body, list(results.values()))
        results = dict(zip(results, values, strict=True))
        entries = lower_loops(entries)
        used = {*values, *self._carried, *(value for entry in entries for value in entry.inputs if isinstance(value, Tensor))}
        parameters = loop.body.parameters
        self.operands = [index for index, each in enumerate(parameters) if each in used]
        self._parameters = [parameters[index] for index in self.operands]
        self._scanned = set(loop.over)
        self._stacked = [slot[1] for slot in results if slot[0] == STACKED]
        self._plan = BodyPlan(entries, self._parameters, results)
        self._staged: dict[Tensor, np.ndarray] = {}
        self._bound: tuple | None = None

    def _lay_out(self, carried: dict[Tensor, Tensor], wanted: list[tuple]) -> dict[tuple, Tensor]:
        """Gives each wanted value its region; returns what each slot of the body's results holds."""
        length, reverse = self._length, self._reverse
        results: dict[tuple, Tensor] = {}
        stacked = {tensor: None for tensor, kind in wanted if kind == STACKED}
        lasts = {tensor for tensor, kind in wanted if kind == LAST}
        for before, after in carried.items():
            results["carried", before] = after
            if before in stacked or (after in stacked and (after, STACKED) not in self.regions):
                # One stack for what a value is before and after each turn: they are the same but for one turn.
                stack = self._stacks[before] = self._reserve(before, (length + 1,))
                self.regions.setdefault((before, STACKED), stack.part(int(reverse), (length,)))
                self.regions.setdefault((after, STACKED), stack.part(int(not reverse), (length,)))
                self.regions[before, LAST] = stack.part(0 if reverse else length, ())
            elif before in lasts:
                self.regions[before, LAST] = self._reserve(before, ())
        for tensor in stacked:
            if (tensor, STACKED) not in self.regions:
                self.regions[tensor, STACKED] = self._reserve(tensor, (length,))
                results[STACKED, tensor] = tensor
        return results

    def _reserve(self, tensor: Tensor, sizes: tuple) -> _Region:
        region = _Region(self.nbytes, (*sizes, *tensor.shape), tensor.dtype, tensor.array.nbytes)
        self.nbytes += -(-region.nbytes // _ALIGNMENT) * _ALIGNMENT
        return region

    def bind(self, arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
        """Returns a call that runs the loop on operands, the needed ones, into a buffer of bytes.

        Instructions are bound to operands once. Operands that lie elsewhere the next time are copied first.
        """
        given = dict(zip(self._parameters, arrays, strict=True))
        where = _place(out)
        if self._bound is None or self._bound[0] != where:
            self._bound = None
            self._staged = {each: np.empty(a.shape, a.dtype) for each, a in given.items() if self._is_viewed(each, a)}
        else:
            moved = [each for each in given if each not in self._staged and _place(given[each]) != self._bound[1][each]]
            if moved:
                self._staged |= {each: np.empty_like(given[each], order="C") for each in moved}
                self._bound = None
        if self._bound is None:
            operands = {**given, **self._staged}
            self._bound = where, {each: _place(array) for each, array in operands.items()}, self._calls(operands, out)
        calls = [copying(array, given[each]) for each, array in self._staged.items()] + self._bound[2]

        def run() -> None:
            for call in calls:
                call()

        return run

    def _is_viewed(self, parameter: Tensor, array: np.ndarray) -> bool:
        return parameter in self._plan.viewed and not array.flags.c_contiguous

    def _calls(self, operands: dict[Tensor, np.ndarray], out: np.ndarray) -> list[Callable[[], object]]:
        length = self._length
        if length == 0:
            lasts = [each for each in self._carried if (each, LAST) in self.regions]
            return [copying(self.regions[each, LAST].of(out), operands[each]) for each in lasts]
        if length * len(self._plan.instructions) > _MOST_CALLS:
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
        parts = list(stack) if stack.ndim > 1 else [stack[index : index + 1].reshape(()) for index in range(len(stack))]
        return parts[::-1] if self._reverse else parts


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


def _carried(loop: Loop, wanted: list[tuple[Tensor, str]]) -> list[int]:
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


def _place(array: np.ndarray) -> tuple:
    return array.__array_interface__["data"][0], array.strides


def _run_kernel(*arrays: np.ndarray, runner: LoopRunner) -> np.ndarray:
    out = np.empty(runner.nbytes, np.uint8)
    runner.bind(arrays, out)()
    return out


RUN = Primitive(
    "scan",
    _run_kernel,
    bind=lambda arrays, out, runner: runner.bind(arrays, out),
    shape=lambda *operands, runner: ((runner.nbytes,), "uint8"),
)
