"""The stateful objects in a model, each with the path at which Keras finds it first."""

from collections.abc import Container, Iterator
from typing import Any

from ..engine.naming import to_snake_case

CONTAINER = "container"  # the name of a nested container


def is_stateful(value: object) -> bool:
    """Returns whether the state of an object is saved: that of layers and optimizers, and of objects in them."""
    return hasattr(type(value), "_saved_parts")


def parts_of(root: Any, left_out: Container[int] = ()) -> Iterator[tuple[str, Any]]:
    """Yields a model and all layers and optimizers in it with their paths, once each, depth first.

    A path consists of attribute names and, inside containers, numbered class names: "layers/dense_1".

    Args:
        root: The model.
        left_out: The ids of objects to skip, with everything in them.
    """
    seen: dict[int, Any] = {}  # keeps the objects alive: the id of a list that a property returns would be reused
    stack: list[Iterator[tuple[str, Any]]] = [iter([("", root)])]
    while stack:
        path, value = next(stack[-1], (None, None))
        if path is None:
            stack.pop()
        elif id(value) in seen or id(value) in left_out:
            continue
        elif is_stateful(value):
            seen[id(value)] = value
            yield path, value
            stack.append(_attributes(path, value))
        elif isinstance(value, (list, tuple, dict)):
            seen[id(value)] = value
            stack.append(_elements(path, value))


def _attributes(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    return ((f"{path}/{name}" if path else name, part) for name, part in value._saved_parts())


def _elements(path: str, container: Any) -> Iterator[tuple[str, Any]]:
    used: dict[str, int] = {}
    for element in list(container.values() if isinstance(container, dict) else container):
        if is_stateful(element):
            # Layer names are numbered across the program, so they would differ between two copies of a model.
            name = getattr(element, "stem", None) or to_snake_case(type(element).__name__)
        elif isinstance(element, (list, tuple, dict)):
            name = CONTAINER
        else:
            continue
        number = used[name] = used.get(name, -1) + 1
        yield f"{path}/{name}_{number}" if number else f"{path}/{name}", element
