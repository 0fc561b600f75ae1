"""Trying code of the user without leaving a trace of it in attributes."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..engine.watched import Watched

_MISSING = object()


class Kept:
    """The attributes of objects as they are now, and what is in their containers and arrays.

    Args:
        things: The objects.
    """

    def __init__(self, things: Iterable[Watched]):
        self._saved = [(each, dict(vars(each)), _copied(vars(each))) for each in things if hasattr(each, "__dict__")]

    def put_back(self) -> None:
        """Gives the objects back what they had."""
        for each, attributes, contents in self._saved:
            for name in [name for name in vars(each) if name not in attributes]:
                delattr(each, name)
            for name, value in attributes.items():
                _put_back(value, contents[name])
                if vars(each).get(name, _MISSING) is not value:
                    setattr(each, name, value)


@contextmanager
def unchanged(things: Iterable[Watched]) -> Iterator[None]:
    """Puts the attributes of objects, and what is in their containers and arrays, back when a block ends.

    Args:
        things: The objects.

    Example:
        >>> thing = Watched()
        >>> thing.seen, thing.count = [], 0
        >>> with unchanged([thing]):
        ...     thing.seen.append(1)
        ...     thing.count += 1
        >>> thing.seen, thing.count
        ([], 0)
    """
    kept = Kept(things)
    try:
        yield
    finally:
        kept.put_back()


def _copied(value: Any) -> Any:
    """Returns a copy of containers and arrays, deep; anything else as it is."""
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    if isinstance(value, (list, deque)):
        return [_copied(part) for part in value]
    return value.copy() if isinstance(value, (set, np.ndarray)) else value


def _put_back(value: Any, content: Any) -> None:
    if _is_like(value, content):
        return
    if isinstance(value, np.ndarray):
        np.copyto(value, content)
        return
    value.clear()
    (value.update if isinstance(value, (dict, set)) else value.extend)(content)


def _is_like(value: Any, content: Any) -> bool:
    """Tells whether a container still holds what its copy does."""
    if isinstance(value, np.ndarray):
        return np.array_equal(value, content)
    if isinstance(value, dict):
        return list(value) == list(content) and all(map(_is_like, value.values(), content.values()))
    if isinstance(value, (list, deque)):
        return len(value) == len(content) and all(map(_is_like, value, content))
    return value == content if isinstance(value, set) else value is content
