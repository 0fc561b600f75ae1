"""In-memory datasets: arrays checked once, whose batches are gathered straight into the buffers of a plan."""

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from .. import config
from ..argument_checks import check_optional_int
from ..compiler.step import signature
from ..engine import tree
from ..engine.dtypes import has_fractions
from ..errors import DataError
from .arrays import as_arrays, common_length, dense
from .memory_maps import MemoryMaps
from .prefetcher import Prefetcher
from .sample_weights import check_sample_weights
from .sparse import SparseRows

# A block of batches stays in the cache until it is used; binding plans to more batches would cost more than it saves.
_BLOCK_BYTES = 4_000_000
_BLOCK_BATCHES = 32
_MAPPED_BYTES = 8_000_000  # of a memory-mapped file that are read before its pages are released
_MAPPED_ROWS = 16  # scattered over such a file that are read before its pages are released
_COPIED_BYTES = 256_000_000  # of an array with scattered rows, such as a transposed one, up to which it is copied
_NOTHING: dict = {}  # for batches whose buffers are not reused
DATA_NAMES = ("x", "y", "sample_weight")  # what errors call the parts of the data


class Batch:
    """Some examples of a dataset.

    Args:
        source: The dataset.
        rows: Which examples: a slice or an array of indices; None if they are in `buffers`.
        size: The number of examples.
        buffers: Buffers that hold them already.
        is_reused: Whether the buffers are reused for other batches; plans are then bound to them once.

    Attributes:
        ready: By step, the plan bound to `buffers`, with the function that replays it.
        plans: The plans for batches of the dataset, by step and size.
    """

    __slots__ = ("_rows", "_source", "is_reused", "buffers", "plans", "ready", "size")

    def __init__(
        self,
        source: "ArrayData",
        rows: slice | np.ndarray | None,
        size: int,
        buffers: Sequence[np.ndarray] | None = None,
        is_reused: bool = False,
    ):
        self._source = source
        self._rows = rows
        self.size = size
        self.buffers = buffers
        self.is_reused = is_reused
        self.ready: dict = {} if is_reused else _NOTHING
        self.plans: dict = source.plans

    @property
    def structure(self) -> tuple:
        """The nested structure of the data."""
        return self._source.structure

    @property
    def key(self) -> Any:
        """The signature of the batch, by which a plan is found."""
        return self._source.key(self.size)

    def arrays(self) -> list[np.ndarray]:
        """Returns the batch as new arrays, in the order of the flattened data."""
        if self.buffers is not None:
            return [buffer.copy() for buffer in self.buffers]
        return [
            array[self._rows].astype(dtype, copy=True)
            for array, dtype in zip(self._source.arrays, self._source.dtypes, strict=True)
        ]

    def write(self, buffers: Sequence[np.ndarray]) -> None:
        """Copies the batch into the buffers of a plan."""
        rows, arrays = (self._rows, self._source.arrays) if self.buffers is None else (slice(None), self.buffers)
        for array, buffer in zip(arrays, buffers, strict=True):
            gather(array, rows, buffer)


def gather(array: np.ndarray | SparseRows, rows: slice | np.ndarray, buffer: np.ndarray) -> None:
    """Copies some rows of an array into a buffer."""
    if isinstance(rows, slice):
        np.copyto(buffer, array[rows], casting="same_kind")
    elif isinstance(array, SparseRows) or not array.flags.c_contiguous:
        np.copyto(buffer, array[rows], casting="same_kind")  # `take` would copy the whole array first
    elif array.dtype == buffer.dtype and buffer.flags.c_contiguous:
        # The indices are known to be in range; without "clip" numpy would gather through a copy.
        array.take(rows, 0, buffer, "clip")
    else:
        np.copyto(buffer, array.take(rows, 0), casting="same_kind")


def is_scattered(array: np.ndarray | SparseRows) -> bool:
    """Tells whether the elements of a row are scattered over an array, as in Fortran order, rather than adjacent.

    Example:
        >>> is_scattered(np.zeros((9, 8)).T), is_scattered(np.zeros((9, 8))[:, ::2])
        (True, False)
    """
    if isinstance(array, SparseRows) or array.flags.c_contiguous:
        return False
    span = sum((size - 1) * abs(step) for size, step in zip(array.shape[1:], array.strides[1:], strict=True))
    return span > 4 * array[:1].nbytes


class ArrayData:
    """Nested arrays with the examples along their first axis.

    Args:
        data: A nested structure such as `(x, y, sample_weight)`.
        names: What errors call its parts.
        batch_size: The number of examples in a batch; by default 32, or as many as make `steps` steps.
        whole: Take all examples as one single batch.
        steps: The number of steps that was requested; None for any.

    Raises:
        DataError: If the arrays cannot be used.
        ArgumentError: If the batch size is not a positive integer.
    """

    def __init__(
        self,
        data: tuple,
        names: tuple[str, ...],
        batch_size: int | None = None,
        whole: bool = False,
        steps: int | None = None,
    ):
        batch_size = check_optional_int("", "batch_size", batch_size, minimum=1)
        parts = [as_arrays(part, name, name is names[0]) for part, name in zip(data, names, strict=True)]
        parts[1:] = map(dense, parts[1:])  # labels and weights are checked by value
        if len(parts) == 3:
            check_sample_weights(parts[2], names[2])
        self.name_of_x = names[0]
        self.structure = tuple(parts)
        self.arrays: list[np.ndarray] = tree.flatten(self.structure)
        self.size = common_length(parts, names)
        if batch_size is None:
            batch_size = 32 if steps is None else -(-self.size // steps)
        self.batch_size: int = self.size if whole else batch_size
        # Float data is computed in `floatx`; it is cast batch by batch, so there is no second copy of it.
        self.dtypes = [np.dtype(config.floatx()) if has_fractions(a.dtype) else a.dtype for a in self.arrays]
        self._keys: dict[int, Any] = {}
        self._blocks: list[Block] = []
        self._prefetcher = Prefetcher()
        self.mapped = MemoryMaps(self.arrays)
        self.plans: dict = {}

    @property
    def steps(self) -> int:
        """The number of batches; the last one may be smaller."""
        return -(-self.size // self.batch_size)

    def key(self, size: int) -> Any:
        """Returns the signature of a batch of that many examples."""
        if size not in self._keys:
            shaped = [np.empty((size, *a.shape[1:]), t) for a, t in zip(self.arrays, self.dtypes, strict=True)]
            self._keys[size] = signature(shaped, self.structure)
        return self._keys[size]

    def forget_plans(self) -> None:
        """Drops the plans for its batches: after a new `compile` the old ones would only take memory."""
        self.plans.clear()
        for block in self._blocks:
            block.forget_plans()

    def first(self) -> Batch:
        """Returns the first batch."""
        size = min(self.batch_size, self.size)
        return Batch(self, slice(0, size), size)

    def batches(self, shuffle: bool | str = False) -> Generator[Batch, None, None]:
        """Yields the batches of one pass over the data; each is valid until the next one is requested.

        Args:
            shuffle: True: shuffle all examples; "batch": shuffle the examples within each batch.
        """
        batches = self._batches(shuffle)
        return self._releasing(batches) if self.mapped else batches

    def order(self, shuffle: bool | str) -> np.ndarray | None:
        """Draws the order of the examples of a pass; None if it is that of the data.

        Args:
            shuffle: See `batches`.
        """
        if shuffle != "batch":
            return np.random.permutation(self.size) if shuffle else None
        sizes = [min(self.batch_size, self.size - start) for start in range(0, self.size, self.batch_size)]
        return np.concatenate(
            [number * self.batch_size + np.random.permutation(size) for number, size in enumerate(sizes)]
        )

    def _batches(self, shuffle: bool | str) -> Generator[Batch, None, None]:
        order = self.order(shuffle)
        if self.steps == 1:
            return self._single_batch(order)
        if order is None and self._is_contiguous():
            return self._batches_in_place()
        if order is not None:
            self._copy_scattered()
        return self._gathered_batches(order)

    def _releasing(self, batches: Generator[Batch, None, None]) -> Generator[Batch, None, None]:
        """Yields batches and releases the pages of memory-mapped files that were read for them."""
        rows = max(1, _MAPPED_BYTES // self._row_bytes())
        read = 0
        with closing(batches):
            for batch in batches:
                yield batch
                read += batch.size
                if read >= rows:
                    self.mapped.release()
                    read = 0
        self.mapped.release()

    def _single_batch(self, order: np.ndarray | None) -> Generator[Batch, None, None]:
        yield Batch(self, slice(0, self.size) if order is None else order, self.size)

    def _is_contiguous(self) -> bool:
        """Whether steps can read the data without a copy."""
        return all(
            isinstance(a, np.ndarray) and a.flags.c_contiguous and a.dtype == t
            for a, t in zip(self.arrays, self.dtypes, strict=True)
        )

    def _copy_scattered(self) -> None:
        """Makes C-contiguous copies of arrays with scattered rows, unless they are large.

        Gathering such a row would read a cache line for each element, 15 times as much as the row holds.
        """
        for index, (array, dtype) in enumerate(zip(self.arrays, self.dtypes, strict=True)):
            if not self.mapped and is_scattered(array) and array.size * dtype.itemsize <= _COPIED_BYTES:
                self.arrays[index] = array.astype(dtype, order="C")

    def _batches_in_place(self) -> Generator[Batch, None, None]:
        for start in range(0, self.size, self.batch_size):
            stop = min(start + self.batch_size, self.size)
            yield Batch(self, None, stop - start, [array[start:stop] for array in self.arrays])

    def _gathered_batches(self, order: np.ndarray | None) -> Generator[Batch, None, None]:
        """Yields the batches of one block of buffers after the other; the next block is prefetched meanwhile."""
        count = min(self.steps, self._batches_in_a_block())
        starts = range(0, self.size, count * self.batch_size)
        while len(self._blocks) < min(2, len(starts)):
            self._blocks.append(Block(self, count))

        def fill(number: int) -> None:
            start = starts[number]
            stop = min(start + count * self.batch_size, self.size)
            rows = slice(start, stop) if order is None else order[start:stop]
            self._blocks[number % 2].fill(rows, stop - start)

        with closing(self._prefetcher.blocks(fill, len(starts))) as filled:
            for number in filled:
                yield from self._blocks[number % 2].batches()

    def _batches_in_a_block(self) -> int:
        return max(1, min(_BLOCK_BATCHES, _BLOCK_BYTES // (self._row_bytes() * self.batch_size)))

    def _row_bytes(self) -> int:
        return sum(array[:1].size * dtype.itemsize for array, dtype in zip(self.arrays, self.dtypes, strict=True))


class Block:
    """Reusable buffers for several batches.

    Args:
        data: Where the batches come from.
        count: How many batches it can hold.
    """

    def __init__(self, data: ArrayData, count: int):
        self._data, self._filled = data, 0
        rows = min(count * data.batch_size, data.size)
        self._buffers = [np.empty((rows, *a.shape[1:]), t) for a, t in zip(data.arrays, data.dtypes, strict=True)]
        self._batches: dict[tuple[int, int], Batch] = {}

    def forget_plans(self) -> None:
        """Drops the plans that are bound to the buffers."""
        for batch in self._batches.values():
            batch.ready.clear()

    def fill(self, rows: slice | np.ndarray, count: int) -> None:
        """Copies some examples of the data into the buffers."""
        if self._data.mapped:
            self._fill_from_files(rows, count)
        else:
            for array, buffer in zip(self._data.arrays, self._buffers, strict=True):
                gather(array, rows, buffer[:count])
        self._filled = count

    def _fill_from_files(self, rows: slice | np.ndarray, count: int) -> None:
        """Reads scattered examples a few at a time: the system may map two megabytes around each of them."""
        size = count if isinstance(rows, slice) else _MAPPED_ROWS
        for start in range(0, count, size):
            stop = min(start + size, count)
            piece = rows if isinstance(rows, slice) else rows[start:stop]
            for array, buffer in zip(self._data.arrays, self._buffers, strict=True):
                if isinstance(rows, slice) or not is_scattered(array):
                    gather(array, piece, buffer[start:stop])
            self._data.mapped.release()
        for array, buffer in zip(self._data.arrays, self._buffers, strict=True):
            if not isinstance(rows, slice) and is_scattered(array):
                self._gather_columns(array, rows, buffer[:count])

    def _gather_columns(self, array: np.ndarray, rows: np.ndarray, buffer: np.ndarray) -> None:
        """Gathers one column after the other: in such a file the elements of a column are adjacent."""
        read = 0
        for column in range(array.shape[-1]):
            gather(array[..., column], rows, buffer[..., column])
            read += array[..., 0].nbytes
            if read >= _MAPPED_BYTES:
                self._data.mapped.release()
                read = 0
        self._data.mapped.release()

    def batches(self) -> Generator[Batch, None, None]:
        """Yields the batches in the buffers."""
        for start in range(0, self._filled, self._data.batch_size):
            stop = min(start + self._data.batch_size, self._filled)
            batch = self._batches.get((start, stop))
            if batch is None:
                buffers = [buffer[start:stop] for buffer in self._buffers]
                batch = Batch(self._data, None, stop - start, buffers, is_reused=True)
                self._batches[start, stop] = batch
            yield batch


class Outputs:
    """The outputs of `predict`, written batch by batch into arrays of the final size.

    Args:
        size: The number of examples; if None, it is unknown and the arrays grow.

    Attributes:
        filled: The number of examples whose outputs have been written.
    """

    def __init__(self, size: int | None):
        self._capacity, self.filled = size or 0, 0
        self._structure: Any = None
        self._row: tuple[int, ...] | None = None  # the shape of a row, if the outputs are a single array
        self._arrays: list[np.ndarray] = []
        # If the first axis of outputs is not that of inputs: the number of examples before, and the outputs.
        self._pieces: list[tuple[int, list[np.ndarray]]] | None = None

    def add(self, results: Any, count: int) -> None:
        """Appends the outputs of one batch.

        Raises:
            DataError: If their shape differs from that of earlier ones.
        """
        start, self.filled = self.filled, self.filled + count
        fits = type(results) is np.ndarray and results.shape[1:] == self._row and len(results) == count
        if fits and self.filled <= self._capacity:
            self._arrays[0][start : self.filled] = results  # fast path for the usual case
            return
        parts = [np.atleast_1d(part) for part in tree.flatten(results)]
        if self._structure is None:
            self._structure = tree.map_structure(lambda part: 0, results)
            self._arrays = [np.empty((self._capacity, *part.shape[1:]), part.dtype) for part in parts]
            self._row = parts[0].shape[1:] if self._structure == 0 else None
        if self._pieces is None and any(len(part) != count for part in parts):
            self._pieces = [(0, [array[:start] for array in self._arrays])] if start else []
            self._row = None
        if self._pieces is not None:
            self._pieces.append((start, [part.copy() for part in parts]))
            return
        if self.filled > self._capacity:
            self._capacity = max(self.filled, 2 * self._capacity)
            self._arrays = [_grown(array, self._capacity, start) for array in self._arrays]
        for array, part in zip(self._arrays, parts, strict=True):
            _check_row(array, part)
            array[start : self.filled] = part

    @property
    def has_pieces(self) -> bool:
        """Whether the first axis of the outputs is not that of the inputs."""
        return self._pieces is not None

    def joined(self, start: int = 0) -> Any:
        """Returns the outputs from an example on, nested like those of a single batch."""
        if self._pieces is not None:
            columns = zip(*[parts for first, parts in self._pieces if first >= start], strict=True)
            return tree.pack_like(self._structure, [_concatenated(column) for column in columns])
        parts = [array[start : self.filled] for array in self._arrays]
        if start == 0 and self.filled < self._capacity:
            parts = [part.copy() for part in parts]  # so that the unused memory is freed
        return tree.pack_like(self._structure, parts)

    def logs(self, start: int) -> dict:
        """Returns copies of the outputs from an example on, as callbacks see them."""
        return {"outputs": tree.map_structure(np.array, self.joined(start))}


def _concatenated(parts: Sequence[np.ndarray]) -> np.ndarray:
    for part in parts[1:]:
        _check_row(parts[0], part)
    return np.concatenate(parts)


def _check_row(first: np.ndarray, other: np.ndarray) -> None:
    if first.shape[1:] != other.shape[1:]:
        raise DataError(
            "`predict` joins the outputs of all batches, but they have different shapes, without the batch "
            f"{first.shape[1:]} and then {other.shape[1:]}. Use `predict_on_batch` for each batch."
        )


def _grown(array: np.ndarray, size: int, filled: int) -> np.ndarray:
    larger = np.empty((size, *array.shape[1:]), array.dtype)
    larger[:filled] = array[:filled]
    return larger
