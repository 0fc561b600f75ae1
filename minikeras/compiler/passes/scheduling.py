"""Scheduling: small entries of the same kind become adjacent, so that `fuse` can turn them into one call.

The overhead of a numpy call, 0.2 us, exceeds the time to add 30 elements. Optimizers and metrics apply the same calls
to many small variables.
"""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ...engine.variable import ASSIGN, Variable
from ..program import Program, tensors

_SMALL = 4096  # elements: for larger arrays, the overhead of a call does not matter


def schedule(program: Program) -> Program:
    """Reorders the entries and records the groups.

    Entries keep their order, except that small ones wait until all others of their kind can be computed, and that the
    updates of large variables come last, each as one consecutive run.
    """
    entries = program.entries
    dependencies = dependencies_of(program)
    dependents: list[list[int]] = [[] for _ in entries]
    for index, before in enumerate(dependencies):
        for other in before:
            dependents[other].append(index)
    queue = _Queue(entries, _large_updates(entries, dependents))
    missing = [len(before) for before in dependencies]
    for index, count in enumerate(missing):
        if not count:
            queue.add(index)
    ordered: list[Entry] = []
    groups = []
    while batch := queue.next():
        ordered.extend(entries[index] for index in batch)
        if len(batch) > 1:
            groups.append(ordered[-len(batch) :])
        for index in batch:
            for dependent in dependents[index]:
                missing[dependent] -= 1
                if not missing[dependent]:
                    queue.add(dependent)
    return program.replace(entries=ordered, groups=groups)


def _large_updates(entries: Sequence[Entry], dependents: list[list[int]]) -> list[bool]:
    """Returns for each entry whether it and all its dependents are elementwise on large arrays, or assignments."""
    found = [False] * len(entries)
    for index in reversed(range(len(entries))):
        entry = entries[index]
        value = entry.inputs[0] if entry.primitive is ASSIGN else entry.output
        if (
            isinstance(value, Tensor)
            and value.size > _SMALL
            and (entry.primitive.elementwise or value is not entry.output)
        ):
            found[index] = all(found[dependent] for dependent in dependents[index])
    return found


def dependencies_of(program: Program) -> list[set[int]]:
    """Returns for each entry the entries that must run before it."""
    made_by: dict[Tensor, int] = {}
    storage = program.storage()
    access: dict[Variable, _Access] = {}
    dependencies: list[set[int]] = []
    barrier = None
    for index, entry in enumerate(program.entries):
        read = tensors(entry.inputs)
        before = {made_by[value] for value in read if value in made_by}
        if barrier is not None:
            before.add(barrier)
        for value in read:
            variable = program.variables.get(storage.get(value, value))
            if variable is not None:
                before |= access.setdefault(variable, _Access()).read(index)
        if entry.primitive is ASSIGN:
            before |= access.setdefault(entry.params["variable"], _Access()).assign(index)
        elif entry.primitive.effect:
            before, barrier = set(range(index)), index
        if entry.output is not None:
            made_by[entry.output] = index
        before.discard(index)
        dependencies.append(before)
    return dependencies


@dataclass
class _Access:
    """Which entries read a variable since it was assigned to, and which one assigned to it."""

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
    """The entries that can be computed next."""

    def __init__(self, entries: Sequence[Entry], last: list[bool]):
        self._comes_last = last
        self._last: list[int] = []
        self._kinds = [kind_of(entry) for entry in entries]
        self._left = Counter(self._kinds)
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
        """Returns the next entry, or several of the same kind; an empty list if none are left."""
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
    """Returns a key that is equal for entries that can be fused; None for an entry that cannot be."""
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
            roles.append(value if isinstance(value, Tensor) else (value.dtype, value.tobytes()))
        else:
            return None
    return (entry.primitive, output.dtype, tuple(roles))
