"""Horizontal fusion: the entries of a group become one call on arrays that hold their operands contiguously.

Small variables are contiguous from their creation (see `engine.arena`); the other operands get their locations here.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program, common_layer, common_phase

# The role of an operand when its call is fused with others.
_SHARED = "shared"  # a scalar that all calls share
_FIXED = "fixed"  # it has a location, right behind that of the previous entry
_FREE = "free"  # it gets a location next to those of the other entries
_ELSEWHERE = "elsewhere"  # it shares memory with something else: the entry cannot be fused


def fuse(program: Program) -> Program:
    """Replaces as many entries of each group as possible by one that computes them all."""
    fusion = _Fusion(program)
    for group in program.groups:
        alike: dict[tuple, list[_Member]] = {}
        for member in map(fusion.member, group):
            alike.setdefault(member.roles, []).append(member)
        for roles, members in alike.items():
            if _ELSEWHERE not in roles:
                for run in fusion.runs(roles, members):
                    fusion.replace(group, roles, run)
    return program.replace(entries=list(fusion.entries()), locations=fusion.locations, groups=[])


class _Member(NamedTuple):
    """An entry of a group, and where its inputs and its output are."""

    entry: Entry
    roles: tuple[str, ...]
    fixed: list[np.ndarray]  # the locations of the fixed operands
    free: list[Tensor]  # the operands that get a location

    def follows(self, other: "_Member") -> bool:
        """Whether all fixed operands directly follow those of another member in memory."""
        return all(
            a.ctypes.data + a.nbytes == b.ctypes.data and a.base is b.base is not None
            for a, b in zip(other.fixed, self.fixed, strict=True)
        )


class _Fusion:
    """The state of the pass.

    Attributes:
        locations: Those of the program, and those of the values that the pass makes contiguous.
    """

    def __init__(self, program: Program):
        self.locations = dict(program.locations)
        self._entries = program.entries
        self._fused: dict[Entry, list[Entry]] = {}  # by the first entry of the group
        self._replaced: set[Entry] = set()
        self._computed = _computed_values(program.entries)
        self._blocks: dict[tuple[int, int], np.ndarray] = {}

    def entries(self) -> Iterator[Entry]:
        """Yields the entries after fusion.

        The fused entry takes the position of the first of its group: from there on, no other entry needs the values
        that are updated in-place.
        """
        for entry in self._entries:
            yield from self._fused.get(entry, ())
            if entry not in self._replaced:
                yield entry

    def member(self, entry: Entry) -> _Member:
        roles, fixed, free = [], [], []
        for value in _operands(entry):
            location = self._location(value) if isinstance(value, Tensor) else None
            if value.shape != entry.output.shape:
                roles.append(_SHARED)
            elif location is not None:
                roles.append(_FIXED)
                fixed.append(location)
            elif not isinstance(value, Tensor):
                roles.append(_FREE)
            elif value in self._computed:
                roles.append(_FREE)
                free.append(self._computed[value])
            else:
                roles.append(_ELSEWHERE)
        return _Member(entry, tuple(roles), fixed, free)

    def _location(self, value: Tensor) -> np.ndarray | None:
        return self.locations.get(value, self.locations.get(self._computed.get(value)))

    def runs(self, roles: tuple, members: list[_Member]) -> Iterator[list[_Member]]:
        """Yields runs of members whose fixed operands are contiguous, and that share no value without a location."""
        run: list[_Member] = []
        taken: set[Tensor] = set()
        for member in sorted(members, key=lambda member: [location.ctypes.data for location in member.fixed]):
            if len(set(member.free)) < len(member.free):  # it reads one value twice
                continue
            if run and not (member.follows(run[-1]) and taken.isdisjoint(member.free)):
                yield run
                run, taken = [], set()
            if self.member(member.entry).roles == roles:  # otherwise another run has located one of its operands
                run.append(member)
                taken.update(member.free)
        yield run

    def replace(self, group: list[Entry], roles: tuple, run: list[_Member]) -> None:
        """Records that one entry is computed instead of several."""
        if len(run) < 2:
            return
        members = [member.entry for member in run]
        columns = zip(*map(_operands, members), strict=True)
        *inputs, out = [self._operand(values, role) for values, role in zip(columns, roles, strict=True)]
        primitive = members[0].primitive.renamed(f"{members[0].primitive.name} x {len(members)}")
        fused = Entry(primitive, tuple(inputs), {}, Tensor(out, None), common_layer(members), common_phase(members))
        self.locations[fused.output] = out
        self._fused.setdefault(group[0], []).append(fused)
        self._replaced.update(members)

    def _operand(self, values: Sequence, role: str) -> object:
        if role is _SHARED:
            return values[0]
        return self._block(values) if role is _FIXED else self._new_block(values)

    def _block(self, values: Sequence[Tensor]) -> np.ndarray:
        """Returns the memory of contiguous values."""
        first, base = self._location(values[0]), self._location(values[0]).base
        start = (first.ctypes.data - base.ctypes.data) // base.itemsize
        stop = start + sum(value.size for value in values)
        # The same object for the same memory: numpy then detects faster that a result overwrites its operand.
        return self._blocks.setdefault((first.ctypes.data, stop - start), base.reshape(-1)[start:stop])

    def _new_block(self, values: Sequence) -> np.ndarray:
        """Returns new contiguous memory for values; constants are copied into it."""
        block = np.zeros(sum(value.size for value in values), values[0].dtype)
        start = 0
        for value in values:
            computed = self._computed[value] if isinstance(value, Tensor) else value
            location = block[start : start + value.size].reshape(computed.shape)
            start += value.size
            if isinstance(value, Tensor):
                self.locations[computed] = location
            else:
                np.copyto(location, value)
        return block


def _operands(entry: Entry) -> list:
    return [*entry.inputs, entry.output]


def _computed_values(entries: Sequence[Entry]) -> dict[Tensor, Tensor]:
    """Returns, for each value that has the memory layout of a computed one (perhaps reshaped), that computed value."""
    computed: dict[Tensor, Tensor] = {}
    for entry in entries:
        output = entry.output
        if output is not None and not entry.primitive.view:
            computed[output] = output
        elif output is not None and entry.inputs[0] in computed:
            source = entry.inputs[0]
            if output.size == source.size and output.form.flags.c_contiguous:
                computed[output] = computed[source]
    return computed
