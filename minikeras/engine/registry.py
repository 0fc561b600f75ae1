"""The table of op functions by name, through which arrays' operators reach them.

The engine stands below the ops and may not import them, yet `tensor + 1` has to call `ops.add`. Each
op therefore enters itself here when its module is imported, and operators look it up when used.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ..tracebacks import filtered
from .immutable_arrays import handed_out, unshared
from .primitive import Primitive

_functions: dict[str, Callable] = {}
F = TypeVar("F", bound=Callable)


class Saved(NamedTuple):
    """How the config of a model writes a call of an op: which class of Keras it is, and what that is made with."""

    module: str
    class_name: str
    settings: frozenset[str]
    as_in_keras: Callable[..., dict | None] | None


_OWN = "minikeras.ops"  # the module of those that Keras has no class for

_saved: dict[str, Saved] = {}
_by_class: dict[str, str] = {}  # the op of each of Keras's classes; of two names for one op, the first


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

    def apply(self, primitive: Primitive, inputs: tuple, params: dict) -> "Symbolic":
        """Returns the symbolic result of a primitive.

        Args:
            primitive: The operation.
            inputs: What it is applied to: this value and others of any kind.
            params: What else its kernel takes.
        """
        raise NotImplementedError


def op(
    saved_as: str | None, settings: str = "", as_in_keras: Callable[..., dict | None] | None = None
) -> Callable[[F], F]:
    """Enters an op function under its own name; used as a decorator.

    Args:
        saved_as: Keras's class of the op, as the file in `keras.src.ops` that it is in and its name: "math.Logsumexp".
            "minikeras.Zeros" for a call that only models of minikeras hold, since Keras has no class for it: on sizes
            of symbolic values. None: what the op returns is never symbolic, so no model holds a call of it.
        settings: The names of the arguments that make an object of that class, with spaces between them. The others
            are values, which it is called on.
        as_in_keras: For an op that takes more than that class does: it gets the arguments of a call and returns those
            that have to be written in another way, by name; None if there is no way to write the call, so that the
            calls of ops inside of the op are noted instead.
    """

    def entered(function: F) -> F:
        @filtered
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
        if saved_as is not None:
            file, class_name = saved_as.split(".")
            module = _OWN if file == "minikeras" else f"keras.src.ops.{file}"
            _saved[function.__name__] = Saved(module, class_name, frozenset(settings.split()), as_in_keras)
            _by_class.setdefault(class_name, function.__name__)
        return called

    return entered


def _symbolic_in(values: Iterable) -> Symbolic | None:
    """Returns a symbolic value among arguments, in lists, tuples and slices too: `x[:, :size]`."""
    for value in values:
        if isinstance(value, Symbolic):
            return value
        if isinstance(value, (list, tuple)):
            found = _symbolic_in(value)
        elif isinstance(value, dict):
            found = _symbolic_in(value.values())
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


def saved(name: str) -> Saved:
    """Returns how the config of a model writes a call of the op of that name."""
    return _saved[name]


def is_saved_op(module: object) -> bool:
    """Tells whether a config with that module is one of an op."""
    return module == _OWN or str(module).startswith("keras.src.ops.")


def is_own(name: str) -> bool:
    """Tells whether only minikeras can open a model that holds calls of the op of that name."""
    return _saved[name].module == _OWN


def find_saved(class_name: str) -> Callable | None:
    """Returns the op that Keras's class of that name is, or None."""
    return _functions.get(_by_class.get(class_name, ""))
