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
                _restore(value, contents[name][1])
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
    """Returns what `_restore` needs: each part of a container with a copy of its content, a copy of a set or array."""
    if isinstance(value, dict):
        return {key: (part, _copy_of(part)) for key, part in value.items()}
    if isinstance(value, (list, deque)):
        return [(part, _copy_of(part)) for part in value]
    return value.copy() if isinstance(value, (set, np.ndarray)) else None


def _restore(value: Any, content: Any) -> None:
    """Restores containers and arrays from the inside out; what is unchanged is not written to."""
    if isinstance(value, dict):
        for part, inner in content.values():
            _restore(part, inner)
        if list(value) != list(content) or not all(value[key] is part for key, (part, _) in content.items()):
            value.clear()
            value.update((key, part) for key, (part, _) in content.items())
    elif isinstance(value, (list, deque)):
        for part, inner in content:
            _restore(part, inner)
        if len(value) != len(content) or not all(own is part for own, (part, _) in zip(value, content, strict=True)):
            value.clear()
            value.extend(part for part, _ in content)
    elif isinstance(value, np.ndarray):
        if value.flags.writeable and not np.array_equal(value, content):
            np.copyto(value, content)
    elif isinstance(value, set) and value != content:
        value.clear()
        value.update(content)
