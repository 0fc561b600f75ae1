"""Runs a part of a step block by block, on several threads.

The blocks are shared out to lanes, each with an accumulator for every sum over the examples, and the lanes to threads.
There are as many lanes whatever the number of threads, so that results do not depend on it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Protocol

import numpy as np

from ...engine.body_trace import Body
from ...engine.primitive import in_sequence, in_turn
from ...engine.tensor import Tensor
from ..control_flow.body_plan import BodyPlan
from ..control_flow.regions import BoundOnce, Layout
from ..threads.blas_threads import on_one_thread
from ..threads.parallel_products import allowed_threads
from ..threads.workers import WORKERS

LANES = 8

Call = Callable[[], object]


class Part(Protocol):
    """A part of a step.

    Attributes:
        results: The tensors that are used outside.
        is_cut: For each operand, whether it is cut into blocks.
        is_sum: For each result, whether it is a sum over the examples.
    """

    results: list[Tensor]
    is_cut: list[bool]
    is_sum: list[bool]


class BlocksRunner(BoundOnce):
    """Computes the results of a part into a byte buffer.

    Args:
        bodies: By size, the recorded computation of a block.
        sizes: The number of examples in each block.
        part: The part.

    Attributes:
        operands: The indices of the operands that are needed.
        regions: The region of the buffer that holds each result.
        nbytes: The size of the buffer.
        plans: For each thread, by size, the plan of a block: a thread has memory of its own for what is inside.
    """

    def __init__(self, bodies: dict[int, Body], sizes: list[int], part: Part):
        super().__init__()
        layout = Layout()
        self.regions = [layout.reserve(tensor) for tensor in part.results]
        self.nbytes = layout.nbytes
        self.operands = list(range(len(part.is_cut)))
        self._is_cut, self._is_sum = part.is_cut, part.is_sum
        stops = list(accumulate(sizes))
        blocks = [slice(stop - size, stop) for size, stop in zip(sizes, stops, strict=True)]
        lanes = min(LANES, len(blocks))
        self._lanes = [blocks[len(blocks) * lane // lanes : len(blocks) * (lane + 1) // lanes] for lane in range(lanes)]
        threads = min(allowed_threads(), lanes)
        self.plans = [{size: _planned(body) for size, body in bodies.items()} for _ in range(threads)]

    def needs_copy(self, index: int, array: np.ndarray) -> bool:
        """Returns whether the calls have to be bound to a contiguous copy of an operand."""
        return any(plan.needs_copy(index, array) for plan in self.plans[0].values())

    def calls(self, arrays: list[np.ndarray], out: np.ndarray) -> list[Call]:
        """Returns the calls that compute all blocks."""
        results = [region.of(out) for region in self.regions]
        lanes, threads = len(self._lanes), len(self.plans)
        totals = {number: array for number, array in enumerate(results) if self._is_sum[number]}
        stacks = {number: np.empty((lanes, *array.shape), array.dtype) for number, array in totals.items()}
        tasks: list[list[Call]] = [[] for _ in range(threads)]
        for lane, blocks in enumerate(self._lanes):
            thread = lane * threads // lanes
            sums = {number: stack[lane, ...] if lanes > 1 else totals[number] for number, stack in stacks.items()}
            tasks[thread] += self._lane_calls(blocks, self.plans[thread], arrays, results, sums)
        run = [in_turn(calls) for calls in tasks]
        first = run[0] if threads == 1 else partial(WORKERS.run, run)
        adding = [partial(np.add.reduce, stack, 0, None, totals[number]) for number, stack in stacks.items()]
        return [on_one_thread(first), *(adding if lanes > 1 else ())]

    def _lane_calls(
        self,
        blocks: Sequence[slice],
        plans: dict[int, BodyPlan],
        arrays: list[np.ndarray],
        results: list[np.ndarray],
        sums: dict[int, np.ndarray],
    ) -> list[Call]:
        """Returns the calls of consecutive blocks; the first one writes its sums, the others add theirs."""
        terms = {number: np.empty(array.shape, array.dtype) for number, array in sums.items() if len(blocks) > 1}
        calls: list[Call] = []
        for block in blocks:
            targets = terms if calls else sums
            memory: dict = {
                index: array[block] if is_cut else array
                for index, (array, is_cut) in enumerate(zip(arrays, self._is_cut, strict=True))
            }
            memory |= {
                ("result", number): targets[number] if number in sums else array[block]
                for number, array in enumerate(results)
            }
            adding = [partial(np.add, sums[number], term, sums[number]) for number, term in terms.items() if calls]
            calls += [in_sequence(plans[block.stop - block.start].bind(memory, 1)), *adding]
        return calls


def _planned(body: Body) -> BodyPlan:
    results = {("result", number): output for number, output in enumerate(body.outputs)}
    return BodyPlan(body, results, range(len(body.parameters)))
