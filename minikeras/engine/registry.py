"""The table of op functions by name, through which arrays' operators reach them.

The engine stands below the ops and may not import them, yet `tensor + 1` has to call `ops.add`. Each
op therefore enters itself here when its module is imported, and operators look it up when used.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from .eager import handed_out, unshared

_functions: dict[str, Callable] = {}
F = TypeVar("F", bound=Callable)


class Symbolic:
    """A value without numbers. An op that is called on one leaves it to that value what happens.

    Attributes:
        values: What it is for each of the stand-in sizes, if it is computed from sizes alone; None for all others.
    """

    values: tuple | None = None

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

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        given = (*args, *kwargs.values()) if kwargs else args
        symbolic = _symbolic_in(given)
        if symbolic is not None:
            return symbolic.take_over(function, args, kwargs)
        result = function(*args, **kwargs)
        if isinstance(result, (np.ndarray, list, tuple)):
            result = handed_out(unshared(result, given))
        return result

    _functions[function.__name__] = called
    return called


def _symbolic_in(values: Iterable) -> Symbolic | None:
    """Returns a symbolic value among arguments, in lists, tuples and slices too: `x[:, :size]`."""
    for value in values:
        if isinstance(value, Symbolic):
            return value
        if isinstance(value, (list, tuple)):
            found = _symbolic_in(value)
        elif isinstance(value, slice):
            found = _symbolic_in((value.start, value.stop, value.step))
        else:
            continue
        if found is not None:
            return found
    return None


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    """Calls the op of that name."""
    return _functions[name](*args, **kwargs)


def names() -> list[str]:
    """Returns the names of all ops."""
    return list(_functions)


def find(name: str) -> Callable | None:
    """Returns the op of that name, or None."""
    return _functions.get(name)
