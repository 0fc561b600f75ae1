"""Tiling: elementwise calls on large arrays are computed tile by tile, all of them on one tile, then on the next.

An array of a megabyte does not stay in the cache until the next call reads it. Adam's twelve calls for a kernel of 784
x 512 elements take half as long on tiles that do, and their temporaries are never larger than a tile. Smaller arrays
stay in the cache as they are, and the additional calls would cost more than they save.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from ...engine.primitive import in_turn
from ...engine.tensor import Tensor
from ...engine.trace import Entry
from ..program import Program, arrays_of, needs_no_call, tensors

_ELEMENTS = 16384  # of a tile: several tiles fit in the L2 cache of a core
# Elements of an array: a step with Adam takes 3 % longer on tiles for a kernel of 512 x 256, 12 % less for 512 x 512.
_SMALLEST = 12 * _ELEMENTS


def tile(program: Program) -> Program:
    """Records the runs of entries to compute tile by tile; tile-local values get memory of the size of a tile."""
    storage, inputs, locations = program.storage(), set(program.inputs), program.locations
    runs = [_Run()]
    for entry in program.entries:
        if needs_no_call(entry, locations):
            continue
        arrays = arrays_of([*entry.inputs, entry.output], locations) if entry.primitive.elementwise else []
        reads_data = any(storage.get(value, value) in inputs for value in tensors(entry.inputs))
        if reads_data or not _is_tileable(entry, arrays):
            runs.append(_Run())
        else:
            if not runs[-1].accepts(arrays):
                runs.append(_Run())
            runs[-1].add(entry, arrays)
    tiles = [run.entries for run in runs if len(run.entries) > 1]
    return program.replace(tiles=tiles, locations=locations | _tile_buffers(program, tiles)) if tiles else program


def _is_tileable(entry: Entry, arrays: Sequence[np.ndarray]) -> bool:
    """Whether an entry is elementwise and large enough."""
    if not arrays or arrays[-1].size < _SMALLEST or any(isinstance(p, (tuple, list)) for p in entry.params.values()):
        return False
    shape = arrays[-1].shape
    return all(array.ndim == 0 or (array.shape == shape and array.flags.c_contiguous) for array in arrays)


class _Run:
    """Consecutive entries that can be computed tile by tile."""

    def __init__(self):
        self.entries: list[Entry] = []
        self._arrays: dict[int, np.ndarray] = {}  # the arrays they use, by address

    def accepts(self, arrays: Sequence[np.ndarray]) -> bool:
        """Whether a call has the size of the others, and its arrays start where theirs do or share no memory."""
        if self.entries and arrays[-1].size != self.entries[0].output.size:
            return False
        for array in arrays:
            known = self._arrays.get(address(array))
            if known is not None and known.itemsize == array.itemsize:
                continue
            if any(np.may_share_memory(array, other) for other in self._arrays.values()):
                return False
        return True

    def add(self, entry: Entry, arrays: Sequence[np.ndarray]) -> None:
        self.entries.append(entry)
        self._arrays.update((address(array), array) for array in arrays)


def _tile_buffers(program: Program, tiles: Sequence[list[Entry]]) -> dict[Tensor, np.ndarray]:
    """Returns memory for the values that only the entries of one run read. Values that shared a buffer still do.

    Operands of fused calls are excluded: they are too small to be tiled.
    """
    uses = Counter(value for entry in program.entries for value in tensors(entry.inputs))
    uses.update(tensors(program.outputs))
    memory: dict[tuple, np.ndarray] = {}
    found: dict[Tensor, np.ndarray] = {}
    for entries in tiles:
        inside = Counter(value for entry in entries for value in tensors(entry.inputs))
        for value in [entry.output for entry in entries]:
            if 0 < uses[value] == inside[value]:
                key = address(program.locations[value]), value.dtype
                if key not in memory:
                    memory[key] = np.empty(_ELEMENTS, value.dtype)
                found[value] = memory[key]
    return found


def bind_tiles(entries: Sequence[Entry], locations: dict[Tensor, np.ndarray]) -> Callable[[], None]:
    """Returns a call that computes a run of entries tile by tile."""
    size = entries[0].output.size
    calls = []
    for start in range(0, size, _ELEMENTS):
        part = slice(start, min(start + _ELEMENTS, size))
        for entry in entries:
            *arrays, out = [_part(array, part, size) for array in arrays_of([*entry.inputs, entry.output], locations)]
            calls.append(entry.primitive.bind(arrays, out, entry.params))
    return in_turn(calls)


def _part(array: np.ndarray, part: slice, size: int) -> np.ndarray:
    if array.ndim == 0:
        return array
    return array.reshape(-1)[part] if array.size == size else array[: part.stop - part.start]


def address(array: np.ndarray) -> int:
    """Returns the address of the first element of an array."""
    return array.__array_interface__["data"][0]
