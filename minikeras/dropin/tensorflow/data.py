"""`tf.data`, as far as Keras scripts use it: datasets of tensors in memory, or from Python generators."""

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ...engine import tree
from ...engine.dispatch import to_array
from ...engine.dtypes import standardize_dtype
from ...engine.immutable_arrays import as_output
from ...errors import ArgumentError, DataError, brief
from .specs import TensorSpec, fits

__all__ = ["AUTOTUNE", "Dataset", "INFINITE_CARDINALITY", "Options", "UNKNOWN_CARDINALITY", "experimental"]

AUTOTUNE = -1
INFINITE_CARDINALITY, UNKNOWN_CARDINALITY = -1, -2


class Options:
    """Accepts any attribute: options do not affect the elements of a dataset."""


class Dataset:
    """A dataset of elements, each a tensor or nested tensors, that can be iterated over repeatedly.

    Args:
        items: Returns an iterator over the items of one pass.
        size: The number of items; INFINITE_CARDINALITY or UNKNOWN_CARDINALITY.
        element: Maps an item to an element; the identity by default.
        joined: Maps a list of items to a batch; stacks the elements by default.

    Source: https://www.tensorflow.org/api_docs/python/tf/data/Dataset

    Example:
        >>> pairs = Dataset.from_tensor_slices((np.arange(5), np.arange(5) * 2)).batch(2).take(1)
        >>> [[part.tolist() for part in pair] for pair in pairs]
        [[[0, 1], [0, 2]]]
    """

    def __init__(
        self,
        items: Callable[[], Iterator],
        size: int,
        element: Callable[[Any], Any] | None = None,
        joined: Callable[[list], Any] | None = None,
    ):
        self._items, self._size = items, size
        self._element = element or (lambda item: item)
        self._joined = joined or (lambda items: _stacked(list(map(self._element, items))))
        self._signature: Any = None  # the declared specs of the elements
        self._is_batched = False  # and the last batch may be smaller than the others

    # ---------------------------------------------------------------- sources

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> "Dataset":
        """Returns a dataset of the slices of nested arrays along the first axis."""
        arrays = tree.map_structure(to_array, _with_lists_as_arrays(tensors))
        sizes = {np.shape(array)[:1] for array in tree.flatten(arrays)}
        if len(sizes) != 1 or () in sizes:
            raise DataError(f"from_tensor_slices: all arrays need the same number of rows. Received: {sorted(sizes)}")
        ((count,),) = sizes
        return Dataset(
            lambda: iter(range(count)),
            count,
            lambda row: tree.map_structure(lambda array: array[row], arrays),
            lambda rows: tree.map_structure(lambda array: array[rows], arrays),
        )

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> "Dataset":
        """Returns a dataset of one element, the nested arrays."""
        arrays = tree.map_structure(to_array, _with_lists_as_arrays(tensors))
        return Dataset(lambda: iter([arrays]), 1)

    @staticmethod
    def from_generator(
        generator: Callable,
        output_types: Any = None,
        output_shapes: Any = None,
        args: tuple | None = None,
        output_signature: Any = None,
        name: str | None = None,
    ) -> "Dataset":
        """Returns a dataset of the values yielded by a generator function, which is called for each pass.

        Args:
            generator: The function.
            output_types: The dtypes of the components, nested like an element.
            output_shapes: Ignored: shapes are those of the yielded values.
            args: Arguments of the function.
            output_signature: Shapes and dtypes of the components, as `TensorSpec`.
            name: Ignored.

        Raises:
            DataError: If the shape of an element does not match `output_signature`.
        """
        shapes = None
        if output_signature is not None:
            output_types = tree.map_structure(lambda spec: spec.dtype, output_signature)
            shapes = [spec.shape for spec in tree.flatten(output_signature)]

        def items() -> Iterator:
            for value in generator(*(args or ())):
                value = tree.map_structure(to_array, _with_lists_as_arrays(value))
                _check_shapes(tree.flatten(value), shapes)
                if output_types is None:
                    yield value
                else:
                    types = map(standardize_dtype, tree.flatten(output_types))
                    cast = [part.astype(dtype) for part, dtype in zip(tree.flatten(value), types, strict=True)]
                    yield tree.pack_like(value, cast)

        dataset = Dataset(items, UNKNOWN_CARDINALITY)
        dataset._signature = output_signature
        return dataset

    @staticmethod
    def range(*args: int, output_type: Any = np.int64, name: str | None = None) -> "Dataset":
        """Returns a dataset of the integers of a range."""
        return Dataset.from_tensor_slices(np.arange(*args, dtype=standardize_dtype(output_type)))

    @staticmethod
    def zip(*datasets: Any, name: str | None = None) -> "Dataset":
        """Zips datasets, passed one by one or nested."""
        nested = datasets[0] if len(datasets) == 1 else datasets
        parts = tree.flatten(nested)
        sizes = [part._size for part in parts]
        known = [size for size in sizes if size >= 0]
        size = UNKNOWN_CARDINALITY if UNKNOWN_CARDINALITY in sizes else min(known, default=INFINITE_CARDINALITY)
        return Dataset(
            lambda: (
                tree.pack_like(nested, list(row)) for row in zip(*(part._elements() for part in parts), strict=False)
            ),
            size,
        )

    # ---------------------------------------------------------------- selection and order

    def shuffle(
        self,
        buffer_size: int,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> "Dataset":
        """Shuffles: draws each element at random from a buffer of the next `buffer_size` ones.

        Args:
            buffer_size: The size of the buffer.
            seed: Seed of the order; by default numpy's global generator is used.
            reshuffle_each_iteration: Whether each pass has a different order; True by default.
            name: Ignored.
        """
        if buffer_size < 1:
            raise ArgumentError(f"shuffle: expected a positive `buffer_size`. Received: {buffer_size}")
        first = seed if seed is not None or reshuffle_each_iteration is not False else int(np.random.randint(2**31))
        own = random.Random(first)

        def items() -> Iterator:
            if reshuffle_each_iteration is False:
                draw = random.Random(first)
            else:
                draw = own if seed is not None else random.Random(int(np.random.randint(2**31)))
            return _shuffled(self._items(), int(buffer_size), draw)

        return self._with(items, self._size)

    def repeat(self, count: int | None = None, name: str | None = None) -> "Dataset":
        """Repeats the elements; infinitely by default."""
        endless = count is None or count < 0
        passes = (lambda: itertools.count()) if endless else (lambda: range(count))
        size = INFINITE_CARDINALITY if endless and self._size else self._size * (self._size < 0 or count or 0)
        return self._with(lambda: itertools.chain.from_iterable(self._items() for _ in passes()), size)

    def take(self, count: int, name: str | None = None) -> "Dataset":
        """Takes the first `count` elements; all of them for -1."""
        if count < 0:
            return self
        size = count if self._size == INFINITE_CARDINALITY else min(self._size, count)
        return self._with(lambda: itertools.islice(self._items(), count), size)

    def skip(self, count: int, name: str | None = None) -> "Dataset":
        """Skips the first `count` elements."""
        size = max(self._size - count, 0) if self._size >= 0 else self._size
        return self._with(lambda: itertools.islice(self._items(), count, None), size)

    def shard(self, num_shards: int, index: int, name: str | None = None) -> "Dataset":
        """Keeps every `num_shards`-th element, starting at `index`."""
        size = len(range(index, self._size, num_shards)) if self._size >= 0 else self._size
        return self._with(lambda: itertools.islice(self._items(), index, None, num_shards), size)

    def filter(self, predicate: Callable, name: str | None = None) -> "Dataset":
        """Keeps the elements for which a predicate is true."""
        keep = lambda item: bool(_called(predicate, _delivered(self._element(item))))  # noqa: E731
        return self._with(lambda: filter(keep, self._items()), UNKNOWN_CARDINALITY)

    def concatenate(self, dataset: "Dataset", name: str | None = None) -> "Dataset":
        """Appends the elements of another dataset."""
        sizes = (self._size, dataset._size)
        size = sum(sizes) if min(sizes) >= 0 else min(sizes)
        return Dataset(lambda: itertools.chain(self._elements(), dataset._elements()), size)

    def prefetch(self, buffer_size: int | None = None, name: str | None = None) -> "Dataset":
        """Returns the dataset: elements are not prefetched, but computed on demand."""
        return self

    def cache(self, filename: str = "", name: str | None = None) -> "Dataset":
        """Caches the elements in memory in the first complete pass.

        Raises:
            ArgumentError: If a file is passed.
        """
        if filename:
            raise ArgumentError(
                f"cache: minikeras caches in memory, not in files. Received: filename={brief(filename)}"
            )
        kept: list = []

        def items() -> Iterator:
            if not kept:
                kept.append(list(self._elements()))
            return iter(kept[0])

        return Dataset(items, self._size)

    def with_options(self, options: Options, name: str | None = None) -> "Dataset":
        """Returns the dataset: options have no effect."""
        return self

    # ---------------------------------------------------------------- transformations

    def map(
        self,
        map_func: Callable,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> "Dataset":
        """Applies a function to each element, one at a time."""
        convert = lambda value: np.asarray(to_array(value))  # noqa: E731
        dataset = Dataset(
            lambda: (
                tree.map_structure(convert, _called(map_func, _delivered(element))) for element in self._elements()
            ),
            self._size,
        )
        dataset._is_batched = self._is_batched
        return dataset

    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> "Dataset":
        """Batches elements along a new first axis; the last batch may be smaller."""
        count = int(batch_size)
        if count < 1:
            raise ArgumentError(f"batch: expected a positive `batch_size`. Received: {batch_size}")

        def items() -> Iterator:
            source = self._items()
            while rows := list(itertools.islice(source, count)):
                if len(rows) == count or not drop_remainder:
                    yield self._joined(rows)

        size = self._size
        if size >= 0:
            size = size // count if drop_remainder else -(-size // count)
        dataset = Dataset(items, size)
        dataset._is_batched = not drop_remainder
        return dataset

    def unbatch(self, name: str | None = None) -> "Dataset":
        """Splits batches into their elements."""

        def items() -> Iterator:
            for element in self._elements():
                for row in range(len(tree.flatten(element)[0])):
                    yield tree.map_structure(lambda array, row=row: array[row], element)

        return Dataset(items, UNKNOWN_CARDINALITY)

    def enumerate(self, start: int = 0, name: str | None = None) -> "Dataset":
        """Pairs each element with its index."""
        return Dataset(
            lambda: ((np.int64(number), each) for number, each in enumerate(self._elements(), start)), self._size
        )

    def reduce(self, initial_state: Any, reduce_func: Callable, name: str | None = None) -> Any:
        """Folds the elements with a function of the state and an element."""
        state = initial_state
        for element in self:
            state = reduce_func(state, element)
        return state

    def apply(self, transformation_func: Callable, name: str | None = None) -> "Dataset":
        """Applies a function to the dataset."""
        return transformation_func(self)

    # ---------------------------------------------------------------- iteration

    def _with(self, items: Callable[[], Iterator], size: int) -> "Dataset":
        """Returns a dataset with the same specs, but a different selection or order of elements."""
        dataset = Dataset(items, size, self._element, self._joined)
        dataset._signature, dataset._is_batched = self._signature, self._is_batched
        return dataset

    def _elements(self) -> Iterator:
        return map(self._element, self._items())

    def __iter__(self) -> "OwnedIterator":
        return OwnedIterator(map(_delivered, self._elements()), self)

    def as_numpy_iterator(self) -> "OwnedIterator":
        """Returns an iterator over the elements as numpy arrays."""
        elements = (tree.map_structure(lambda part: np.asarray(part)[()], element) for element in self._elements())
        return OwnedIterator(elements, self)

    def get_single_element(self, name: str | None = None) -> Any:
        """Returns the only element."""
        (element,) = self
        return element

    def cardinality(self, name: str | None = None) -> Any:
        """Returns the number of elements, INFINITE_CARDINALITY or UNKNOWN_CARDINALITY."""
        return as_output(np.array(self._size, np.int64))

    def __len__(self) -> int:
        if self._size < 0:
            raise TypeError("The dataset is infinite." if self._size == -1 else "The dataset length is unknown.")
        return self._size

    def __bool__(self) -> bool:
        return True

    @property
    def element_spec(self) -> Any:
        """The shapes and dtypes of an element, as `TensorSpec`: from the signature, or else the first element."""
        if self._signature is not None:
            return self._signature
        free = [None] if self._is_batched else []
        return tree.map_structure(
            lambda part: TensorSpec([*free, *np.shape(part)[len(free) :]], part.dtype), next(iter(self._elements()))
        )


class OwnedIterator:
    """One pass through a dataset.

    Args:
        elements: The elements.
        dataset: The dataset.

    Example:
        >>> elements = Dataset.range(3).as_numpy_iterator()
        >>> int(elements.next()), int(next(elements)), [int(each) for each in elements]
        (0, 1, [2])
    """

    def __init__(self, elements: Iterator, dataset: Dataset):
        self._elements, self._dataset = elements, dataset

    def __iter__(self) -> "OwnedIterator":
        return self

    def __next__(self) -> Any:
        return next(self._elements)

    def next(self) -> Any:
        """Returns the next element.

        Raises:
            StopIteration: If there is none.
        """
        return next(self._elements)

    get_next = next

    @property
    def element_spec(self) -> Any:
        """The shapes and dtypes of an element."""
        return self._dataset.element_spec


class experimental:
    """`tf.data.experimental`: older names of functions."""

    AUTOTUNE = AUTOTUNE

    @staticmethod
    def cardinality(dataset: Dataset) -> Any:
        """Returns the cardinality of a dataset."""
        return dataset.cardinality()


def _shuffled(items: Iterator, size: int, draw: random.Random) -> Iterator:
    buffer = list(itertools.islice(items, size))
    for item in items:
        index = draw.randrange(size)
        yield buffer[index]
        buffer[index] = item
    draw.shuffle(buffer)
    yield from buffer


def _check_shapes(parts: list, shapes: list | None) -> None:
    """Raises a DataError if the shapes of a yielded element do not match the signature."""
    if shapes is None:
        return
    if len(parts) != len(shapes) or not all(map(fits, map(np.shape, parts), shapes)):
        raise DataError(
            f"from_generator: the generator yielded shapes {[np.shape(part) for part in parts]}, but the "
            f"signature has {[None if shape is None else tuple(shape) for shape in shapes]}."
        )


def _stacked(elements: list) -> Any:
    columns = zip(*map(tree.flatten, elements), strict=True)
    return tree.pack_like(elements[0], [np.stack(column) for column in columns])


def _called(function: Callable, element: Any) -> Any:
    """Calls a function on an element; a tuple is unpacked to arguments."""
    return function(*element) if isinstance(element, tuple) else function(element)


def _delivered(element: Any) -> Any:
    return tree.map_structure(lambda part: as_output(np.asarray(part)), element)


def _with_lists_as_arrays(value: Any) -> Any:
    """Converts lists of numbers in nested data to arrays; tuples and dicts are structure."""
    if isinstance(value, dict):
        return {key: _with_lists_as_arrays(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_with_lists_as_arrays, value))
    return to_array(value) if isinstance(value, Iterable) else value
