"""Runs part of a step block of examples by block of examples, on several threads.

The blocks are shared out to lanes, each with an accumulator for every sum over the examples; a thread computes one or
several lanes. There are as many lanes whatever the number of threads, so that results do not depend on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...engine.body_trace import Body
from ...engine.tensor import Tensor
from ..control_flow.body_plan import BodyPlan, Parts
from ..control_flow.regions import BoundOnce, Layout
from ..threads.parallel_products import allowed_threads
from ..threads.workers import WORKERS

_LANES = 8


@dataclass(eq=False)
class Blocks:
    """Part of a step, recorded for blocks of examples.

    Attributes:
        bodies: By size, the recorded computation of a block.
        sizes: The number of examples in each block.
        batched: Which operands are cut into blocks.
        summed: Which results are sums over the examples.
    """

    bodies: dict[int, Body]
    sizes: list[int]
    batched: list[bool]
    summed: list[bool]


class BlocksRunner(BoundOnce):
    """Computes the results of blocks into a byte buffer.

    Args:
        blocks: The part of the step.
        results: The tensors of the whole batch.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: The region of the buffer that holds each result.
        nbytes: The size of the buffer.
    """

    def __init__(self, blocks: Blocks, results: Sequence[Tensor]):
        super().__init__()
        self._blocks = blocks
        layout = Layout()
        self.regions = [layout.reserve(tensor) for tensor in results]
        self.nbytes = layout.nbytes
        lanes = min(_LANES, len(blocks.sizes))
        bounds = [len(blocks.sizes) * lane // lanes for lane in range(lanes + 1)]
        self._lanes = [range(start, stop) for start, stop in zip(bounds, bounds[1:], strict=False)]
        self._threads = min(allowed_threads(), lanes)
        self.plans = [{size: self._planned(body) for size, body in blocks.bodies.items()} for _ in range(self._threads)]
        self.operands = list(range(len(blocks.batched)))

    def _planned(self, body: Body) -> BodyPlan:
        results = {("result", number): output for number, output in enumerate(body.outputs)}
        return BodyPlan(body, results, range(len(body.parameters)))

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether the calls have to be bound to a contiguous copy of an operand."""
        return any(plan.needs_copy(index, array) for plan in self.plans[0].values())

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Callable[[], object]]:
        """Returns the calls that compute all blocks."""
        results = [region.of(out) for region in self.regions]
        count = len(self._lanes)
        sums = {
            number: np.empty((count, *array.shape), array.dtype) if count > 1 else array[None]
            for number, array in enumerate(results)
            if self._blocks.summed[number]
        }
        threads: list[list[Callable]] = [[] for _ in range(self._threads)]
        for lane in range(count):
            thread = lane * self._threads // count
            lane_sums = {number: stack[lane, ...] for number, stack in sums.items()}
            threads[thread] += self._lane_calls(self._lanes[lane], self.plans[thread], arrays, results, lane_sums)
        tasks = [_Calls(calls) for calls in threads]
        first = tasks[0] if len(tasks) == 1 else _Together(tasks)
        if count == 1:
            return [first]
        return [first, *(_Sum(stack, results[number]) for number, stack in sums.items())]

    def _lane_calls(
        self, lane: range, plans: dict[int, BodyPlan], arrays: list, results: list, sums: dict[int, np.ndarray]
    ) -> list[Callable]:
        sizes, starts = self._blocks.sizes, np.cumsum([0, *self._blocks.sizes])
        spare = {number: np.empty(array.shape, array.dtype) for number, array in sums.items()} if len(lane) > 1 else {}
        calls: list[Callable] = []
        for block in lane:
            part, first = slice(starts[block], starts[block + 1]), block == lane[0]
            memory: dict = {
                index: array[part] if batched else array
                for index, (array, batched) in enumerate(zip(arrays, self._blocks.batched, strict=True))
            }
            for number, array in enumerate(results):
                if number in sums:
                    memory["result", number] = sums[number] if first else spare[number]
                else:
                    memory["result", number] = array[part]
            calls += plans[sizes[block]].bind(memory, 1)
            if not first:
                calls += [_Add(sums[number], spare[number]) for number in sums]
        return calls


class _Calls:
    """Makes calls in order."""

    def __init__(self, calls: list[Callable[[], object]]):
        self._calls = calls

    def __call__(self) -> None:
        for call in self._calls:
            call()


class _Together:
    """Makes calls side by side."""

    def __init__(self, tasks: list[Callable[[], object]]):
        self._tasks = tasks

    def __call__(self) -> None:
        WORKERS.run(self._tasks)


class _Add:
    """Adds an array to another."""

    def __init__(self, total: np.ndarray, array: np.ndarray):
        self._operands = total, array, total

    def __call__(self) -> None:
        np.add(*self._operands)


class _Sum:
    """Sums stacked arrays."""

    def __init__(self, stack: np.ndarray, out: np.ndarray):
        self._stack, self._out = stack, out

    def __call__(self) -> None:
        np.add.reduce(self._stack, 0, None, self._out)
