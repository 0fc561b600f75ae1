"""Which elements of a dataset come, and in which order."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import ArgumentError
from .arguments import INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, positive
from .elements import Elements
from .failures import succeeded
from .orders import Draws, endless, shuffled
from .transformations import Numbered, unique


class Selecting(Elements):
    """The part of `Dataset` that selects and orders elements."""

    def shuffle(
        self,
        buffer_size: int,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """Shuffles: draws each element at random from a buffer of the next `buffer_size` ones.

        Args:
            buffer_size: The size of the buffer.
            seed: Same seed, same orders; by default they follow numpy's global generator, as `set_random_seed` sets it.
            reshuffle_each_iteration: Whether each pass has another order; True by default.
            name: Ignored.

        Raises:
            ArgumentError: If `buffer_size` is not positive.
        """
        count = positive("shuffle", "buffer_size", buffer_size)
        orders = Draws(seed, reshuffle_each_iteration is not False)
        return self._selected(lambda: shuffled(self._source.items(), count, orders.next()), self._source.size)

    def repeat(self, count: int | None = None, name: str | None = None) -> Any:
        """Repeats the elements `count` times; None or a negative number: without end."""
        size = self._source.size
        if count is None or count < 0:
            return self._selected(lambda: endless(self._source.items), INFINITE_CARDINALITY if size else 0)
        passes = lambda: (self._source.items() for _ in range(count))  # noqa: E731
        total = 0 if count == 0 else size if size < 0 else size * count
        return self._selected(lambda: itertools.chain.from_iterable(passes()), total)

    def take(self, count: int, name: str | None = None) -> Any:
        """Takes the first `count` elements; all of them for a negative number."""
        if count < 0:
            return self
        size = self._source.size
        size = count if size == INFINITE_CARDINALITY else min(size, count)
        return self._selected(lambda: itertools.islice(self._source.items(), count), size)

    def skip(self, count: int, name: str | None = None) -> Any:
        """Skips the first `count` elements; all of them for a negative number."""
        size = self._source.size
        if count < 0:
            return self._selected(lambda: iter(()), 0)
        size = max(size - count, 0) if size >= 0 else size
        return self._selected(lambda: itertools.islice(self._source.items(), count, None), size)

    def shard(self, num_shards: int, index: int, name: str | None = None) -> Any:
        """Takes every `num_shards`-th element, from element `index` on.

        Raises:
            ArgumentError: If `index` is not below `num_shards`, or one of them is negative.
        """
        if not 0 <= index < num_shards:
            raise ArgumentError(
                f"Dataset.shard: expected 0 <= index < num_shards. Received: num_shards={num_shards}, index={index}"
            )
        size = self._source.size
        size = len(range(index, size, num_shards)) if size >= 0 else size
        return self._selected(lambda: itertools.islice(self._source.items(), index, None, num_shards), size)

    def filter(self, predicate: Callable, name: str | None = None) -> Any:
        """Takes the elements for which a function returns true."""
        source, keep = self._source, Numbered(predicate, "filter")

        def items() -> Iterator:
            for number, item in enumerate(source.items()):
                if bool(keep((number, source.element(item)))):
                    yield item

        return self._selected(items, UNKNOWN_CARDINALITY)

    def ignore_errors(self, log_warning: bool = False, name: str | None = None) -> Any:
        """Leaves out elements that could not be made: files that could not be read, functions of `map` that raised.

        Only errors of single elements are ignored: those of a function of `map`, or of a reader of folders with
        `batch_size=None`, possibly with `prefetch` or `map` after it. Any other error is raised.

        Args:
            log_warning: Whether a warning says what is left out.
            name: Ignored.

        Example:
            >>> from minikeras.data import Dataset
            >>> dataset = Dataset.range(3).map(lambda number: 6 // int(number))
            >>> [int(number) for number in dataset.ignore_errors()]
            [6, 3]
        """
        return self._made(
            lambda: succeeded(self._source, bool(log_warning)), UNKNOWN_CARDINALITY, lambda: self._source.spec()
        )

    def take_while(self, predicate: Callable, name: str | None = None) -> Any:
        """Takes elements up to the first one for which a function returns false."""
        source, keep = self._source, Numbered(predicate, "take_while")

        def items() -> Iterator:
            for number, item in enumerate(source.items()):
                if not bool(keep((number, source.element(item)))):
                    return
                yield item

        return self._selected(items, UNKNOWN_CARDINALITY)

    def unique(self, name: str | None = None) -> Any:
        """Takes elements that have not been there before in the pass."""
        return self._made(lambda: unique(self._source), UNKNOWN_CARDINALITY, self._source.spec)
