"""The public names of minikeras: what has a page in the API reference, and under which names it is found."""

import dataclasses
import importlib
import inspect
from types import ModuleType
from typing import Any

# Namespaces of Keras 1 and 2 and of parts of Keras repeat names; an object has its page elsewhere if it can.
SECOND = ("backend", "mixed_precision", "legacy", "preprocessing", "numpy", "nn", "linalg", "image")


@dataclasses.dataclass
class Namespace:
    """A public module: its path, the module, and its public names in order."""

    path: str
    module: ModuleType
    names: list[str]

    def members(self) -> list[tuple[str, Any]]:
        """Returns the paths and values of all names that are no modules."""
        values = [(f"{self.path}.{name}", getattr(self.module, name)) for name in self.names]
        return [(path, value) for path, value in values if not inspect.ismodule(value)]


@dataclasses.dataclass
class Entry:
    """A public object: the path of its page, the object, and all of its paths."""

    path: str
    value: Any
    paths: list[str]

    @property
    def kind(self) -> str:
        """What it is, as a directive of Sphinx calls it."""
        if inspect.isclass(self.value):
            return "class"
        return "function" if callable(self.value) else "data"


def _names(module: ModuleType) -> list[str]:
    if hasattr(module, "__all__"):
        return list(module.__all__)
    # `errors` is a file of classes.
    return [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


def namespaces(path: str = "minikeras") -> list[Namespace]:
    """Returns a namespace and all that are below it, each before its own parts."""
    module = importlib.import_module(path)
    result = [Namespace(path, module, _names(module))]
    for name in result[0].names:
        if inspect.ismodule(getattr(module, name)):
            result += namespaces(f"{path}.{name}")
    return result


def _rank(path: str, value: Any) -> tuple:
    """What decides among the paths of an object: the first one has the page."""
    *modules, name = path.split(".")
    return (
        any(each in SECOND for each in modules),
        len(modules) == 1,  # `layers.Layer` rather than `Layer`
        getattr(value, "__name__", name) != name,
        not value.__module__.startswith(".".join(modules)) if hasattr(value, "__module__") else False,
        len(modules),
        path,
    )


def entries() -> list[Entry]:
    """Returns all public objects, each once."""
    found: dict[Any, Entry] = {}
    for namespace in namespaces():
        for path, value in namespace.members():
            # Equal numbers are one object, and still two names.
            key = id(value) if callable(value) else path
            found.setdefault(key, Entry(path, value, [])).paths.append(path)
    for entry in found.values():
        entry.path = min(entry.paths, key=lambda path: _rank(path, entry.value))
    return list(found.values())
