"""The table of op functions by name, through which arrays' operators reach them.

The engine stands below the ops and may not import them, yet `tensor + 1` has to call `ops.add`. Each
op therefore enters itself here when its module is imported, and operators look it up when used.
"""

from collections.abc import Callable
from typing import Any, TypeVar

_functions: dict[str, Callable] = {}
F = TypeVar("F", bound=Callable)


def op(function: F) -> F:
    """Enters an op function under its own name; used as a decorator."""
    _functions[function.__name__] = function
    return function


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """Calls the op of that name."""
    return _functions[name](*args, **kwargs)


def find(name: str) -> Callable | None:
    """Returns the op of that name, or None."""
    return _functions.get(name)
