"""Calls that are alike become one: their operands are laid side by side in memory.

Small variables lie side by side as they were made, see `engine.memory`; everything else is given its place here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry
from ..engine.variable import Variable


@dataclass
class Fused:
    """Several calls in one.

    Attributes:
        members: The indices of the calls, in the order of their memory.
        operands: What the one call reads: arrays, or tensors that the plan places.
        out: Where its result goes.
    """

    members: list[int]
    operands: list
    out: np.ndarray


class Fusion:
    """Finds the calls that can become one and places their operands.

    Args:
        entries: The calls in the order of `schedule`.
        runs: The ranges of calls that are alike.
        reads: The tensors that stand for variables.
        direct: The values that are computed right into variables.
        inputs: The tensors that stand for the data; they stay where they are.

    Attributes:
        calls: The fused calls, by the index of the first call of their run.
        places: Where the tensors are that were placed for them.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        runs: Sequence[range],
        reads: dict[Tensor, Variable],
        direct: dict[Tensor, Variable],
        inputs: Sequence[Tensor],
    ):
        self.calls: dict[int, list[Fused]] = {}
        self.places: dict[Tensor, np.ndarray] = {}
        self._entries = entries
        self._fixed = {tensor: variable.buffer for tensor, variable in (*reads.items(), *direct.items())}
        self._behind = _values_behind_views(entries)
        self._inputs = set(inputs)
        self._wholes: dict[tuple[int, int], np.ndarray] = {}
        for run in runs:
            groups: dict[tuple, list[int]] = {}
            for index in run:
                groups.setdefault(tuple(self._roles(entries[index])), []).append(index)
            for roles, members in groups.items():
                if "nowhere" not in roles:
                    self._fuse(run.start, roles, members)

    def _roles(self, entry: Entry) -> Iterator[str]:
        """Yields for each input and the output where it is, or that it can be placed."""
        for value in entry.inputs:
            yield self._role(value) if value.shape == entry.output.shape else "shared"
        yield "there" if entry.output in self._fixed else "placed"

    def _role(self, value: object) -> str:
        if not isinstance(value, Tensor):
            return "placed"
        if self._place_of(value) is not None:
            return "there"
        behind = self._behind.get(value)
        return "nowhere" if behind is None or behind in self._inputs else "placed"

    def _place_of(self, value: Tensor) -> np.ndarray | None:
        place = self._fixed.get(value)
        return self.places.get(self._behind.get(value, value)) if place is None else place

    def _fuse(self, start: int, roles: tuple, members: list[int]) -> None:
        members.sort(key=lambda index: [place.ctypes.data for place in self._places_of(index, roles)])
        group: list[int] = []
        taken: set[int] = set()
        for index in members:
            placed = self._placed_by(index, roles)
            if len(set(placed)) < len(placed):  # it uses one value twice
                continue
            if group and not (self._follows(group[-1], index, roles) and taken.isdisjoint(placed)):
                self._note(start, roles, group)
                group, taken = [], set()
            if tuple(self._roles(self._entries[index])) == roles:  # else another group has placed an operand
                group.append(index)
                taken.update(placed)
        self._note(start, roles, group)

    def _operands(self, index: int) -> list:
        entry = self._entries[index]
        return [*entry.inputs, entry.output]

    def _places_of(self, index: int, roles: tuple) -> list[np.ndarray]:
        pairs = zip(self._operands(index), roles, strict=True)
        return [self._place_of(value) for value, role in pairs if role == "there"]

    def _follows(self, first: int, second: int, roles: tuple) -> bool:
        """Whether all that has its place lies right behind that of the call before."""
        pairs = zip(self._places_of(first, roles), self._places_of(second, roles), strict=True)
        return all(
            a.ctypes.data + a.nbytes == b.ctypes.data and a.base is b.base and b.base is not None for a, b in pairs
        )

    def _placed_by(self, index: int, roles: tuple) -> list[int]:
        """Returns the ids of the values that would get their place with a call: none may have two places."""
        return [
            id(self._behind.get(value, value))
            for value, role in zip(self._operands(index), roles, strict=True)
            if role == "placed" and isinstance(value, Tensor)
        ]

    def _note(self, start: int, roles: tuple, members: list[int]) -> None:
        if len(members) < 2:
            return
        columns = list(zip(*map(self._operands, members), strict=True))
        operands = []
        for values, role in zip(columns, roles, strict=True):
            if role == "shared":
                operands.append(values[0])  # a tensor is given its place by the plan
            elif role == "there":
                operands.append(self._whole([self._place_of(value) for value in values]))
            else:
                operands.append(self._placed(values))
        self.calls.setdefault(start, []).append(Fused(members, operands[:-1], operands[-1]))

    def _placed(self, values: Sequence) -> np.ndarray:
        """Returns new memory for values, and notes where in it each is; constants are copied into it."""
        whole = np.zeros(sum(value.size for value in values), values[0].dtype)
        start = 0
        for value in values:
            behind = self._behind[value] if isinstance(value, Tensor) else value
            place = whole[start : start + value.size].reshape(behind.shape)
            start += value.size
            if isinstance(value, Tensor):
                self.places[behind] = place
            else:
                np.copyto(place, value)
        return whole

    def _whole(self, parts: Sequence[np.ndarray]) -> np.ndarray:
        """Returns the memory of arrays that lie one after the other in a common base."""
        base = parts[0].base
        start = (parts[0].ctypes.data - base.ctypes.data) // base.itemsize
        stop = start + sum(part.size for part in parts)
        # The same object for the same memory: numpy is quicker to see then that a result overwrites its operand.
        return self._wholes.setdefault((parts[0].ctypes.data, stop - start), base.reshape(-1)[start:stop])


def _values_behind_views(entries: Sequence[Entry]) -> dict[Tensor, Tensor]:
    """Returns for values that lie in memory as they were computed, perhaps in another shape, what was computed."""
    behind: dict[Tensor, Tensor] = {}
    for entry in entries:
        output = entry.output
        if output is None:
            continue
        if not entry.primitive.view:
            behind[output] = output
            continue
        seen = entry.inputs[0]
        if not isinstance(seen, Tensor):  # a view of a constant
            continue
        if seen in behind and output.size == seen.size and output.array.flags.c_contiguous:
            behind[output] = behind[seen]
    return behind
