"""Which values of a step have a batch axis, along which examples are computed independently of each other."""

from dataclasses import dataclass, field

from ...engine.batch_rules import SUM, Batching
from ...engine.primitive import Spec
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program


@dataclass(eq=False)
class BatchAxes:
    """The batch axes of the values of a step.

    Attributes:
        size: The number of examples.
        axes: By tensor, its batch axis.
        batchings: By entry, how it treats the batch; entries that are not among them need the whole batch at a time.
    """

    size: int
    axes: dict[Tensor, int] = field(default_factory=dict)
    batchings: dict[Entry, Batching] = field(default_factory=dict)


def batch_axes(program: Program, size: int) -> BatchAxes:
    """Follows the batch axis from the input data through a program.

    Args:
        program: The program.
        size: The number of examples.
    """
    found = BatchAxes(size)
    for tensor in program.inputs:
        if tensor.shape[:1] == (size,):
            found.axes[tensor] = 0
    for entry in program.entries:
        batching = _batching(entry, found)
        if batching is not None:
            if not batching.is_whole:
                found.batchings[entry] = batching
            if batching.output != SUM:
                found.axes[entry.output] = batching.output
    return found


def _batching(entry: Entry, known: BatchAxes) -> Batching | None:
    """Returns how an entry treats the batch; None if it needs the whole batch, or has nothing to do with it."""
    primitive = entry.primitive
    if primitive.batch is None or primitive.effect or entry.output is None:
        return None
    axes = tuple(known.axes.get(value) if isinstance(value, Tensor) else None for value in entry.inputs)
    if all(axis is None for axis in axes):
        return None
    specs = [Spec(tuple(value.shape), value.dtype.name) for value in entry.inputs]
    batching = primitive.batch(axes, *specs, **entry.params)
    if batching is None:
        return None
    for own, axis, value in zip(axes, batching.inputs, entry.inputs, strict=True):
        if axis is not None and value.shape[axis] != known.size:
            return None
        # What is computed for the whole batch is cut into blocks along its first axis only.
        if own != axis and (own is not None or axis != 0):
            return None
    if batching.output != SUM and entry.output.shape[batching.output] != known.size:
        return None
    return batching
