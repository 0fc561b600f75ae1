"""Namespaces that import their parts on first use: `import minikeras` costs the same however much there is.

The `__init__` of a namespace says twice where each public name is: type checkers and editors read the imports under
`if TYPE_CHECKING`, Python reads the table under `else`. `tests/test_packages.py` compares the two.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from .tracebacks import filtered


def attach(
    package: str, table: Mapping[str, str], legacy: str | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Creates `__getattr__`, `__dir__` and `__all__` of a namespace.

    Args:
        package: The namespace's `__name__`.
        table: The public names and, relative to the namespace, the module that each is in, as in an import statement:
            `"Dense": ".core.dense"`. `".norms:MaxNorm"` if it has another name there, `"."` if it is a submodule.
        legacy: A module whose function `attribute(name)` looks up names that are not in the table: those of older
            versions of Keras. It raises an AttributeError for all others.

    Returns:
        The two functions, and the sorted public names.

    Example:
        >>> getattribute, directory, names = attach("minikeras.losses", {"Loss": ".loss", "Error": ".loss:Loss"})
        >>> names
        ['Error', 'Loss']
        >>> getattribute("Loss")
        <class 'minikeras.losses.loss.Loss'>
    """

    @filtered
    def getattribute(name: str) -> Any:
        if name in table:
            value = _load(package, name, table[name])
            setattr(sys.modules[package], name, value)  # from now on it is found without this function
            return value
        if legacy is not None and not name.startswith("_"):
            return import_module(legacy, package).attribute(name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def directory() -> list[str]:
        return sorted({*table, *(name for name in vars(sys.modules[package]) if name.startswith("__"))})

    return getattribute, directory, sorted(table)


def _load(package: str, name: str, source: str) -> Any:
    module, _, own_name = source.partition(":")
    if module == ".":
        return import_module(f".{name}", package)
    return getattr(import_module(module, package), own_name or name)


def namespace(path: str) -> ModuleType:
    """Returns a public namespace by its path below minikeras, e.g. "ops" or "optimizers.schedules".

    It is how a package finds by name, while a program runs, what stands in a later one that it must not import: the ops
    behind the operators of variables, the class that a config names.
    """
    return import_module(f"minikeras.{path}" if path else "minikeras")
