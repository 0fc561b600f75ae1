"""Shared objects: serialized with an id, so that objects referenced several times are one object again when loaded."""

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..errors import SerializationError, brief

_KEY = "shared_object_id"
_scopes = threading.local()


class SharingScope:
    """Context manager that identifies shared objects while a model is saved or loaded, in this thread.

    Every serialized object gets an id, and `finished` removes the ids of objects that occur once. Configs with the same
    id are deserialized to one object. A nested scope continues the outer one.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[Any, int]] = {}  # with the object itself, so that its `id()` is not reused
        self._made: dict[str, Any] = {}

    def __enter__(self) -> "SharingScope":
        self._outer = _current()
        _scopes.current = self._outer or self
        return self

    def __exit__(self, *exception: object) -> None:
        _scopes.current = self._outer

    def number(self, obj: Any) -> int:
        """Returns the id of an object."""
        return self._numbers.setdefault(id(obj), (obj, len(self._numbers) + 1))[1]

    @staticmethod
    def finished(config: Any) -> Any:
        """Returns a config without the ids of objects that occur in it once."""
        counts = Counter(each[_KEY] for each in _dictionaries(config) if _KEY in each)
        for each in _dictionaries(config):
            if counts.get(each.get(_KEY)) == 1:
                del each[_KEY]
        return config

    def find(self, config: dict) -> Any:
        """Returns the object that was created from a config with the same id; None if there is none yet.

        Raises:
            SerializationError: If it is of another class.
        """
        found = self._made.get(str(config[_KEY]))
        if found is not None and getattr(found, "class_name", type(found).__name__) != config.get("class_name"):
            raise SerializationError(f"The shared object {config[_KEY]!r} is {brief(found)}. Received: {brief(config)}")
        return found

    def keep(self, config: dict, made: Any) -> None:
        """Stores the object created from a config, for configs with the same id."""
        self._made[str(config[_KEY])] = made


def add_number(config: dict, obj: Any) -> None:
    """Adds the id of an object to its config, inside a scope."""
    scope = _current()
    if scope is not None:
        config[_KEY] = scope.number(obj)


def find_shared(config: dict) -> Any:
    """Returns the object that was already created from a config in the current scope; None if there is none."""
    scope = _current()
    return scope.find(config) if scope is not None and _KEY in config else None


def keep_shared(config: dict, made: Any) -> None:
    """Stores the object created from a config with an id, inside a scope."""
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
