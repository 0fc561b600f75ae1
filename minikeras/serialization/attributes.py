"""What objects hold in their attributes, in the order in which Keras looks at them when it saves a model."""

from collections.abc import Container, Iterator
from typing import Any


def attributes_of(obj: Any, left_out: Container[str]) -> Iterator[tuple[str, Any]]:
    """Yields the attributes of an object by name, properties too: in sorted order, private ones last.

    Args:
        obj: The object.
        left_out: Names that are not looked at, such as those that every object of the kind has.
    """
    names = [name for name in dir(obj) if name not in left_out and not name.startswith("__")]
    for name in sorted(names, key=lambda name: f"~{name}" if name.startswith("_") else name):
        try:
            value = getattr(obj, name)
        except Exception:
            continue  # a property that is not there yet: Keras passes it over, too
        yield name, value
