"""The order of a plan: small calls that are alike come side by side, so that they can become one.

A call of numpy costs 0.2 us before it computes anything, which is more than adding 30 numbers takes. An optimizer
does the same to each of many small variables, and so do metrics.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry
from ..engine.variable import ASSIGN, Variable

_SMALL = 4096  # elements: for more of them, the call is the least of the cost


def schedule(entries: Sequence[Entry], reads: dict[Tensor, Variable]) -> tuple[list[Entry], list[range]]:
    """Reorders a trace without changing what it computes.

    Calls keep their order, but small ones that have fellows wait until all fellows can be made, and the updates of
    large variables come last, each in one piece.

    Args:
        entries: The calls.
        reads: The tensors that stand for variables.

    Returns:
        The calls in their new order, and the ranges in it that hold calls which are alike.
    """
    waits = _waits(entries, reads)
    followers: list[list[int]] = [[] for _ in entries]
    for index, before in enumerate(waits):
        for other in before:
            followers[other].append(index)
    queue = _Queue(entries, _updates(entries, followers))
    missing = [len(before) for before in waits]
    for index, count in enumerate(missing):
        if not count:
            queue.add(index)
    order: list[int] = []
    runs = []
    while batch := queue.next():
        if len(batch) > 1:
            runs.append(range(len(order), len(order) + len(batch)))
        order.extend(batch)
        for index in batch:
            for follower in followers[index]:
                missing[follower] -= 1
                if not missing[follower]:
                    queue.add(follower)
    return [entries[index] for index in order], runs


def _updates(entries: Sequence[Entry], followers: list[list[int]]) -> list[bool]:
    """Tells of each call whether it is elementwise on a large array, and so are all that need it, or assignments."""
    found = [False] * len(entries)
    for index in reversed(range(len(entries))):
        entry = entries[index]
        value = entry.inputs[0] if entry.primitive is ASSIGN else entry.output
        if (
            isinstance(value, Tensor)
            and value.size > _SMALL
            and (entry.primitive.elementwise or value is not entry.output)
        ):
            found[index] = all(found[follower] for follower in followers[index])
    return found


def _waits(entries: Sequence[Entry], reads: dict[Tensor, Variable]) -> list[set[int]]:
    """Returns for each call the calls that must come before it."""
    made_by: dict[Tensor, int] = {}
    variable_of = dict(reads)  # of tensors in the memory of a variable, grows by views
    state: dict[Variable, _State] = {}
    waits: list[set[int]] = []
    barrier = None
    for index, entry in enumerate(entries):
        tensors = [value for value in entry.inputs if isinstance(value, Tensor)]
        before = {made_by[value] for value in tensors if value in made_by}
        if barrier is not None:
            before.add(barrier)
        for value in tensors:
            if value in variable_of:
                before |= state.setdefault(variable_of[value], _State()).read(index)
        if entry.primitive.view and tensors and tensors[0] in variable_of:
            variable_of[entry.output] = variable_of[tensors[0]]
        if entry.primitive is ASSIGN:
            before |= state.setdefault(entry.params["variable"], _State()).assign(index)
        elif entry.primitive.effect:
            before, barrier = set(range(index)), index
        if entry.output is not None:
            made_by[entry.output] = index
        before.discard(index)
        waits.append(before)
    return waits


@dataclass
class _State:
    """Who read a variable since it was assigned to, and who assigned to it."""

    readers: list[int] = field(default_factory=list)
    assigned: set[int] = field(default_factory=set)

    def read(self, index: int) -> set[int]:
        self.readers.append(index)
        return self.assigned

    def assign(self, index: int) -> set[int]:
        before = self.assigned | set(self.readers)
        self.assigned, self.readers = {index}, []
        return before


class _Queue:
    """The calls whose inputs are there."""

    def __init__(self, entries: Sequence[Entry], last: list[bool]):
        self._comes_last = last
        self._last: list[int] = []
        self._kinds = [kind_of(entry) for entry in entries]
        self._left: dict[object, int] = {}
        for kind in self._kinds:
            self._left[kind] = self._left.get(kind, 0) + 1
        self._single: list[int] = []
        self._alike: dict[object, list[int]] = {}

    def add(self, index: int) -> None:
        kind = self._kinds[index]
        if self._comes_last[index]:
            heapq.heappush(self._last, index)
        elif kind is None or self._left[kind] == 1:
            heapq.heappush(self._single, index)
        else:
            self._alike.setdefault(kind, []).append(index)

    def next(self) -> list[int]:
        """Returns the next call, or several that are alike; an empty list when there are none left."""
        if self._single:
            return [heapq.heappop(self._single)]
        if not self._alike:
            return [heapq.heappop(self._last)] if self._last else []
        whole = [kind for kind, indices in self._alike.items() if len(indices) == self._left[kind]]
        kind = min(whole or self._alike, key=lambda kind: self._alike[kind][0])
        batch = sorted(self._alike.pop(kind))
        self._left[kind] -= len(batch)
        return batch


def kind_of(entry: Entry) -> object:
    """Returns what alike calls have in common: those of the same kind can become one call. None: it stays alone."""
    kernel, output = entry.primitive.kernel, entry.output
    if not isinstance(kernel, np.ufunc) or output is None or not 0 < output.size <= _SMALL or entry.params:
        return None
    roles = []
    for value in entry.inputs:
        if value.dtype != output.dtype:
            return None
        if value.shape == output.shape:
            roles.append("each its own")
        elif value.shape == ():
            roles.append(value if isinstance(value, Tensor) else (value.dtype.str, value.tobytes()))
        else:
            return None
    return (entry.primitive, output.dtype.str, tuple(roles))
