"""Datasets of elements, made and transformed lazily: what `tf.data.Dataset` is to Keras."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..argument_checks import check_int
from ..engine import tree
from ..engine.dtypes import standardize_dtype
from ..engine.immutable_arrays import as_output
from ..errors import ArgumentError, ArgumentTypeError, DataError, brief
from .arguments import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, cores, positive, threads_of
from .batching import Batching
from .cache import Cached
from .failures import Prefetched
from .orders import Draws
from .padding import is_shape, leaves
from .selection import Selecting
from .sources import Iterated, Slices, Source, as_arrays, generated
from .specs import TensorSpec, common_spec
from .transformations import (
    Mapped,
    Numbered,
    delivered,
    interleaved,
    scanned,
    size_of_zip,
)

_AHEAD = 2  # elements that AUTOTUNE prefetches


class Options:
    """Options of datasets, which take any attribute: they do not affect the elements.

    Example:
        >>> options = Options()
        >>> options.deterministic = False
        >>> options.deterministic
        False
    """


class Dataset(Selecting, Batching):
    """A dataset of elements, each an array or nested arrays, that can be iterated over again and again.

    Nothing is read or computed before an element is asked for, and no more than buffers are kept. Datasets are made by
    `from_tensor_slices`, `from_generator`, `range`, `zip`, `list_files` and the like, and transformed by their methods,
    each of which returns a new one.

    Args:
        source: Where the elements come from.

    Source: https://www.tensorflow.org/api_docs/python/tf/data/Dataset

    Example:
        >>> pairs = Dataset.from_tensor_slices((np.arange(5), np.arange(5) * 2)).batch(2).take(1)
        >>> [[part.tolist() for part in pair] for pair in pairs]
        [[[0, 1], [0, 2]]]
    """

    def __init__(self, source: Source):
        if not isinstance(source, Source):
            raise ArgumentTypeError(
                "Datasets are made by `Dataset.from_tensor_slices`, `from_generator`, `range`, `list_files`, ... "
                f"Received: {brief(source)}"
            )
        self._source = source

    # ---------------------------------------------------------------- sources

    @staticmethod
    def from_tensor_slices(tensors: Any, name: str | None = None) -> "Dataset":
        """Returns a dataset of the slices of nested arrays along the first axis.

        Args:
            tensors: An array, or tuples and dicts of arrays with the same number of rows; lists are arrays.
            name: For compatibility: names have no effect, here and in all other methods.

        Raises:
            DataError: If the numbers of rows differ, or there is an array without axes.
        """
        arrays = as_arrays(tensors)
        sizes = {np.shape(array)[:1] for array in tree.flatten(arrays)}
        if len(sizes) != 1 or () in sizes:
            raise DataError(f"from_tensor_slices: all arrays need the same number of rows. Received: {sorted(sizes)}")
        return Dataset(Slices(arrays))

    @staticmethod
    def from_tensors(tensors: Any, name: str | None = None) -> "Dataset":
        """Returns a dataset of one element, the nested arrays."""
        arrays = as_arrays(tensors)
        return Dataset(Iterated(lambda: iter([arrays]), 1))

    @staticmethod
    def from_generator(
        generator: Callable,
        output_types: Any = None,
        output_shapes: Any = None,
        args: tuple | None = None,
        output_signature: Any = None,
        name: str | None = None,
    ) -> "Dataset":
        """Returns a dataset of the values a generator function yields; it is called for each pass.

        Args:
            generator: The function.
            output_types: The dtypes of the components, nested like an element.
            output_shapes: Their shapes, nested like `output_types`, None for free sizes.
            args: Arguments of the function.
            output_signature: Both, as nested `TensorSpec`.
            name: Ignored.

        Raises:
            DataError: If the shape of an element does not match; raised when the element is read.
        """
        if not callable(generator):
            raise ArgumentTypeError(
                "from_generator: expected a function that returns an iterator, which each pass calls anew. "
                f"Received: {brief(generator)}"
            )
        shapes, spec = None, output_signature
        if output_signature is not None:
            output_types = tree.map_structure(lambda each: each.dtype, output_signature)
            shapes = [each.shape for each in tree.flatten(output_signature)]
        elif output_types is not None and output_shapes is not None:
            names = tree.flatten(output_types)
            flat = [output_shapes] if len(names) == 1 else list(leaves(output_shapes, is_shape))
            shapes = [None if shape is None else tuple(shape) for shape in flat]
            specs = [TensorSpec(shape, dtype) for shape, dtype in zip(shapes, names, strict=True)]
            spec = tree.pack_like(output_types, specs)
        return Dataset(Iterated(lambda: generated(lambda: generator(*(args or ())), output_types, shapes), spec=spec))

    @staticmethod
    def range(*args: int, output_type: Any = np.int64, name: str | None = None) -> "Dataset":
        """Returns a dataset of the integers of a range: `range(stop)`, or `range(start, stop, step)`."""
        numbers, dtype = range(*(int(each) for each in args)), np.dtype(standardize_dtype(output_type))
        elements = lambda: map(dtype.type, numbers)  # noqa: E731
        return Dataset(Iterated(elements, len(numbers), TensorSpec((), dtype)))

    @staticmethod
    def random(
        seed: int | None = None,
        rerandomize_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> "Dataset":
        """Returns an infinite dataset of random integers, int64 from 0 to 2**32 - 1.

        Args:
            seed: Same seed, same integers.
            rerandomize_each_iteration: Whether each pass has others; False by default.
            name: Ignored.
        """
        orders = Draws(seed, bool(rerandomize_each_iteration))

        def elements() -> Iterator:
            draw = orders.next()
            return (np.int64(draw.randrange(2**32)) for _ in itertools.count())

        return Dataset(Iterated(elements, INFINITE_CARDINALITY, TensorSpec((), "int64")))

    @staticmethod
    def zip(*args: Any, datasets: Any = None, name: str | None = None) -> "Dataset":
        """Zips datasets, passed one by one or nested; ends with the shortest."""
        nested = datasets if datasets is not None else args[0] if len(args) == 1 else args
        parts = [_source_of(part, "zip") for part in tree.flatten(nested)]
        if not parts:
            raise ArgumentError("Dataset.zip: expected at least one dataset.")

        def elements() -> Iterator:
            rows = zip(*(part.elements() for part in parts), strict=False)
            return (_nested_like(nested, list(row)) for row in rows)

        size = size_of_zip([part.size for part in parts])
        return Dataset(Iterated(elements, size, lambda: _nested_like(nested, [part.spec() for part in parts])))

    @staticmethod
    def list_files(
        file_pattern: Any, shuffle: bool | None = None, seed: int | None = None, name: str | None = None
    ) -> "Dataset":
        """Returns a dataset of the paths of files that match patterns.

        Args:
            file_pattern: A glob pattern such as `"images/*/*.png"`, or a list of them.
            shuffle: Whether the paths are shuffled, anew in each pass; True by default. Else they are sorted.
            seed: Same seed, same orders.
            name: Ignored.

        Raises:
            DataError: If no file matches.
        """
        from .files import matching_files

        paths = Dataset.from_tensor_slices(matching_files(file_pattern))
        return paths if shuffle is False else paths.shuffle(len(paths), seed)

    @staticmethod
    def sample_from_datasets(
        datasets: list["Dataset"],
        weights: Any = None,
        seed: int | None = None,
        stop_on_empty_dataset: bool = False,
        rerandomize_each_iteration: bool | None = None,
    ) -> "Dataset":
        """Returns a dataset whose next element comes from one of several datasets, drawn at random.

        Args:
            datasets: The datasets.
            weights: The probability of each; equal by default.
            seed: Same seed, same draws.
            stop_on_empty_dataset: Whether to end with the first that ends; else the others go on.
            rerandomize_each_iteration: Whether each pass has other draws; True by default.
        """
        from .mixing import sampled, weights_of

        sources = [_source_of(each, "sample_from_datasets") for each in datasets]
        draws, shares = Draws(seed, rerandomize_each_iteration is not False), weights_of(weights, len(sources))
        return _of_several(sources, lambda: sampled(sources, shares, draws.next(), stop_on_empty_dataset))

    @staticmethod
    def choose_from_datasets(
        datasets: list["Dataset"], choice_dataset: "Dataset", stop_on_empty_dataset: bool = True
    ) -> "Dataset":
        """Returns a dataset whose next element comes from the dataset whose number a dataset of integers says.

        Args:
            datasets: The datasets.
            choice_dataset: Their numbers, from 0.
            stop_on_empty_dataset: Whether to end with the first that ends; else its choices are skipped.
        """
        from .mixing import chosen

        sources = [_source_of(each, "choose_from_datasets") for each in datasets]
        choices = _source_of(choice_dataset, "choose_from_datasets")
        return _of_several(sources, lambda: chosen(sources, map(int, choices.elements()), stop_on_empty_dataset))

    def concatenate(self, dataset: "Dataset", name: str | None = None) -> "Dataset":
        """Appends the elements of another dataset."""
        sources = [self._source, _source_of(dataset, "concatenate")]
        elements = lambda: itertools.chain.from_iterable(source.elements() for source in sources)  # noqa: E731
        sizes = [source.size for source in sources]
        if INFINITE_CARDINALITY in sizes:
            return _of_several(sources, elements, INFINITE_CARDINALITY)
        return _of_several(sources, elements, UNKNOWN_CARDINALITY if UNKNOWN_CARDINALITY in sizes else sum(sizes))

    # ---------------------------------------------------------------- functions of elements

    def map(
        self,
        map_func: Callable,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        synchronous: bool | None = None,
        use_unbounded_threadpool: bool = False,
        name: str | None = None,
    ) -> "Dataset":
        """Applies a function to each element.

        Args:
            map_func: The function; a tuple is unpacked to arguments.
            num_parallel_calls: How many threads call it at once, ahead of what is read; AUTOTUNE: one for each core.
                None: the thread that reads calls it.
            deterministic: Has no effect: the order is always that of the elements.
            synchronous: Whether to compute in the thread that reads, whatever `num_parallel_calls` says.
            use_unbounded_threadpool: Has no effect.
            name: Ignored.
        """
        threads = 0 if synchronous else threads_of("map", num_parallel_calls)
        return Dataset(Mapped(self._source, map_func, threads))

    def flat_map(self, map_func: Callable, name: str | None = None) -> "Dataset":
        """Makes a dataset of each element, and appends their elements."""
        return self._interleaved("flat_map", map_func, 1, 1, 0)

    def interleave(
        self,
        map_func: Callable,
        cycle_length: int | None = None,
        block_length: int | None = None,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> "Dataset":
        """Makes a dataset of each element, and takes elements of several of them in turns.

        Args:
            map_func: Returns the dataset of an element.
            cycle_length: How many are read at a time; by default one for each core.
            block_length: Elements taken from one before the next; 1 by default.
            num_parallel_calls: How many threads read them; None: the one that reads.
            deterministic: Has no effect: the order is always the same.
            name: Ignored.
        """
        cycle = cores() if cycle_length in (None, AUTOTUNE) else positive("interleave", "cycle_length", cycle_length)
        block = 1 if block_length is None else positive("interleave", "block_length", block_length)
        return self._interleaved("interleave", map_func, cycle, block, threads_of("interleave", num_parallel_calls))

    def _interleaved(self, method: str, function: Callable, cycle: int, block: int, threads: int) -> "Dataset":
        numbered = Numbered(function, method)

        def open_one(pair: tuple) -> Source:
            return _source_of(numbered(pair), method)

        def spec() -> Any:
            for pair in enumerate(self._source.elements()):
                return open_one(pair).spec()
            raise DataError("The shapes and dtypes of the elements are not known: the dataset is empty.")

        return self._made(lambda: interleaved(self._source, open_one, cycle, block, threads), UNKNOWN_CARDINALITY, spec)

    def scan(self, initial_state: Any, scan_func: Callable, name: str | None = None) -> "Dataset":
        """Applies a function of a state and an element, which returns the next state and the new element."""
        return self._made(lambda: scanned(self._source, initial_state, scan_func), self._source.size, None)

    def reduce(self, initial_state: Any, reduce_func: Callable, name: str | None = None) -> Any:
        """Folds the elements with a function of the state and an element; returns the last state."""
        state = as_output(initial_state)
        for element in self:
            state = reduce_func(state, element)
        return delivered(state)

    def apply(self, transformation_func: Callable, name: str | None = None) -> Any:
        """Returns what a function returns for the dataset."""
        return transformation_func(self)

    # ---------------------------------------------------------------- buffers

    def prefetch(self, buffer_size: int | None = None, name: str | None = None) -> "Dataset":
        """Lets a thread read elements ahead of their use.

        Args:
            buffer_size: How many; None or AUTOTUNE: 2. With 0 they are read when they are asked for.
            name: Ignored.
        """
        count = (
            _AHEAD if buffer_size in (None, AUTOTUNE) else check_int("Dataset.prefetch", "buffer_size", buffer_size, 0)
        )
        if count == 0:
            return self
        return Dataset(Prefetched(self._source, count))

    def cache(self, filename: str = "", name: str | None = None) -> "Dataset":
        """Keeps the elements of the first complete pass, so that they are not made again.

        Args:
            filename: The file they are written to, and read from if it is there; by default they are kept in memory.
            name: Ignored.
        """
        return Dataset(Cached(self._source, filename))

    def with_options(self, options: Options, name: str | None = None) -> "Dataset":
        """Returns the dataset: options have no effect."""
        return self

    def options(self) -> Options:
        """Returns options, which have no effect."""
        return Options()

    # ---------------------------------------------------------------- iteration

    def _of(self, source: Source) -> "Dataset":
        return Dataset(source)

    def enumerate(self, start: int = 0, name: str | None = None) -> "Dataset":
        """Pairs each element with its number."""
        return self._made(
            lambda: ((np.int64(number), each) for number, each in enumerate(self._source.elements(), start)),
            self._source.size,
            lambda: (TensorSpec((), "int64"), self._source.spec()),
        )

    def __iter__(self) -> "OwnedIterator":
        return OwnedIterator(map(delivered, self._source.elements()), self)

    def as_numpy_iterator(self) -> "OwnedIterator":
        """Returns an iterator over the elements as numpy arrays, and numbers where there are no axes."""
        return OwnedIterator(map(_as_numpy, map(delivered, self._source.elements())), self)

    def get_single_element(self, name: str | None = None) -> Any:
        """Returns the only element.

        Raises:
            DataError: If there is another number of elements.
        """
        elements = list(itertools.islice(self, 2))
        if len(elements) != 1:
            raise DataError(
                "Dataset.get_single_element: expected a dataset of one element. "
                f"Received: {'more than one' if elements else 'none'}"
            )
        return elements[0]

    def cardinality(self, name: str | None = None) -> Any:
        """Returns the number of elements, int64: -1 (infinite), -2 (unknown)."""
        return as_output(np.array(self._source.size, np.int64))

    def __len__(self) -> int:
        size = self._source.size
        if size < 0:
            is_infinite = size == INFINITE_CARDINALITY
            raise ArgumentTypeError("The dataset is infinite." if is_infinite else "The dataset length is unknown.")
        return size

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        names = {INFINITE_CARDINALITY: "infinite", UNKNOWN_CARDINALITY: "unknown"}
        return f"<Dataset size={names.get(self._source.size, self._source.size)}>"

    @property
    def element_spec(self) -> Any:
        """The shapes, with None for sizes that vary, and dtypes of an element, as nested `TensorSpec`."""
        return self._source.spec()


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


def _of_several(sources: list[Source], elements: Callable[[], Iterator], size: int = UNKNOWN_CARDINALITY) -> Dataset:
    """Returns a dataset of elements of several sources, whose specs must have one structure and the same dtypes."""

    def spec() -> Any:
        common = sources[0].spec()
        for source in sources[1:]:
            other = source.spec()
            if (joined := common_spec(common, other)) is None:
                raise ArgumentTypeError(f"The datasets have different elements. Received: {common} and {other}")
            common = joined
        return common

    return Dataset(Iterated(elements, size, spec))


def _source_of(dataset: Any, method: str) -> Source:
    if not isinstance(dataset, Dataset):
        raise ArgumentTypeError(f"Dataset.{method}: expected a Dataset. Received: {brief(dataset)}")
    return dataset._source


def _nested_like(nested: Any, values: list) -> Any:
    """Returns values, which may be nested themselves, in the places of the leaves of a structure."""
    rows = iter(values)

    def place(part: Any) -> Any:
        if isinstance(part, dict):
            placed = {key: place(part[key]) for key in tree.sorted_keys(part)}
            return {key: placed[key] for key in part}
        return tuple(map(place, part)) if isinstance(part, (list, tuple)) else next(rows)

    return place(nested)


def _as_numpy(element: Any) -> Any:
    """Returns an element as numpy arrays; those of a drop-in for TensorFlow have a method for it."""

    def array(part: Any) -> Any:
        if isinstance(part, Dataset):
            return part
        return part.numpy() if hasattr(part, "numpy") else np.asarray(part)[()]

    return tree.map_structure(array, element)
