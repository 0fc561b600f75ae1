"""Objects that a model holds in several places: written with a number, so that they are one object again when read."""

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..errors import SerializationError, brief

_KEY = "shared_object_id"
_scopes = threading.local()


class SharingScope:
    """Tells objects that come again inside of a `with` block, in this thread, while a model is written or read.

    Every object that is described gets a number, and `finished` takes away those of objects that came once. Of two
    configs with the same number one object is made. Inside of another scope, that one goes on.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[Any, int]] = {}  # the object too, or its id might come again for another
        self._made: dict[str, Any] = {}

    def __enter__(self) -> "SharingScope":
        self._outer = _current()
        _scopes.current = self._outer or self
        return self

    def __exit__(self, *exception: object) -> None:
        _scopes.current = self._outer

    def number(self, obj: Any) -> int:
        """Returns the number of an object."""
        return self._numbers.setdefault(id(obj), (obj, len(self._numbers) + 1))[1]

    @staticmethod
    def finished(config: Any) -> Any:
        """Returns a config without the numbers of objects that are in it once."""
        counts = Counter(each[_KEY] for each in _dictionaries(config) if _KEY in each)
        for each in _dictionaries(config):
            if counts.get(each.get(_KEY)) == 1:
                del each[_KEY]
        return config

    def find(self, config: dict) -> Any:
        """Returns the object that was made of a config of the same number; None if there is none yet.

        Raises:
            SerializationError: If it is of another class.
        """
        found = self._made.get(str(config[_KEY]))
        if found is not None and getattr(found, "class_name", type(found).__name__) != config.get("class_name"):
            raise SerializationError(f"The shared object {config[_KEY]!r} is {brief(found)}. Received: {brief(config)}")
        return found

    def keep(self, config: dict, made: Any) -> None:
        """Keeps what was made of a config, for those of the same number."""
        self._made[str(config[_KEY])] = made


def add_number(config: dict, obj: Any) -> None:
    """Adds the number of an object to its config, if there is a scope."""
    scope = _current()
    if scope is not None:
        config[_KEY] = scope.number(obj)


def find_shared(config: dict) -> Any:
    """Returns the object that stands for a config, if there is a scope and it was made there before; else None."""
    scope = _current()
    return scope.find(config) if scope is not None and _KEY in config else None


def keep_shared(config: dict, made: Any) -> None:
    """Keeps what was made of a config, if it has a number and there is a scope."""
    scope = _current()
    if scope is not None and _KEY in config:
        scope.keep(config, made)


def _dictionaries(config: Any) -> Iterator[dict]:
    queue = [config]
    while queue:
        each = queue.pop()
        if isinstance(each, dict):
            yield each
        if isinstance(each, (dict, list, tuple)):
            queue.extend(each.values() if isinstance(each, dict) else each)


def _current() -> SharingScope | None:
    return getattr(_scopes, "current", None)
