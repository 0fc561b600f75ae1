"""What every part of `Dataset` stands on: where the elements come from, and new datasets made of them."""

from collections.abc import Callable, Iterator
from typing import Any

from ..engine import tree
from .sources import Iterated, Selected, Source


class Elements:
    """Elements of a source.

    Args:
        source: Where they come from.
    """

    _source: Source

    def _of(self, source: Source) -> Any:
        """Returns a dataset of a source."""
        raise NotImplementedError

    def _selected(self, items: Callable[[], Iterator], size: int) -> Any:
        """Returns a dataset of some of the elements, or of another order of them."""
        return self._of(Selected(self._source, items, size))

    def _made(self, elements: Callable[[], Iterator], size: int, spec: Any) -> Any:
        """Returns a dataset of new elements."""
        return self._of(Iterated(elements, size, spec))

    def _of_each_component(self, elements: list) -> Any:
        """Returns datasets nested like an element, each of one component of the elements."""
        columns = [list(column) for column in zip(*map(tree.flatten, elements), strict=True)]
        datasets = [self._of(Iterated(lambda column=column: iter(column), len(column))) for column in columns]
        return tree.pack_like(elements[0], datasets)
