"""Fusion: entries of a group become one call on arrays in which their operands lie side by side.

Small variables lie side by side since they were made (see `engine.arena`); the other operands get their locations here.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from ..engine.tensor import Tensor
from ..engine.trace import Entry
from .program import Program, common_layer

# Where an operand of a call is, as far as fusing it with others goes.
_SHARED = "shared"  # a scalar that is the same for all
_FIXED = "fixed"  # it has a location; those of a fused call must follow each other
_FREE = "free"  # it gets a location beside that of the others
_ELSEWHERE = "elsewhere"  # it shares memory with something else: the call cannot be fused


def fuse(program: Program) -> Program:
    """Replaces as many entries of each group as possible by one that computes them all."""
    fusion = _Fusion(program)
    for group in program.groups:
        alike: dict[tuple, list[Entry]] = {}
        for entry in group:
            alike.setdefault(fusion.roles(entry), []).append(entry)
        for roles, members in alike.items():
            if _ELSEWHERE not in roles:
                fusion.fuse(group, roles, members)
    return program.replace(entries=list(fusion.entries()), locations=fusion.locations, groups=[])


class _Fusion:
    """The state of the pass.

    Attributes:
        locations: Those of the program, and those of the values that are laid side by side here.
    """

    def __init__(self, program: Program):
        self.locations = dict(program.locations)
        self._entries = program.entries
        self._fused: dict[Entry, list[Entry]] = {}  # by the first entry of the group
        self._replaced: set[Entry] = set()
        self._computed = _computed_values(program.entries)
        self._inputs = set(program.inputs)
        self._blocks: dict[tuple[int, int], np.ndarray] = {}

    def entries(self) -> Iterator[Entry]:
        """Yields what is to be computed now. Fused entries come first in their group: from there on, no other entry
        needs what is updated in-place.
        """
        for entry in self._entries:
            yield from self._fused.get(entry, ())
            if entry not in self._replaced:
                yield entry

    def roles(self, entry: Entry) -> tuple:
        """Returns where each input and the output are, or that they are free."""
        inputs = [self._role(value) if value.shape == entry.output.shape else _SHARED for value in entry.inputs]
        return (*inputs, _FIXED if entry.output in self.locations else _FREE)

    def _role(self, value: object) -> str:
        if not isinstance(value, Tensor):
            return _FREE
        if self._location(value) is not None:
            return _FIXED
        computed = self._computed.get(value)
        return _ELSEWHERE if computed is None or computed in self._inputs else _FREE

    def _location(self, value: Tensor) -> np.ndarray | None:
        return self.locations.get(value, self.locations.get(self._computed.get(value)))

    def fuse(self, group: list[Entry], roles: tuple, members: list[Entry]) -> None:
        """Fuses those of the members whose fixed operands follow each other in memory."""
        members = sorted(members, key=lambda entry: [each.ctypes.data for each in self._fixed(entry, roles)])
        run: list[Entry] = []
        taken: set[Tensor] = set()
        for entry in members:
            free = self._free(entry, roles)
            if len(set(free)) < len(free):  # it reads one value twice
                continue
            if run and not (self._follows(run[-1], entry, roles) and taken.isdisjoint(free)):
                self._replace(group, roles, run)
                run, taken = [], set()
            if self.roles(entry) == roles:  # else one of its operands has been given a location by another run
                run.append(entry)
                taken.update(free)
        self._replace(group, roles, run)

    def _fixed(self, entry: Entry, roles: tuple) -> list[np.ndarray]:
        return [self._location(value) for value, role in zip(_operands(entry), roles, strict=True) if role is _FIXED]

    def _free(self, entry: Entry, roles: tuple) -> list[Tensor]:
        """Returns the values that a call would give a location: none may get two."""
        pairs = zip(_operands(entry), roles, strict=True)
        return [self._computed[value] for value, role in pairs if role is _FREE and isinstance(value, Tensor)]

    def _follows(self, first: Entry, second: Entry, roles: tuple) -> bool:
        """Whether all fixed operands lie right behind those of the entry before."""
        pairs = zip(self._fixed(first, roles), self._fixed(second, roles), strict=True)
        return all(
            a.ctypes.data + a.nbytes == b.ctypes.data and a.base is b.base and b.base is not None for a, b in pairs
        )

    def _replace(self, group: list[Entry], roles: tuple, members: list[Entry]) -> None:
        if len(members) < 2:
            return
        *inputs, out = map(self._operand, zip(*map(_operands, members), strict=True), roles)
        primitive = members[0].primitive.renamed(f"{members[0].primitive.name} x {len(members)}")
        fused = Entry(primitive, tuple(inputs), {}, Tensor(out, None), common_layer(members))
        self.locations[fused.output] = out
        self._fused.setdefault(group[0], []).append(fused)
        self._replaced.update(members)

    def _operand(self, values: tuple, role: str) -> object:
        if role is _SHARED:
            return values[0]
        return self._block(values) if role is _FIXED else self._new_block(values)

    def _block(self, values: tuple) -> np.ndarray:
        """Returns the memory of values that lie side by side."""
        parts = [self._location(value) for value in values]
        base = parts[0].base
        start = (parts[0].ctypes.data - base.ctypes.data) // base.itemsize
        stop = start + sum(part.size for part in parts)
        # The same object for the same memory: numpy is quicker to see then that a result overwrites its operand.
        return self._blocks.setdefault((parts[0].ctypes.data, stop - start), base.reshape(-1)[start:stop])

    def _new_block(self, values: tuple) -> np.ndarray:
        """Returns new memory in which values get their locations; constants are copied into it."""
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
    """Returns for values that lie in memory as they were computed, perhaps in another shape, what was computed."""
    computed: dict[Tensor, Tensor] = {}
    for entry in entries:
        output = entry.output
        if output is not None and not entry.primitive.view:
            computed[output] = output
        elif output is not None and entry.inputs[0] in computed:
            source = entry.inputs[0]
            if output.size == source.size and output.array.flags.c_contiguous:
                computed[output] = computed[source]
    return computed
