"""Blocking: what is computed example by example runs block by block, if it contains a convolution or pooling.

The values of a block of a few images stay in the second-level cache, from the first convolution to the last gradient;
those of a batch do not. Blocks are computed on several threads. A part of the step becomes one entry, whose body is
recorded for a block, with convolutions lowered to copies of windows and matrix products.
"""

from collections.abc import Sequence

import numpy as np

from ...engine.batch_rules import SUM
from ...engine.body_trace import Body
from ...engine.deferred import deferred_result
from ...engine.dispatch import apply
from ...engine.primitive import Primitive
from ...engine.tensor import Tensor
from ...engine.trace import BodyTrace, Entry
from ..control_flow.regions import packed, runner_primitive
from ..passes.broadcast_copies import BROADCAST_COPY
from ..program import Program, common_layer, common_phase, tensors
from .batch_axes import BatchAxes, batch_axes
from .parts import Levels
from .runner import LANES, BlocksRunner

_BYTES = 4 << 20  # of all values of a block: few of them are alive at a time, so these fit into the second-level cache
_FEW_CHANNELS = 32
_LARGE = 2 << 20  # bytes of all values of a part that pays off in blocks even without a convolution
_SMALL = 1 << 19  # bytes of all values of a batch: too little to share out to threads


def block_batches(program: Program) -> Program:
    """Replaces the parts of a step that can be computed block by block by single entries."""
    sizes = dict.fromkeys(entry.output.shape[0] for entry in program.entries if entry.primitive.lower is not None)
    for size in filter(None, sizes):
        axes = batch_axes(program, size)
        used = _uses(program)
        entries: list[Entry] = []
        for whole, part in Levels(program, axes):
            is_worth_it = any(entry.primitive.lower for entry in part) or _nbytes(part) > _LARGE
            entries += whole
            entries += _as_entry(_Part(part, axes, used)) if is_worth_it else part
        program = program.replace(entries=entries)
    return program


def _nbytes(entries: Sequence[Entry]) -> int:
    return sum(entry.output.nbytes for entry in entries if not entry.primitive.view)


def _uses(program: Program) -> dict[Tensor, set[Entry | None]]:
    """Returns by tensor the entries that read it, and None for outputs of the program."""
    found: dict[Tensor, set[Entry | None]] = {}
    for entry in program.entries:
        for value in tensors(entry.inputs):
            found.setdefault(value, set()).add(entry)
    for value in tensors(program.outputs):
        found.setdefault(value, set()).add(None)
    return found


class _Part:
    """Entries that are computed block by block.

    Args:
        entries: The entries, in order.
        axes: The batch axes.
        used: By tensor, the entries that read it.

    Attributes:
        operands: The values from outside, tensors or constants.
        is_cut: For each of them, whether it is cut into blocks.
        results: The tensors that are used outside.
        is_sum: For each of them, whether it is a sum over the examples.
    """

    def __init__(self, entries: list[Entry], axes: BatchAxes, used: dict[Tensor, set]):
        self.entries, self.axes = entries, axes
        members, made = set(entries), {entry.output for entry in entries}
        kept = [entry for entry in entries if used.get(entry.output, set()) - members]
        self.results = [entry.output for entry in kept]
        self.is_sum = [axes.batchings[entry].output == SUM for entry in kept]
        self.operands: list[object] = []
        self.is_cut: list[bool] = []
        self._numbers: dict[tuple, int] = {}
        for entry in entries:
            for value, axis in zip(entry.inputs, axes.batchings[entry].inputs, strict=True):
                key = id(value), axis is not None
                if key not in self._numbers and not (isinstance(value, Tensor) and value in made):
                    self._numbers[key] = len(self.operands)
                    self.operands.append(value)
                    self.is_cut.append(axis is not None)

    def recorded(self, size: int) -> Body:
        """Returns the computation of a block, recorded on the first examples.

        Args:
            size: The number of examples in the block.
        """
        with _BlockTrace("blocks") as trace:
            parameters = []
            for value, is_cut in zip(self.operands, self.is_cut, strict=True):
                sizes = (size, *value.shape[1:]) if is_cut else value.shape
                parameters.append(Tensor(np.empty(sizes, value.dtype), trace, is_deferred=True))
            known: dict[Tensor, Tensor] = {}
            for entry in self.entries:
                known[entry.output] = self._recorded_entry(entry, size, parameters, known)
            return Body(trace, parameters, trace.entries, trace.custom_vjps, [known[each] for each in self.results])

    def _recorded_entry(self, entry: Entry, size: int, parameters: list[Tensor], known: dict[Tensor, Tensor]) -> Tensor:
        batching = self.axes.batchings[entry]
        inputs = [
            known[value]
            if isinstance(value, Tensor) and value in known
            else parameters[self._numbers[id(value), axis is not None]]
            for value, axis in zip(entry.inputs, batching.inputs, strict=True)
        ]
        if isinstance(entry.primitive.kernel, np.ufunc):
            inputs = _spread(inputs)
        params = batching.params(size) if batching.params else entry.params
        lowered = None
        if entry.primitive.lower is not None and entry.output.dtype.char in "fd":
            lowered = entry.primitive.lower(*inputs, **params)
        return apply(entry.primitive, *inputs, **params) if lowered is None else lowered


class _BlockTrace(BodyTrace):
    """Records the computation of a block, without computing anything."""

    def defer(self, primitive: Primitive, operands: tuple, params: dict) -> Tensor | None:
        """Returns the tensor of a result."""
        return deferred_result(self, primitive, operands, params)


def _spread(operands: list[Tensor]) -> list[Tensor]:
    """Returns the operands of an elementwise call, with a few numbers for the channels of an image spread over it.

    numpy's inner loop is over the channels otherwise, and with 16 of them the call takes three times as long.
    """
    shape = np.broadcast_shapes(*(operand.shape for operand in operands))
    if len(shape) < 3 or shape[-1] > _FEW_CHANNELS:
        return operands
    is_narrow = [1 < each.size == shape[-1] == each.shape[-1] for each in operands]
    spread = {"shape": (1, *shape[1:])}
    return [apply(BROADCAST_COPY, x, **spread) if narrow else x for x, narrow in zip(operands, is_narrow, strict=True)]


def _as_entry(part: _Part) -> list[Entry]:
    """Returns the entry that computes a part block by block, and views of its results."""
    nbytes = _nbytes(part.recorded(1).entries)
    sizes = block_sizes(part.axes.size, nbytes)
    runner = BlocksRunner({size: part.recorded(size) for size in dict.fromkeys(sizes)}, sizes, part)
    names = dict.fromkeys(entry.primitive.name for entry in part.entries if not entry.primitive.view)
    name = f"{', '.join(names)} (blocks of {sizes[0]})"
    layer = common_layer(part.entries)
    entry = Entry(runner_primitive(name), tuple(part.operands), {}, part.results[0], layer, common_phase(part.entries))
    return packed(entry, runner, [(result, layer) for result in part.results])


def block_sizes(total: int, nbytes: int) -> list[int]:
    """Returns the number of examples in each block: as equal as possible, and a multiple of the lanes if large.

    Args:
        total: The number of examples.
        nbytes: The bytes of the values of one example.

    Example:
        >>> block_sizes(20, 600_000)
        [3, 3, 3, 3, 2, 2, 2, 2]
    """
    count = -(-total * nbytes // _BYTES) or 1
    if total * nbytes > _SMALL:
        count = -(-count // LANES) * LANES
    count = min(count, total)
    return [total // count + (index < total % count) for index in range(count)]
