"""Arrays cut into batches: checked once, then gathered straight into the buffers of a plan."""

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from .. import config
from ..argument_checks import check_optional_int
from ..compiler.step import signature
from ..engine import tree
from ..errors import DataError
from .arrays import as_arrays, common_length, dense
from .memory_maps import MemoryMaps
from .prefetcher import Prefetcher
from .sample_weights import check_sample_weights
from .sparse import SparseRows

# A block of batches stays in the cache until it is used; more batches would take longer to prepare for than they save.
_BLOCK_BYTES = 4_000_000
_BLOCK_BATCHES = 32
_MAPPED_BYTES = 8_000_000  # of a memory-mapped file that are read before they are given back
_MAPPED_ROWS = 16  # that are read from all over such a file before they are given back
_COPIED_BYTES = 256_000_000  # of data whose rows lie all over it, such as a transposed array, that are copied
_NOTHING: dict = {}  # of batches that do not come again
DATA_NAMES = ("x", "y", "sample_weight")  # what errors call the parts of the data


class Batch:
    """Some examples of a dataset.

    Args:
        source: The dataset.
        rows: Which examples: a slice, or an array of indices; None if they are in `places`.
        size: How many examples.
        places: The memory that holds them already.
        comes_again: Whether this memory will hold other batches; a step is then prepared for it once.

    Attributes:
        ready: The plans prepared for `places`, with what to call, by step.
        plans: The plans for batches of the dataset, by step and size.
    """

    __slots__ = ("_rows", "_source", "comes_again", "places", "plans", "ready", "size")

    def __init__(
        self,
        source: "ArrayData",
        rows: slice | np.ndarray | None,
        size: int,
        places: Sequence[np.ndarray] | None = None,
        comes_again: bool = False,
    ):
        self._source = source
        self._rows = rows
        self.size = size
        self.places = places
        self.comes_again = comes_again
        self.ready: dict = {} if comes_again else _NOTHING
        self.plans: dict = source.plans

    @property
    def structure(self) -> tuple:
        """The nesting of the data."""
        return self._source.structure

    @property
    def key(self) -> Any:
        """The signature of the batch, by which a plan is found."""
        return self._source.key(self.size)

    def arrays(self) -> list[np.ndarray]:
        """Returns the batch as new arrays, in the order of the flattened data."""
        if self.places is not None:
            return [place.copy() for place in self.places]
        return [
            array[self._rows].astype(dtype, copy=True)
            for array, dtype in zip(self._source.arrays, self._source.dtypes, strict=True)
        ]

    def write(self, places: Sequence[np.ndarray]) -> None:
        """Copies the batch into the buffers of a plan."""
        rows, arrays = (self._rows, self._source.arrays) if self.places is None else (slice(None), self.places)
        for array, place in zip(arrays, places, strict=True):
            gather(array, rows, place)


def gather(array: np.ndarray | SparseRows, rows: slice | np.ndarray, place: np.ndarray) -> None:
    """Copies some rows of an array into a place."""
    if isinstance(rows, slice):
        np.copyto(place, array[rows], casting="same_kind")
    elif isinstance(array, SparseRows) or not array.flags.c_contiguous:
        np.copyto(place, array[rows], casting="same_kind")  # `take` would copy the whole array first
    elif array.dtype == place.dtype and place.flags.c_contiguous:
        # The indices are known to be in range; without "clip" numpy would gather through a copy.
        array.take(rows, 0, place, "clip")
    else:
        np.copyto(place, array.take(rows, 0), casting="same_kind")


def is_scattered(array: np.ndarray | SparseRows) -> bool:
    """Tells whether a row lies all over an array, as in one in Fortran order, and not in one place or nearly.

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
        batch_size: The number of examples in a batch; if None, 32, or what makes so many steps.
        whole: Take all examples as one single batch.
        steps: The number of steps that the user wants; None if that does not matter.

    Raises:
        DataError: If the arrays cannot be used.
        ArgumentError: If the batch size is not a positive whole number.
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
        parts = [as_arrays(part, name) for part, name in zip(data, names, strict=True)]
        parts[1:] = map(dense, parts[1:])  # labels and weights are looked at
        if len(parts) == 3:
            check_sample_weights(parts[2], names[2])
        self.structure = tuple(parts)
        self.arrays: list[np.ndarray] = tree.flatten(self.structure)
        self.size = common_length(parts, names)
        if batch_size is None:
            batch_size = 32 if steps is None else -(-self.size // steps)
        self.batch_size: int = self.size if whole else batch_size
        # Float data is computed in `floatx`; it is cast batch by batch, so there is no second copy of it.
        self.dtypes = [np.dtype(config.floatx()) if a.dtype.kind == "f" else a.dtype for a in self.arrays]
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
        """Drops the plans for its batches: those of a model that was compiled anew would only take memory."""
        self.plans.clear()
        for block in self._blocks:
            block.forget_plans()

    def first(self) -> Batch:
        """Returns the first batch."""
        size = min(self.batch_size, self.size)
        return Batch(self, slice(0, size), size)

    def batches(self, shuffle: bool | str = False) -> Generator[Batch, None, None]:
        """Yields the batches of one pass over the data; each is valid until the next one is asked for.

        Args:
            shuffle: True: the examples in a new order; "batch": those of each batch in a new order.
        """
        batches = self._batches(shuffle)
        return self._given_back(batches) if self.mapped else batches

    def _batches(self, shuffle: bool | str) -> Generator[Batch, None, None]:
        order = np.random.permutation(self.size) if shuffle is True else None
        if shuffle == "batch":
            sizes = [min(self.batch_size, self.size - start) for start in range(0, self.size, self.batch_size)]
            parts = [number * self.batch_size + np.random.permutation(size) for number, size in enumerate(sizes)]
            order = np.concatenate(parts)
        if self.steps == 1:
            return self._single_batch(order)
        if order is None and self._lies_ready():
            return self._batches_in_place()
        if order is not None:
            self._copy_scattered()
        return self._gathered_batches(order)

    def _given_back(self, batches: Generator[Batch, None, None]) -> Generator[Batch, None, None]:
        """Yields batches and gives back what was read of memory-mapped files for them."""
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

    def _lies_ready(self) -> bool:
        """Whether steps can read the data where it is."""
        return all(
            isinstance(a, np.ndarray) and a.flags.c_contiguous and a.dtype == t
            for a, t in zip(self.arrays, self.dtypes, strict=True)
        )

    def _copy_scattered(self) -> None:
        """Copies arrays whose rows lie all over them, unless they are large: to gather one row would read a cache line
        for each of its numbers, 15 times as much as there is."""
        for index, (array, dtype) in enumerate(zip(self.arrays, self.dtypes, strict=True)):
            if not self.mapped and is_scattered(array) and array.size * dtype.itemsize <= _COPIED_BYTES:
                self.arrays[index] = array.astype(dtype, order="C")

    def _batches_in_place(self) -> Generator[Batch, None, None]:
        for start in range(0, self.size, self.batch_size):
            stop = min(start + self.batch_size, self.size)
            yield Batch(self, None, stop - start, [array[start:stop] for array in self.arrays])

    def _gathered_batches(self, order: np.ndarray | None) -> Generator[Batch, None, None]:
        """Yields the batches of one block of memory after the other; the next block is filled meanwhile."""
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
    """Memory for some batches, filled again and again.

    Args:
        data: Where the batches come from.
        count: How many batches it can hold.
    """

    def __init__(self, data: ArrayData, count: int):
        self._data, self._filled = data, 0
        rows = min(count * data.batch_size, data.size)
        self._places = [np.empty((rows, *a.shape[1:]), t) for a, t in zip(data.arrays, data.dtypes, strict=True)]
        self._batches: dict[tuple[int, int], Batch] = {}

    def forget_plans(self) -> None:
        """Drops the plans that were prepared for the memory."""
        for batch in self._batches.values():
            batch.ready.clear()

    def fill(self, rows: slice | np.ndarray, count: int) -> None:
        """Copies some examples of the data into the memory."""
        if self._data.mapped:
            self._fill_from_files(rows, count)
        else:
            for array, place in zip(self._data.arrays, self._places, strict=True):
                gather(array, rows, place[:count])
        self._filled = count

    def _fill_from_files(self, rows: slice | np.ndarray, count: int) -> None:
        """Reads a few examples at a time if they are all over: the system may map two megabytes around each of them."""
        size = count if isinstance(rows, slice) else _MAPPED_ROWS
        for start in range(0, count, size):
            stop = min(start + size, count)
            piece = rows if isinstance(rows, slice) else rows[start:stop]
            for array, place in zip(self._data.arrays, self._places, strict=True):
                if isinstance(rows, slice) or not is_scattered(array):
                    gather(array, piece, place[start:stop])
            self._data.mapped.release()
        for array, place in zip(self._data.arrays, self._places, strict=True):
            if not isinstance(rows, slice) and is_scattered(array):
                self._gather_columns(array, rows, place[:count])

    def _gather_columns(self, array: np.ndarray, rows: np.ndarray, place: np.ndarray) -> None:
        """Reads all rows of one column after the other: in such a file a column lies in one place."""
        read = 0
        for column in range(array.shape[-1]):
            gather(array[..., column], rows, place[..., column])
            read += array[..., 0].nbytes
            if read >= _MAPPED_BYTES:
                self._data.mapped.release()
                read = 0
        self._data.mapped.release()

    def batches(self) -> Generator[Batch, None, None]:
        """Yields the batches in the memory."""
        for start in range(0, self._filled, self._data.batch_size):
            stop = min(start + self._data.batch_size, self._filled)
            batch = self._batches.get((start, stop))
            if batch is None:
                places = [place[start:stop] for place in self._places]
                batch = Batch(self._data, None, stop - start, places, comes_again=True)
                self._batches[start, stop] = batch
            yield batch


class Outputs:
    """The outputs of `predict`, written batch by batch into arrays of the final size.

    Args:
        size: The number of examples; None if it is not known: the arrays then grow.

    Attributes:
        filled: The number of examples whose outputs are there.
    """

    def __init__(self, size: int | None):
        self._room, self.filled = size or 0, 0
        self._structure: Any = None
        self._row: tuple[int, ...] | None = None  # the shape of a row, if a row is one array
        self._arrays: list[np.ndarray] = []
        # If outputs have other first axes than inputs: the number of examples before, and the outputs.
        self._pieces: list[tuple[int, list[np.ndarray]]] | None = None

    def add(self, results: Any, count: int) -> None:
        """Copies the outputs of one batch to their place.

        Raises:
            DataError: If they do not have the shape of those before.
        """
        start, self.filled = self.filled, self.filled + count
        fits = type(results) is np.ndarray and results.shape[1:] == self._row and len(results) == count
        if fits and self.filled <= self._room:
            self._arrays[0][start : self.filled] = results  # the usual case, made quick
            return
        parts = [np.atleast_1d(part) for part in tree.flatten(results)]
        if self._structure is None:
            self._structure = tree.map_structure(lambda part: 0, results)
            self._arrays = [np.empty((self._room, *part.shape[1:]), part.dtype) for part in parts]
            self._row = parts[0].shape[1:] if self._structure == 0 else None
        if self._pieces is None and any(len(part) != count for part in parts):
            self._pieces = [(0, [array[:start] for array in self._arrays])] if start else []
            self._row = None
        if self._pieces is not None:
            self._pieces.append((start, [part.copy() for part in parts]))
            return
        if self.filled > self._room:
            self._room = max(self.filled, 2 * self._room)
            self._arrays = [_grown(array, self._room, start) for array in self._arrays]
        for array, part in zip(self._arrays, parts, strict=True):
            _check_row(array, part)
            array[start : self.filled] = part

    def joined(self, start: int = 0) -> Any:
        """Returns the outputs from an example on, nested like those of a batch."""
        if self._pieces is not None:
            columns = zip(*[parts for first, parts in self._pieces if first >= start], strict=True)
            return tree.pack_like(self._structure, [_concatenated(column) for column in columns])
        parts = [array[start : self.filled] for array in self._arrays]
        if start == 0 and self.filled < self._room:
            parts = [part.copy() for part in parts]  # so that the rest of the memory is free again
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
