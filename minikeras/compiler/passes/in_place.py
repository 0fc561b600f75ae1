"""In-place updates: new values of variables are computed directly into their buffers."""

from bisect import bisect_left
from collections import Counter

from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ...engine.variable import ASSIGN, Variable
from ..program import Program, tensors


def update_in_place(program: Program) -> Program:
    """Gives values the buffer of the variable that they are assigned to.

    This requires that the assignment is the value's only use, and that no entry in between reads the old value.
    """
    entries = program.entries
    made_at = {entry.output: index for index, entry in enumerate(entries) if entry.output is not None}
    # A fused call computes its whole group at the position of the group's first entry.
    starts = {member.output: made_at[group[0].output] for group in program.groups for member in group}
    uses = Counter(value for entry in entries for value in tensors(entry.inputs))
    uses.update(tensors(program.outputs))
    accesses = _Accesses(program)
    locations = dict(program.locations)
    for index, entry in enumerate(entries):
        value = entry.inputs[0] if entry.primitive is ASSIGN else None
        if not isinstance(value, Tensor) or value not in made_at or uses[value] > 1:
            continue
        variable, maker = entry.params["variable"], made_at[value]
        fits = value.dtype.name == variable.dtype and not entries[maker].primitive.view
        if fits and accesses.none_between(starts.get(value, maker), index, maker, variable):
            locations[value] = variable.buffer
    return program.replace(locations=locations)


class _Accesses:
    """Which entries read a variable or assign to it: an index, since deep models have many of both."""

    def __init__(self, program: Program):
        self._program = program
        self._storage = program.storage()
        self._by_variable: dict[Variable, list[int]] = {}
        for index, entry in enumerate(program.entries):
            if entry.primitive is ASSIGN:
                self._by_variable.setdefault(entry.params["variable"], []).append(index)
            for value in tensors(entry.inputs):
                variable = self._variable_of(value)
                if variable is not None:
                    self._by_variable.setdefault(variable, []).append(index)

    def _variable_of(self, value: Tensor) -> Variable | None:
        """Returns the variable whose value, or a view of it, this is."""
        return self._program.variables.get(self._storage.get(value, value))

    def none_between(self, start: int, stop: int, maker: int, variable: Variable) -> bool:
        """Whether no entry from `start` up to, but not including, `stop` reads the old value of a variable.

        Args:
            start: The first entry.
            stop: The entry after the last.
            maker: The entry that computes the new value; it may read the old one elementwise.
            variable: The variable.
        """
        indices = self._by_variable[variable]
        for index in indices[bisect_left(indices, start) : bisect_left(indices, stop)]:
            if index != maker or not self._reads_by_element(self._program.entries[index], variable):
                return False
        return True

    def _reads_by_element(self, entry: Entry, variable: Variable) -> bool:
        return entry.primitive.elementwise and all(
            value in self._program.variables for value in tensors(entry.inputs) if self._variable_of(value) is variable
        )
