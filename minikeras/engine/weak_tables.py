"""Tables of what belongs to objects that they do not keep alive.

`WeakKeyDictionary` and its relatives run Python code when the garbage collector frees a key. Python checks for signals
at the start of such code and ignores what it raises, so Ctrl-C at such a moment would be lost. What is here runs none.
"""

import weakref
from collections.abc import Iterator
from functools import partial
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class WeakTable(Generic[Value]):
    """A value for each of several objects, which are compared by identity and need no hash.

    Example:
        >>> table = WeakTable()
        >>> array = np.zeros(2)
        >>> table.set(array, "zeros")
        >>> table.get(array), table.get(array.copy()), len(table)
        ('zeros', None, 1)
        >>> del array
        >>> len(table)
        0
    """

    def __init__(self) -> None:
        self._entries: dict[int, tuple[weakref.ref, Value]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Any]:
        """Yields the objects."""
        for reference, _ in list(self._entries.values()):
            found = reference()
            if found is not None:
                yield found

    def get(self, key: Any) -> Value | None:
        """Returns the value of an object; None if it has none."""
        entry = self._entries.get(id(key))
        return entry[1] if entry is not None and entry[0]() is key else None

    def set(self, key: Any, value: Value) -> None:
        """Sets the value of an object; it is forgotten with the object."""
        # Called as `pop(number, reference)`: C code from end to end.
        self._entries[id(key)] = (weakref.ref(key, partial(self._entries.pop, id(key))), value)

    def remove(self, key: Any) -> None:
        """Removes an object, if it is there."""
        entry = self._entries.get(id(key))
        if entry is not None and entry[0]() is key:
            del self._entries[id(key)]
