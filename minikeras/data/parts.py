"""The part of each batch of a dataset that one of several processes loads."""

from collections.abc import Callable, Iterator
from typing import Any

from .failures import Prefetched
from .sources import Selected, Slices, Source, stack
from .threads import prefetched
from .transformations import Batched, Mapped, batches_of


class Parts:
    """Pairs of the rows of a process in each batch, and the number of rows of the batch; iterable again and again.

    Args:
        batched: The batches.
        split: Returns which rows of a batch of so many are those of the process.
        ahead: How many batches a thread reads ahead.
    """

    def __init__(self, batched: Batched, split: Callable[[int], slice], ahead: int):
        self._batched, self._split, self._ahead = batched, split, ahead
        self._source = _lazily(batched.source)

    def __len__(self) -> int:
        if self._batched.size < 0:
            raise TypeError("the number of batches is not known")
        return self._batched.size

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        return prefetched(self._pass, self._ahead) if self._ahead else self._pass()

    def _pass(self) -> Iterator[tuple[Any, int]]:
        for items in batches_of(self._source.items(), self._batched.count, self._batched.drops_remainder):
            yield self._source.stacked(items[self._split(len(items))]), len(items)


class _LazilyMapped(Source):
    """The elements of `map`, made when they are asked for rather than when their items are."""

    def __init__(self, mapped: Mapped):
        self._mapped, self._source = mapped, _lazily(mapped.source)
        self.size = mapped.size

    def items(self) -> Iterator:
        return enumerate(self._source.items())

    def element(self, item: tuple[int, Any]) -> Any:
        number, inner = item
        return self._mapped.made((number, self._source.element(inner)))

    def stacked(self, items: list) -> Any:
        numbered = ((number, self._source.element(inner)) for number, inner in items)
        return stack(list(self._mapped.computed(numbered)))


def parts_of(dataset: Any, split: Callable[[int], slice]) -> Parts | None:
    """Returns the part of each batch of a dataset for a process, of which it loads nothing else.

    Args:
        dataset: A `Dataset`.
        split: Returns which rows of a batch of so many are those of the process.

    Returns:
        The parts; None if other rows would be loaded, too: if the dataset does not end in `batch`, perhaps followed by
        `prefetch`, or does not begin with slices that are shuffled and selected before they are mapped.

    Example:
        >>> from minikeras.data import Dataset
        >>> squares = Dataset.from_tensor_slices(np.arange(5)).map(lambda x: x * x).batch(4)
        >>> [(part.tolist(), total) for part, total in parts_of(squares, lambda total: slice(0, -(-total // 2)))]
        [([0, 1], 4), ([16], 1)]
    """
    source, ahead = dataset._source, 0
    if isinstance(source, Prefetched):
        source, ahead = source.source, source.count
    if not isinstance(source, Batched) or not _is_lazy(source.source):
        return None
    return Parts(source, split, ahead)


def _is_lazy(source: Source) -> bool:
    """Whether the items of a source can be listed without making its elements."""
    while isinstance(source, Mapped):
        source = source.source
    while isinstance(source, Selected):
        source = source.source
    return isinstance(source, Slices)


def _lazily(source: Source) -> Source:
    return _LazilyMapped(source) if isinstance(source, Mapped) else source
