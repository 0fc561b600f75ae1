"""Which entries of a step are computed together, block by block.

What is computed example by example can go on from the first convolution to the gradient of its kernel, until a sum over
the batch is needed, or something else that needs the whole batch. So the step is divided into levels: each one has
entries that are computed as usual, then a part that is computed block by block.
"""

from ...engine.batch_rules import SUM
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..passes.scheduling import dependencies_of
from ..program import Program, tensors
from .batch_axes import BatchAxes

_HEAVY = 1 << 16  # elements of a matrix that is not multiplied block by block: few rows at a time take longer


class Levels:
    """The levels of a program.

    Args:
        program: The program.
        axes: The batch axes of its values; entries that cannot be reached along the first axis are removed from it.
    """

    def __init__(self, program: Program, axes: BatchAxes):
        self._program, self._axes = program, axes
        self._dependencies = dependencies_of(program)
        while True:
            self._in_part = [is_light(entry, axes) for entry in program.entries]
            self._levels = self._earliest()
            self._delay()
            unreachable = self._unreachable()
            if not unreachable:
                break
            for entry in unreachable:
                del axes.batchings[entry]

    def __iter__(self) -> "object":
        """Yields for each level the entries that are computed as usual, and those of its part."""
        for level in range(max(self._levels, default=-1) + 1):
            inside = [index for index, each in enumerate(self._levels) if each == level]
            yield tuple(
                [self._program.entries[index] for index in inside if self._in_part[index] is in_part]
                for in_part in (False, True)
            )

    def _ends(self, before: int, after: int) -> int:
        """Returns how many levels later than another entry one comes that depends on it."""
        is_sum = self._in_part[before] and self._axes.batchings[self._program.entries[before]].output == SUM
        return int(self._in_part[before] and (is_sum or not self._in_part[after]))

    def _earliest(self) -> list[int]:
        levels: list[int] = []
        for index, before in enumerate(self._dependencies):
            levels.append(max((levels[other] + self._ends(other, index) for other in before), default=0))
        return levels

    def _delay(self) -> None:
        """Moves to a later part what only later parts need."""
        levels, kept = self._levels, set(tensors(self._program.outputs))
        latest = [max(levels, default=0)] * len(levels)
        for index in reversed(range(len(levels))):
            if self._in_part[index] and self._program.entries[index].output not in kept:
                levels[index] = max(levels[index], latest[index])
            for other in self._dependencies[index]:
                latest[other] = min(latest[other], levels[index] - self._ends(other, index))

    def _unreachable(self) -> list[Entry]:
        """Returns the entries that would have to cut a value of the whole batch along another axis than its first."""
        entries = self._program.entries
        made: dict[Tensor, int] = {}
        for index, entry in enumerate(entries):
            if self._in_part[index]:
                made[entry.output] = index
        found: dict[Entry, None] = {}
        for index, entry in enumerate(entries):
            for value in tensors(entry.inputs):
                source = made.get(value)
                if source is not None and not self._are_together(source, index) and self._axis(source) not in (0, SUM):
                    found[entries[source]] = None
            if self._in_part[index]:
                for value, axis in zip(entry.inputs, self._axes.batchings[entry].inputs, strict=True):
                    source = made.get(value) if isinstance(value, Tensor) else None
                    if axis and (source is None or not self._are_together(source, index)):
                        found[entry] = None
        for value in tensors(self._program.outputs):
            if value in made and self._axis(made[value]) not in (0, SUM):
                found[entries[made[value]]] = None
        return list(found)

    def _axis(self, index: int) -> "int | str":
        return self._axes.batchings[self._program.entries[index]].output

    def _are_together(self, one: int, other: int) -> bool:
        return self._in_part[one] and self._in_part[other] and self._levels[one] == self._levels[other]


def is_light(entry: Entry, axes: BatchAxes) -> bool:
    """Whether an entry is computed block by block: not a product with a large matrix.

    Args:
        entry: The entry.
        axes: The batch axes.
    """
    batching = axes.batchings.get(entry)
    if batching is None or entry.primitive.name not in ("matmul", "summed_matmul"):
        return batching is not None
    whole = [value.size for value, axis in zip(entry.inputs, batching.inputs, strict=True) if axis is None]
    if batching.output == SUM:
        whole.append(entry.output.size)
    return max(whole, default=0) <= _HEAVY
