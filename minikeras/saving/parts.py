"""The objects inside of a model whose state files keep, each under the path at which Keras finds it first."""

from collections.abc import Container, Iterator
from typing import Any

from ..engine.naming import to_snake_case

CONTAINER = "container"  # the name of a list in a list


def is_stateful(value: object) -> bool:
    """Returns whether files keep the state of an object and of what it holds: layers and optimizers."""
    return hasattr(type(value), "_saved_parts")


def parts_of(root: Any, left_out: Container[int] = ()) -> Iterator[tuple[str, Any]]:
    """Yields a model and all layers and optimizers in it, once each, with their paths; each before what is in it.

    A path is made of names of attributes; in containers, of names of classes, numbered: "layers/dense_1".

    Args:
        root: The model.
        left_out: The ids of objects that are passed over, with all in them.
    """
    seen: dict[int, Any] = {}  # the objects, too: properties make lists whose ids would come again
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
            # Names of layers are numbered through the program, and would differ in two copies of one model.
            name = to_snake_case(getattr(element, "class_name", type(element).__name__))
        elif isinstance(element, (list, tuple, dict)):
            name = CONTAINER
        else:
            continue
        number = used[name] = used.get(name, -1) + 1
        yield f"{path}/{name}_{number}" if number else f"{path}/{name}", element
