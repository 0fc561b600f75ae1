"""The table of op functions by name, through which arrays' operators reach them.

The engine stands below the ops and may not import them, yet `tensor + 1` has to call `ops.add`. Each
op therefore enters itself here when its module is imported, and operators look it up when used.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from ..tracebacks import filtered
from .eager import handed_out, unshared

_functions: dict[str, Callable] = {}
F = TypeVar("F", bound=Callable)


class Symbolic:
    """A value without numbers. An op that is called on one leaves it to that value what happens."""

    def take_over(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Does what calling an op on this value, among others, means.

        Args:
            function: The op.
            args: Its positional arguments.
            kwargs: Its keyword arguments.
        """
        return function(*args, **kwargs)


def op(function: F) -> F:
    """Enters an op function under its own name; used as a decorator."""

    @filtered
    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        for value in (*args, *kwargs.values()) if kwargs else args:
            if isinstance(value, Symbolic):
                return value.take_over(function, args, kwargs)
            if isinstance(value, (list, tuple)):
                for part in value:
                    if isinstance(part, Symbolic):
                        return part.take_over(function, args, kwargs)
        result = function(*args, **kwargs)
        if isinstance(result, (np.ndarray, list, tuple)):
            result = handed_out(unshared(result, (*args, *kwargs.values()) if kwargs else args))
        return result

    _functions[function.__name__] = called
    return called


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """Calls the op of that name."""
    return _functions[name](*args, **kwargs)


def names() -> list[str]:
    """Returns the names of all ops."""
    return list(_functions)


def find(name: str) -> Callable | None:
    """Returns the op of that name, or None."""
    return _functions.get(name)
