"""Running user code for inspection and rolling back what it did to attributes."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ...engine.watched import Watched

_MISSING = object()


class SavedAttributes:
    """The current attributes of objects, with copies of the containers and arrays in them.

    Args:
        objects: The objects.
    """

    def __init__(self, objects: Iterable[Watched]):
        self._saved = [(each, dict(vars(each)), _copy_of(vars(each))) for each in objects if hasattr(each, "__dict__")]

    def restore(self) -> None:
        """Restores the attributes: the same containers and arrays, with their old content."""
        for each, attributes, contents in self._saved:
            for name in [name for name in vars(each) if name not in attributes]:
                delattr(each, name)
            for name, value in attributes.items():
                _restore(value, contents[name])
                if vars(each).get(name, _MISSING) is not value:
                    setattr(each, name, value)


@contextmanager
def unchanged(objects: Iterable[Watched]) -> Iterator[None]:
    """Restores the attributes of objects, and the content of their containers and arrays, when a block ends.

    Args:
        objects: The objects.

    Example:
        >>> obj = Watched()
        >>> obj.seen, obj.count = [], 0
        >>> with unchanged([obj]):
        ...     obj.seen.append(1)
        ...     obj.count += 1
        >>> obj.seen, obj.count
        ([], 0)
    """
    saved = SavedAttributes(objects)
    try:
        yield
    finally:
        saved.restore()


def _copy_of(value: Any) -> Any:
    """Returns a deep copy of containers and arrays, and anything else unchanged."""
    if isinstance(value, dict):
        return {key: _copy_of(part) for key, part in value.items()}
    if isinstance(value, (list, deque)):
        return [_copy_of(part) for part in value]
    return value.copy() if isinstance(value, (set, np.ndarray)) else value


def _restore(value: Any, content: Any) -> None:
    if _equals_copy(value, content):
        return
    if isinstance(value, np.ndarray):
        np.copyto(value, content)
        return
    value.clear()
    (value.update if isinstance(value, (dict, set)) else value.extend)(content)


def _equals_copy(value: Any, content: Any) -> bool:
    """Whether a container or array still has the content of its copy."""
    if isinstance(value, np.ndarray):
        return np.array_equal(value, content)
    if isinstance(value, dict):
        return list(value) == list(content) and all(map(_equals_copy, value.values(), content.values()))
    if isinstance(value, (list, deque)):
        return len(value) == len(content) and all(map(_equals_copy, value, content))
    return value == content if isinstance(value, set) else value is content
