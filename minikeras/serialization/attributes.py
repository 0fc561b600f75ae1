"""The attributes of objects, in the order in which Keras visits them when it saves a model."""

from collections.abc import Container, Iterator
from typing import Any


def attributes_of(obj: Any, left_out: Container[str]) -> Iterator[tuple[str, Any]]:
    """Yields the names and values of the attributes and properties of an object, sorted, private ones last.

    Args:
        obj: The object.
        left_out: Names to skip, such as those that every object of the kind has.
    """
    names = [name for name in dir(obj) if name not in left_out and not name.startswith("__")]
    for name in sorted(names, key=lambda name: f"~{name}" if name.startswith("_") else name):
        try:
            value = getattr(obj, name)
        except Exception:
            continue  # a property that is not available yet: Keras skips it, too
        yield name, value
