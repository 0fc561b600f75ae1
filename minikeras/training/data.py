"""Arrays cut into batches: checked once, then gathered straight into the buffers of a plan."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from .. import config
from ..engine import tree
from ..engine.step import signature
from ..errors import ArgumentError, DataError, NotSupportedError, warn_user
from .ahead import filled_ahead
from .arguments import positive_int, triple

# A block of batches stays in the cache until it is used; more batches would take longer to prepare for than they save.
_BLOCK_BYTES = 4_000_000
_BLOCK_BATCHES = 32
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


def gather(array: np.ndarray, rows: slice | np.ndarray, place: np.ndarray) -> None:
    """Copies some rows of an array into a place."""
    if isinstance(rows, slice):
        np.copyto(place, array[rows], casting="same_kind")
    elif array.dtype == place.dtype:
        # The indices are known to be in range; without "clip" numpy would gather through a copy.
        array.take(rows, 0, place, "clip")
    else:
        np.copyto(place, array.take(rows, 0), casting="same_kind")


class ArrayData:
    """Nested arrays with the examples along their first axis.

    Args:
        data: A nested structure such as `(x, y, sample_weight)`.
        names: What errors call its parts.
        batch_size: The number of examples in a batch; 32 if None.
        whole: Take all examples as one single batch.

    Raises:
        DataError: If the arrays cannot be used.
        ArgumentError: If the batch size is not a positive whole number.
    """

    def __init__(self, data: tuple, names: tuple[str, ...], batch_size: int | None = None, whole: bool = False):
        batch_size = 32 if batch_size is None else positive_int("batch_size", batch_size)
        parts = [_as_arrays(part, name) for part, name in zip(data, names, strict=True)]
        self.structure = tuple(parts)
        self.arrays: list[np.ndarray] = tree.flatten(self.structure)
        self.size = _common_length(parts, names)
        self.batch_size: int = self.size if whole else batch_size
        # Float data is computed in `floatx`; it is cast batch by batch, so there is no second copy of it.
        self.dtypes = [np.dtype(config.floatx()) if a.dtype.kind == "f" else a.dtype for a in self.arrays]
        self._keys: dict[int, Any] = {}
        self._blocks: list[Block] = []
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

    def first(self) -> Batch:
        """Returns the first batch."""
        size = min(self.batch_size, self.size)
        return Batch(self, slice(0, size), size)

    def batches(self, shuffle: bool | str = False) -> Iterator[Batch]:
        """Yields the batches of one pass over the data; each is valid until the next one is asked for.

        Args:
            shuffle: True: the examples in a new order; "batch": the batches in a new order.
        """
        if shuffle == "batch":
            return self._single_batches(np.random.permutation(range(0, self.size, self.batch_size)))
        order = np.random.permutation(self.size) if shuffle else None
        if self.steps == 1:
            return self._single_batches([0], order)
        return self._batches_in_place() if order is None and self._lies_ready() else self._gathered_batches(order)

    def _single_batches(self, starts: Iterable, order: np.ndarray | None = None) -> Iterator[Batch]:
        for start in map(int, starts):
            stop = min(start + self.batch_size, self.size)
            yield Batch(self, slice(start, stop) if order is None else order[start:stop], stop - start)

    def _lies_ready(self) -> bool:
        """Whether steps can read the data where it is."""
        return all(a.flags.c_contiguous and a.dtype == t for a, t in zip(self.arrays, self.dtypes, strict=True))

    def _batches_in_place(self) -> Iterator[Batch]:
        for start in range(0, self.size, self.batch_size):
            stop = min(start + self.batch_size, self.size)
            yield Batch(self, None, stop - start, [array[start:stop] for array in self.arrays])

    def _gathered_batches(self, order: np.ndarray | None) -> Iterator[Batch]:
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

        for number in filled_ahead(fill, len(starts)):
            yield from self._blocks[number % 2].batches()

    def _batches_in_a_block(self) -> int:
        row = sum(array[:1].size * dtype.itemsize for array, dtype in zip(self.arrays, self.dtypes, strict=True))
        return max(1, min(_BLOCK_BATCHES, _BLOCK_BYTES // (row * self.batch_size)))


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

    def fill(self, rows: slice | np.ndarray, count: int) -> None:
        """Copies some examples of the data into the memory."""
        for array, place in zip(self._data.arrays, self._places, strict=True):
            gather(array, rows, place[:count])
        self._filled = count

    def batches(self) -> Iterator[Batch]:
        """Yields the batches in the memory."""
        for start in range(0, self._filled, self._data.batch_size):
            stop = min(start + self._data.batch_size, self._filled)
            batch = self._batches.get((start, stop))
            if batch is None:
                places = [place[start:stop] for place in self._places]
                batch = Batch(self._data, None, stop - start, places, comes_again=True)
                self._batches[start, stop] = batch
            yield batch


def _as_arrays(part: object, name: str) -> object:
    """Returns a nested structure of arrays; nested lists of numbers become one array."""
    if part is None or isinstance(part, np.ndarray):
        return part if part is None else _checked(part, name)
    if isinstance(part, dict):
        return {key: _as_arrays(value, f"{name}[{key!r}]") for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        if any(hasattr(leaf, "__array__") and np.ndim(leaf) for leaf in tree.flatten(part)):
            return type(part)(_as_arrays(value, f"{name}[{index}]") for index, value in enumerate(part))
        return _checked(_from_list(part, name), name)
    if hasattr(part, "__array__") and not hasattr(part, "__next__"):
        return _checked(np.asarray(part), name)
    if isinstance(part, str) or not hasattr(part, "__iter__"):
        raise DataError(
            f"`{name}` must be a numpy array, a list of numbers, or a list, tuple or dict of arrays. Received: {part!r}"
        )
    raise NotSupportedError(
        f"`{name}` must be a numpy array, a list of numbers, or a list, tuple or dict of arrays. Generators and "
        f"datasets are not in minikeras yet. Received: {type(part).__name__}"
    )


def _from_list(part: object, name: str) -> np.ndarray:
    try:
        return np.asarray(part)
    except ValueError as error:
        raise DataError(f"`{name}` is a list whose rows do not have one length: {error}") from error


def _checked(array: np.ndarray, name: str) -> np.ndarray:
    array = np.asarray(array)  # not of a subclass, whose methods may differ
    if array.dtype.kind not in "biuf":
        raise DataError(
            f"`{name}` must hold numbers. Received: an array of dtype {array.dtype}. "
            "Convert it, e.g. with `.astype('float32')`; turn text or categories into numbers first."
        )
    if array.ndim == 0:
        raise DataError(f"`{name}` must have a batch axis. Received: a single number, {array}")
    if array.size == 0:
        raise DataError(
            f"`{name}` is empty: expected at least one example with one value. Received: shape {array.shape}"
        )
    return array


def _common_length(parts: list, names: tuple[str, ...]) -> int:
    lengths = [(name, leaf.shape[0]) for part, name in zip(parts, names, strict=True) for leaf in tree.flatten(part)]
    if not tree.flatten(parts[0]):
        raise DataError(f"There is no data: `{names[0]}` is {parts[0]!r}.")
    if len({length for _, length in lengths}) > 1:
        listing = ", ".join(f"{name}: {length}" for name, length in lengths)
        raise DataError(f"All arrays must have the same number of examples. Received: {listing}")
    return lengths[0][1]


class Epochs:
    """The batches of each epoch: one pass over the data, or a number of steps that go on where the last ended.

    An epoch ends with a pass, even if steps are missing; then it warns, as Keras does.

    Args:
        data: The dataset.
        shuffle: See `ArrayData.batches`.
        steps: The number of steps in an epoch; None for one pass.
    """

    def __init__(self, data: ArrayData, shuffle: bool | str, steps: int | None):
        self.steps = data.steps if steps is None else steps
        self._data, self._shuffle = data, shuffle
        self._pass: Iterator[Batch] = iter(())
        self._left = 0

    def next(self) -> Iterator[Batch]:
        """Returns the batches of the next epoch."""
        if not self._left:
            self._pass, self._left = self._data.batches(self._shuffle), self._data.steps
        count = min(self.steps, self._left)
        self._left -= count
        if count < self.steps:
            warn_user(
                f"The data ran out: expected {self.steps} steps, but the pass over the data ends after {count}. "
                f"A whole pass has {self._data.steps} batches; ask for a number of steps that divides it.",
                UserWarning,
            )
        return islice(self._pass, count)


class Outputs:
    """The outputs of `predict`, written batch by batch into arrays of the final size.

    Args:
        size: The number of examples.

    Attributes:
        filled: The number of examples whose outputs are there.
    """

    def __init__(self, size: int):
        self._size, self.filled = size, 0
        self._structure: Any = None
        self._arrays: list[np.ndarray] = []

    def add(self, results: Any, count: int) -> None:
        """Copies the outputs of one batch to their place."""
        start, self.filled = self.filled, self.filled + count
        if type(results) is np.ndarray and self._structure == 0:  # the usual case, made quick
            self._arrays[0][start : self.filled] = results
            return
        parts = tree.flatten(results)
        if self._structure is None:
            self._structure = tree.map_structure(lambda part: 0, results)
            self._arrays = [np.empty((self._size, *part.shape[1:]), part.dtype) for part in parts]
        for array, part in zip(self._arrays, parts, strict=True):
            array[start : self.filled] = part

    def joined(self, start: int = 0) -> Any:
        """Returns the outputs from an example on, nested like those of a batch."""
        return tree.pack_like(self._structure, [array[start : self.filled] for array in self._arrays])

    def logs(self, start: int) -> dict:
        """Returns copies of the outputs from an example on, as callbacks see them."""
        return {"outputs": tree.map_structure(np.array, self.joined(start))}


def split(data: tuple, fraction: float) -> tuple[tuple, tuple]:
    """Splits nested arrays into the first part and the last `fraction` of the examples.

    Raises:
        ArgumentError: If one of the parts would be empty.
    """
    size = tree.flatten(data)[0].shape[0]
    cut = int(size * (1.0 - fraction))
    if cut == 0 or cut == size:
        raise ArgumentError(
            f"`validation_split={fraction}` of {size} examples leaves {cut} for training and {size - cut} for "
            "validation: both need at least one."
        )
    return tree.map_structure(lambda a: a[:cut], data), tree.map_structure(lambda a: a[cut:], data)


def training_data(
    data: tuple,
    batch_size: int | None,
    class_weight: dict | None,
    fraction: float,
    validation_data: object,
    validation_batch_size: int | None,
) -> tuple[ArrayData, ArrayData | None]:
    """Returns the checked data to train with, and to validate with if there is any.

    Args:
        data: `(x, y, sample_weight)`.
        batch_size: See `fit`, as the others.
        class_weight: By class number, what its examples count.
        fraction: The share of the examples to validate with instead of training.
        validation_data: `(x, y)` or `(x, y, sample_weight)`.
        validation_batch_size: As `batch_size` if None.

    Raises:
        DataError: If the arrays cannot be used.
        ArgumentError: If an argument has a value that cannot work.
    """
    train, validation = ArrayData(data, DATA_NAMES, batch_size), None
    if validation_batch_size is None:
        validation_batch_size = train.batch_size
    validation_names = tuple(f"validation {name}" for name in DATA_NAMES)
    if validation_data is not None:
        validation = ArrayData(triple(validation_data), validation_names, validation_batch_size)
    elif fraction:
        parts = split(train.structure, fraction)
        train = ArrayData(parts[0], DATA_NAMES, batch_size)
        validation = ArrayData(parts[1], validation_names, validation_batch_size)
    if class_weight is not None:
        if data[2] is not None:
            raise ArgumentError("`class_weight` and `sample_weight` cannot both be given. Multiply them yourself.")
        weights = class_weights_to_samples(tree.single(train.structure[1]), class_weight)
        train = ArrayData((*train.structure[:2], weights), DATA_NAMES, batch_size)
    return train, validation


def class_weights_to_samples(y: object, class_weight: dict) -> np.ndarray:
    """Returns one weight per example from the weight of its class.

    Args:
        y: Class numbers of shape (n,) or (n, 1), or one-hot labels of shape (n, classes).
        class_weight: The weight by class number; 1 for classes that are not named.

    Raises:
        ArgumentError: If the weights or the labels cannot be used.
    """
    if not isinstance(class_weight, dict):
        raise ArgumentError(f"`class_weight` must be a dict such as {{0: 1.0, 1: 5.0}}. Received: {class_weight!r}")
    if not isinstance(y, np.ndarray) or y.ndim > 2:
        raise ArgumentError("`class_weight` needs one array of labels, class numbers or one-hot.")
    classes = y.argmax(axis=-1) if y.ndim == 2 and y.shape[1] > 1 else np.rint(y.reshape(len(y))).astype(int)
    weights = np.ones(len(y), dtype=config.floatx())
    for number, weight in class_weight.items():
        if not _is_whole(number) or isinstance(weight, bool) or not isinstance(weight, (int, float, np.number)):
            raise ArgumentError(
                "`class_weight` expects class numbers as keys and numbers as values, such as {0: 1.0, 1: 5.0}. "
                f"Received: {number!r}: {weight!r}"
            )
        weights[classes == number] = weight
    return weights


def _is_whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
