"""What datasets do to elements: functions of them, batches, windows, and several datasets in one."""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.immutable_arrays import as_output
from ..errors import ArgumentError, DataError, brief
from .arguments import INFINITE_CARDINALITY, UNKNOWN_CARDINALITY
from .failures import Failure, attempted
from .sources import Source, as_arrays
from .specs import TensorSpec, with_axis
from .symbolic import symbolic_spec
from .threads import Threads, mapped, result


def called(function: Callable, element: Any) -> Any:
    """Calls a function on an element as a reader gets it; a tuple is unpacked to arguments."""
    element = delivered(element)
    return function(*element) if isinstance(element, tuple) else function(element)


def delivered(element: Any) -> Any:
    """Returns an element as its reader gets it: arrays of the class of results, which cannot be changed in place."""
    return tree.map_structure(
        lambda part: as_output(np.asarray(part)) if isinstance(part, (np.ndarray, np.generic)) else part, element
    )


class Numbered:
    """A function of elements whose errors say which element it was called on.

    Args:
        function: Called with an element; a tuple is unpacked to arguments.
        method: The name of the method of Dataset, for the note.
    """

    def __init__(self, function: Callable, method: str):
        if not callable(function):
            raise ArgumentError(f"Dataset.{method}: expected a function of an element. Received: {brief(function)}")
        self.function, self.method = function, method

    def __call__(self, numbered: tuple[int, Any]) -> Any:
        """Calls the function on the element of a pair (number, element)."""
        number, element = numbered
        note = f"Raised by the function of Dataset.{self.method} for element {number}, counted from 0."
        try:
            return called(self.function, element)
        except StopIteration as error:  # which would end the dataset
            ended = RuntimeError("The function raised StopIteration: `next` found its iterator used up.")
            ended.add_note(note)
            raise ended from error
        except Exception as error:
            error.add_note(note)
            raise


class Mapped(Source):
    """A function of each element.

    Args:
        source: The elements.
        function: The function.
        threads: How many threads call it; 0: the one that reads.
    """

    def __init__(self, source: Source, function: Callable, threads: int):
        self.source, self._function, self._threads = source, Numbered(function, "map"), threads
        self.size = source.size
        self._spec: Any = None

    def items(self) -> Iterator:
        return self.computed(enumerate(self.source.elements()))

    def computed(self, numbered: Iterator) -> Iterator:
        """Returns what the function makes of numbered elements, with as many threads as there are."""
        return self._computed(self.made, numbered)

    def attempts(self) -> Iterator:
        made = attempted(self.made)
        return self._computed(
            lambda pair: pair[1] if isinstance(pair[1], Failure) else made(pair), enumerate(self.source.attempts())
        )

    def _computed(self, function: Callable, numbered: Iterator) -> Iterator:
        return mapped(function, numbered, self._threads) if self._threads else map(function, numbered)

    def made(self, numbered: tuple[int, Any]) -> Any:
        """Returns what the function makes of a numbered element."""
        made = self._function(numbered)
        return as_arrays(tuple(made) if isinstance(made, list) else made)

    def spec(self) -> Any:
        """Returns what the function gives for symbolic tensors, or, if it cannot take them, for the first element."""
        if self._spec is None:
            self._spec = symbolic_spec(self._function.function, self.source.spec())
        if self._spec is None:
            self._spec = self._spec_of_first()
        return self._spec

    def _spec_of_first(self) -> Any:
        """Returns the spec of the first element; a first axis as long as a free one of its input is free, too."""
        for element in self.source.elements():
            pairs = zip(tree.flatten(self.source.spec()), tree.flatten(element), strict=True)
            free = {np.shape(part)[0] for spec, part in pairs if isinstance(spec, TensorSpec) and _starts_free(spec)}
            made = tree.flatten(value := self.made((0, element)))
            specs = [
                TensorSpec([None, *part.shape[1:]] if part.ndim and len(part) in free else part.shape, part.dtype)
                for part in made
            ]
            return tree.pack_like(value, specs)
        return super().spec()


def _starts_free(spec: TensorSpec) -> bool:
    return bool(spec.shape) and spec.shape[0] is None


class Batched(Source):
    """Elements stacked, `count` at a time; the last batch may be smaller unless it is dropped."""

    def __init__(self, source: Source, count: int, drop_remainder: bool):
        self.source, self.count, self.drops_remainder = source, count, drop_remainder
        self.size = source.size
        if self.size >= 0:
            self.size = self.size // count if drop_remainder else -(-self.size // count)

    def items(self) -> Iterator:
        return map(self.source.stacked, batches_of(self.source.items(), self.count, self.drops_remainder))

    def spec(self) -> Any:
        return with_axis(self.count if self.drops_remainder else None, self.source.spec())


def batch_size_of(dataset: Any) -> int | None:
    """Returns the batch size of a dataset whose last transformation was `batch`; None for others."""
    source = dataset._source
    return source.count if isinstance(source, Batched) else None


def batches_of(items: Iterator, count: int, drop_remainder: bool) -> Iterator[list]:
    """Yields lists of `count` items; the last may be shorter unless it is dropped.

    Example:
        >>> list(batches_of(iter("abcde"), 2, False))
        [['a', 'b'], ['c', 'd'], ['e']]
    """
    while rows := list(itertools.islice(items, count)):
        if len(rows) == count or not drop_remainder:
            yield rows


def unbatched(source: Source) -> Iterator:
    """Yields the slices of elements along their first axis."""
    for number, element in enumerate(source.elements()):
        sizes = {np.shape(part)[:1] for part in tree.flatten(element)}
        if len(sizes) != 1 or () in sizes:
            raise DataError(
                "Dataset.unbatch: the components of an element must have one length. "
                f"Received: lengths {sorted(sizes)} in element {number}"
            )
        for row in range(sizes.pop()[0]):
            yield tree.map_structure(lambda array, row=row: array[row], element)


def interleaved(
    source: Source, open_one: Callable[[tuple[int, Any]], Source], cycle: int, block: int, threads: int
) -> Iterator:
    """Yields elements of datasets in turns.

    Args:
        source: What the datasets are made from.
        open_one: Returns the dataset for a pair (number, element).
        cycle: How many are open at a time.
        block: Elements taken from one before the next.
        threads: How many threads read them; 0: the one that reads.
    """
    numbered = enumerate(source.elements())
    pool: Any = Threads(threads) if threads else None

    def ask(elements: Iterator) -> Callable[[], list]:
        """Returns a function that returns the next block of a dataset, which may be read in the meantime."""
        read = lambda: list(itertools.islice(elements, block))  # noqa: E731
        if pool is None:
            return read
        future = pool.submit(read)
        return lambda: result(future)

    slots: deque = deque()
    try:
        while True:
            while len(slots) < cycle and (first := next(numbered, None)) is not None:
                elements = open_one(first).elements()
                slots.append((elements, ask(elements)))
            if not slots:
                return
            for _ in range(len(slots)):
                elements, block_of = slots.popleft()
                rows = block_of()
                if len(rows) == block:
                    slots.append((elements, ask(elements)))
                elif (following := next(numbered, None)) is not None:
                    elements = open_one(following).elements()
                    slots.append((elements, ask(elements)))
                yield from rows
    finally:
        if pool is not None:
            pool.close()


def windows_of(items: Iterator, size: int, shift: int, stride: int, drop_remainder: bool) -> Iterator[list]:
    """Yields lists of `size` items, `stride` apart, whose starts are `shift` apart.

    Example:
        >>> list(windows_of(iter(range(5)), 2, 2, 1, True)), list(windows_of(iter(range(5)), 2, 1, 2, False))
        ([[0, 1], [2, 3]], [[0, 2], [1, 3], [2, 4], [3], [4]])
    """
    span = (size - 1) * stride + 1
    kept: deque = deque(itertools.islice(items, span))
    while kept and (len(kept) == span or not drop_remainder):
        yield list(itertools.islice(kept, 0, None, stride))
        for _ in range(min(shift, len(kept))):
            kept.popleft()
        skipped = max(shift - span, 0)
        kept.extend(itertools.islice(items, skipped, skipped + span - len(kept)))


def scanned(source: Source, state: Any, function: Callable) -> Iterator:
    """Yields the outputs of a function of a state and an element, which returns the next state and an output."""
    for number, element in enumerate(source.elements()):
        try:
            state, output = function(state, delivered(element))
        except Exception as error:
            error.add_note(f"Raised by the function of Dataset.scan for element {number}, counted from 0.")
            raise
        yield as_arrays(output)


def unique(source: Source) -> Iterator:
    """Yields elements that have not been there before."""
    seen = set()
    for element in source.elements():
        key = tuple((np.shape(part), np.asarray(part).tobytes()) for part in tree.flatten(element))
        if key not in seen:
            seen.add(key)
            yield element


def size_of_zip(sizes: list[int]) -> int:
    """Returns the number of elements of zipped datasets.

    Example:
        >>> size_of_zip([3, INFINITE_CARDINALITY]), size_of_zip([3, UNKNOWN_CARDINALITY])
        (3, -2)
    """
    known = [size for size in sizes if size >= 0]
    return UNKNOWN_CARDINALITY if UNKNOWN_CARDINALITY in sizes else min(known, default=INFINITE_CARDINALITY)
