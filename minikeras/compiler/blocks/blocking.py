"""Blocking: what is computed example by example on large data runs block by block.

The values of a block of a few images stay in the second-level cache from the first convolution to the last gradient,
those of a batch do not. So everything that has a batch axis is taken together, as far as sums over the batch allow, and
becomes one entry, whose body is recorded for a block.
"""

from collections.abc import Sequence

import numpy as np

from ...engine.batch_rules import SUM
from ...engine.body_trace import Body
from ...engine.dispatch import apply
from ...engine.primitive import Primitive
from ...engine.tensor import Tensor
from ...engine.trace import BodyTrace, Entry
from ..control_flow.regions import _UNPACK
from ..passes.scheduling import _dependencies
from ..program import Program, common_layer, common_phase, tensors
from .batch_axes import BatchAxes, batch_axes
from .blocked import Blocks, BlocksRunner

_BYTES = 4 << 20  # of all values of a block
_HEAVY = 1 << 16  # elements of a matrix that is multiplied by few rows of a block


def block_batches(program: Program) -> Program:
    """Replaces what can be computed block by block, if it contains a convolution or pooling."""
    size = next((len(entry.inputs[0].array) for entry in program.entries if _is_windowed(entry)), 0)
    if not size:
        return program
    axes = batch_axes(program, size)
    levels = _levels(program, axes)
    while _drop_unreachable(program, axes, levels):
        levels = _levels(program, axes)
    import os

    if os.environ.get("DBG"):
        for e, l in zip(program.entries, levels):
            print(
                l,
                _in_blocks(e, axes),
                e.primitive.name,
                [getattr(v, "shape", v) for v in e.inputs],
                e.output.shape if e.output is not None else None,
                axes.batchings.get(e) and axes.batchings[e].output,
            )
    ordered: list[Entry] = []
    for level in range(max(levels, default=0) + 1):
        inside = [entry for entry, own in zip(program.entries, levels, strict=True) if own == level]
        blocked = [entry for entry in inside if _in_blocks(entry, axes)]
        ordered += [entry for entry in inside if not _in_blocks(entry, axes)]
        if any(_is_windowed(entry) for entry in blocked) or _bytes(blocked) > _BYTES:
            ordered += _as_blocks(program, blocked, axes)
        else:
            ordered += blocked
    return program.replace(entries=ordered)


def _is_windowed(entry: Entry) -> bool:
    return entry.primitive.lower is not None


def _bytes(entries: Sequence[Entry]) -> int:
    return sum(entry.output.array.nbytes for entry in entries)


def _in_blocks(entry: Entry, axes: BatchAxes) -> bool:
    """Whether an entry is computed block by block: a product with a large matrix needs all rows at a time."""
    if entry not in axes.batchings:
        return False
    if entry.primitive.name != "matmul":
        return True
    batching = axes.batchings[entry]
    shared = [value.size for value, axis in zip(entry.inputs, batching.inputs, strict=True) if axis is None]
    return max(shared, default=entry.output.size if batching.output == SUM else 0) <= _HEAVY


def _levels(program: Program, axes: BatchAxes) -> list[int]:
    """Returns for each entry how many parts that run in blocks come before it."""
    entries, dependencies = program.entries, _dependencies(program)
    inside = [_in_blocks(entry, axes) for entry in entries]

    def ends(before: int, after: int) -> bool:
        # Sums over the batch are known at the end of their part only, as is what is used outside of it.
        return inside[before] and (not inside[after] or axes.batchings[entries[before]].output == SUM)

    found: list[int] = []
    for index, before in enumerate(dependencies):
        found.append(max((found[other] + ends(other, index) for other in before), default=0))
    # What only later parts need is computed there.
    latest = [max(found, default=0)] * len(entries)
    kept = set(tensors(program.outputs))
    for index in reversed(range(len(entries))):
        if inside[index] and latest[index] > found[index] and entries[index].output not in kept:
            found[index] = latest[index]
        for other in dependencies[index]:
            latest[other] = min(latest[other], found[index] - ends(other, index))
    return found


def _drop_unreachable(program: Program, axes: BatchAxes, levels: list[int]) -> bool:
    """Drops entries that would have to cut a value of another part along another axis than its first."""
    made = {
        entry.output: level for entry, level in zip(program.entries, levels, strict=True) if _in_blocks(entry, axes)
    }
    found = False
    for entry, level in zip(program.entries, levels, strict=True):
        if _in_blocks(entry, axes) and any(
            axis and made.get(value) != level
            for value, axis in zip(entry.inputs, axes.batchings[entry].inputs, strict=True)
        ):
            del axes.batchings[entry]
            found = True
    return found


def _as_blocks(program: Program, entries: list[Entry], axes: BatchAxes) -> list[Entry]:
    """Returns the entry that computes a part in blocks, and views of its results."""
    made = {entry.output for entry in entries}
    members = set(entries)
    used = {value for entry in program.entries if entry not in members for value in tensors(entry.inputs)}
    used.update(tensors(program.outputs))
    results = [entry.output for entry in entries if entry.output in used]
    sums = {entry.output for entry in entries if axes.batchings[entry].output == SUM}
    operands: list[object] = []
    batched: list[bool] = []
    numbers: dict[tuple, int] = {}
    for entry in entries:
        for value, axis in zip(entry.inputs, axes.batchings[entry].inputs, strict=True):
            key = id(value), axis is not None
            if value not in made and key not in numbers if isinstance(value, Tensor) else key not in numbers:
                numbers[key] = len(operands)
                operands.append(value)
                batched.append(axis is not None)
    count = max(1, min(axes.size, round(axes.size * _BYTES / _bytes(entries)) or 1))
    sizes = _sizes(axes.size, count)
    bodies = {size: _recorded(entries, axes, operands, batched, numbers, results, size) for size in set(sizes)}
    blocks = Blocks(bodies, sizes, batched, [result in sums for result in results])
    runner = BlocksRunner(blocks, results)
    packed = Tensor(np.broadcast_to(np.uint8(0), runner.nbytes), entries[0].output.trace)
    name = f"blocks of {sizes[0]}: " + ", ".join(dict.fromkeys(each.primitive.name for each in entries))
    primitive = Primitive(name, _kernel, bind=_bind, shape=lambda *operands, runner: ((runner.nbytes,), "uint8"))
    inputs = tuple(operands)
    found = [Entry(primitive, inputs, {"runner": runner}, packed, common_layer(entries))]
    found[0].phase = common_phase(entries)
    for result, region in zip(results, runner.regions, strict=True):
        found.append(Entry(_UNPACK, (packed,), region.params, result, found[0].layer))
    return found


def _sizes(total: int, most: int) -> list[int]:
    """Returns the sizes of as few blocks as possible, of two neighbouring sizes at most."""
    count = -(-total // most)
    count = -(-count // 8) * 8 if count > 1 and total >= 8 else count
    count = min(count, total)
    return [total // count + (index < total % count) for index in range(count)]


def _recorded(
    entries: list[Entry],
    axes: BatchAxes,
    operands: list,
    batched: list[bool],
    numbers: dict[tuple, int],
    results: list[Tensor],
    size: int,
) -> Body:
    """Returns the computation of a block, recorded with a given number of examples."""
    with BodyTrace("blocks") as trace:
        parameters = []
        for value, is_batched in zip(operands, batched, strict=True):
            array = value.array if isinstance(value, Tensor) else value
            array = np.broadcast_to(array[:1], (size, *array.shape[1:])) if is_batched else array
            parameters.append(Tensor(np.ascontiguousarray(array), trace))
        known: dict[Tensor, object] = {}
        for entry in entries:
            batching = axes.batchings[entry]
            inputs = []
            for value, axis in zip(entry.inputs, batching.inputs, strict=True):
                inside = isinstance(value, Tensor) and value in known
                inputs.append(known[value] if inside else parameters[numbers[id(value), axis is not None]])
            params = batching.params(size) if batching.params else entry.params
            lower, lowered = entry.primitive.lower, None
            if lower is not None and entry.output.dtype.char in "fd":
                lowered = lower(*inputs, **params)
            known[entry.output] = apply(entry.primitive, *inputs, **params) if lowered is None else lowered
        return Body(trace, parameters, trace.entries, trace.custom_vjps, [known[result] for result in results])


def _kernel(*arrays: np.ndarray, runner: BlocksRunner) -> np.ndarray:
    out = np.empty(runner.nbytes, np.uint8)
    runner.bind(arrays, out)()
    return out


def _bind(arrays: Sequence[np.ndarray], out: np.ndarray, runner: BlocksRunner) -> object:
    return runner.bind(arrays, out)
