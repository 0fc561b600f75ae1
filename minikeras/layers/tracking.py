"""Tracking the layers, variables, metrics and seed generators that are set as attributes, also inside containers.

As in Keras, a layer's weights are ordered by when they were added. So lists, dicts and sets that are set as attributes
are replaced by copies that notify the layer of additions and removals.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..engine.watched import changes, note_change
from ..errors import StateError, brief


class Tracker:
    """The objects of certain classes that a layer holds, each once.

    Args:
        kinds: Their classes.
        where: Returns the description of the layer for error messages.

    Attributes:
        locked: Whether new objects are refused.
        has_unwatched: Whether there are containers that do not notify of additions.
    """

    def __init__(self, kinds: tuple[type, ...], where: Callable[[], str]):
        self.locked = False
        self._kinds, self._where = kinds, where
        self._roots: dict[str, Any] = {}  # by attribute
        self._found: dict[int, Any] = {}  # by id, in the order in which they were added
        self._stale = False  # something was removed, so some may no longer be held
        self.has_unwatched = False
        self._cache: dict[type, list] = {}

    def lock(self) -> None:
        """Refuses new objects from now on."""
        self.locked = True

    def unlock(self) -> None:
        """Accepts new objects again."""
        self.locked = False

    def set(self, name: str, value: Any) -> Any:
        """Tracks the value of an attribute; returns the value to set: for a container, its tracked copy."""
        value = self.track(value)
        self._stale = self._stale or name in self._roots
        if isinstance(value, (*self._kinds, *_CONTAINERS)):
            self._roots[name] = value
        else:
            self._roots.pop(name, None)
        return value

    def forget(self, name: str | None = None) -> None:
        """Notes that an attribute, or an element of a container, was removed."""
        self._stale = True
        self._roots.pop(name, None)

    def track(self, value: Any) -> Any:
        """Tracks an object, or the elements of a container; returns it, or the tracked copy of the container.

        Raises:
            StateError: If it is new and the layer is locked.
        """
        kind = type(value)
        if isinstance(value, self._kinds):
            self._add(value)
        elif kind is tuple or (isinstance(value, tuple) and hasattr(value, "_fields")):
            parts = [self.track(part) for part in value]
            if any(new is not old for new, old in zip(parts, value, strict=True)):
                return kind(*parts) if hasattr(value, "_fields") else tuple(parts)
        elif kind in _WATCHED or kind in _WATCHED.values():
            if getattr(value, "tracker", None) is not self:
                return _WATCHED.get(kind, kind)(value, self)
        elif isinstance(value, _CONTAINERS):
            self.has_unwatched = True
            self._add_all(value)
        return value

    def _add(self, value: Any) -> None:
        if id(value) in self._found:
            return
        if self.locked:
            raise StateError(
                f"{self._where()}: new state (variables or layers) cannot be added to a layer that is already built. "
                f"Make all of it in `__init__` or in `build`. Received: {brief(value)}"
            )
        self._found[id(value)] = value
        self._cache.clear()

    def _add_all(self, value: Any) -> None:
        for leaf in _leaves(value):
            if isinstance(leaf, self._kinds):
                self._add(leaf)

    def holds(self, value: Any) -> bool:
        """Tells whether an object is tracked by the layer itself."""
        return self._found.get(id(value)) is value

    def held(self, kind: type) -> list:
        """Returns the tracked objects of a class. The list is the tracker's own and must not be changed."""
        if self.has_unwatched:
            self._add_all(list(self._roots.values()))
        if self._stale or self.has_unwatched:
            reached = {id(leaf) for leaf in _leaves(list(self._roots.values()))}
            self._found = {key: value for key, value in self._found.items() if key in reached}
            self._cache.clear()
            self._stale = False
        if kind not in self._cache:
            self._cache[kind] = [value for value in self._found.values() if isinstance(value, kind)]
        return self._cache[kind]

    def __getstate__(self) -> dict:
        # Copies of the objects have other ids, and copies of the containers do not notify of additions.
        return {**vars(self), "_found": list(self._found.values()), "_cache": {}, "has_unwatched": True}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state, _found={id(value): value for value in state["_found"]})

    def snapshot(self) -> tuple:
        """Returns the present state, for `restore`."""
        return dict(self._roots), dict(self._found), self.locked

    def restore(self, snapshot: tuple) -> None:
        """Restores the state that `snapshot` returned."""
        self._roots, self._found, self.locked = dict(snapshot[0]), dict(snapshot[1]), snapshot[2]
        self._cache.clear()
        note_change()


def _leaves(container: Any) -> Iterator[Any]:
    """Yields the leaves of nested containers, without recursion and visiting each container once."""
    stack, seen = [container], set()
    while stack:
        value = stack.pop()
        if not isinstance(value, _CONTAINERS):
            yield value
        elif id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, (set, frozenset)):
                parts = _in_order(value)
            else:
                parts = list(value.values() if isinstance(value, dict) else value)
            stack.extend(reversed(parts))


def _in_order(values: Iterable) -> list:
    """Returns the elements of a set sorted by name: weights need an order, and sets have none."""
    return sorted(values, key=lambda value: str(getattr(value, "name", value)))


class TrackedList(list):
    """A list that notifies a tracker of additions and removals."""

    tells_changes = True  # traced steps need not compare its items
    changed = 0

    def __init__(self, values: Iterable = (), tracker: Tracker | None = None):
        self.tracker = tracker
        super().__init__(map(self._track, values))

    def _track(self, value: Any) -> Any:
        if self.tracker is None:
            return value
        self._note()
        return self.tracker.track(value)

    def _forget(self) -> None:
        if self.tracker is not None:
            self._note()
            self.tracker.forget()

    def _note(self) -> None:
        note_change()
        self.changed = changes.number

    def append(self, value: Any) -> None:
        super().append(self._track(value))

    def extend(self, values: Iterable) -> None:
        super().extend([self._track(value) for value in values])

    def insert(self, index: int, value: Any) -> None:
        super().insert(index, self._track(value))

    def __iadd__(self, values: Iterable) -> "TrackedList":
        self.extend(values)
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        new = list(map(self._track, value)) if isinstance(index, slice) else self._track(value)
        super().__setitem__(index, new)
        self._forget()

    def __delitem__(self, index: Any) -> None:
        super().__delitem__(index)
        self._forget()

    def pop(self, index: int = -1) -> Any:
        self._forget()
        return super().pop(index)

    def remove(self, value: Any) -> None:
        # By identity first: `==` of two variables compares their elements.
        for index, part in enumerate(self):
            if part is value:
                del self[index]
                return
        super().remove(value)
        self._forget()

    def clear(self) -> None:
        super().clear()
        self._forget()

    def sort(self, **options: Any) -> None:
        super().sort(**options)
        self._note()

    def reverse(self) -> None:
        super().reverse()
        self._note()

    def __reduce__(self) -> tuple:
        return list, (list(self),)  # a copy is not tracked


class TrackedDict(dict):
    """A dict that notifies a tracker of additions and removals."""

    tells_changes, changed = True, 0

    def __init__(self, values: Any = (), tracker: Tracker | None = None):
        self.tracker = tracker
        super().__init__({key: self._track(value) for key, value in dict(values).items()})

    _track, _forget, _note = TrackedList._track, TrackedList._forget, TrackedList._note

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, self._track(value))
        self._forget()

    def update(self, *args: Any, **kwargs: Any) -> None:
        super().update({key: self._track(value) for key, value in dict(*args, **kwargs).items()})
        self._forget()

    def __ior__(self, values: Any) -> "TrackedDict":
        self.update(values)
        return self

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def __delitem__(self, key: Any) -> None:
        super().__delitem__(key)
        self._forget()

    def pop(self, *args: Any) -> Any:
        self._forget()
        return super().pop(*args)

    def popitem(self) -> tuple:
        self._forget()
        return super().popitem()

    def clear(self) -> None:
        super().clear()
        self._forget()

    def __reduce__(self) -> tuple:
        return dict, (dict(self),)


class TrackedSet(set):
    """A set that notifies a tracker of additions and removals."""

    tells_changes, changed = True, 0

    def __init__(self, values: Iterable = (), tracker: Tracker | None = None):
        self.tracker = tracker
        super().__init__(map(self._track, _in_order(values)))

    _track, _forget, _note = TrackedList._track, TrackedList._forget, TrackedList._note

    def add(self, value: Any) -> None:
        super().add(self._track(value))

    def update(self, *others: Iterable) -> None:
        super().update(*[TrackedSet(values, self.tracker) for values in others])

    def discard(self, value: Any) -> None:
        super().discard(value)
        self._forget()

    def remove(self, value: Any) -> None:
        super().remove(value)
        self._forget()

    def pop(self) -> Any:
        self._forget()
        return super().pop()

    def clear(self) -> None:
        super().clear()
        self._forget()

    def __reduce__(self) -> tuple:
        return set, (set(self),)


_WATCHED = {list: TrackedList, dict: TrackedDict, set: TrackedSet}
_CONTAINERS = (list, tuple, dict, set, frozenset)
