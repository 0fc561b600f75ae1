"""The registry of ops by name.

The engine is below the ops and may not import them, yet `tensor + 1` has to call `ops.add`. Each op therefore
registers itself when its module is imported; an unregistered one is looked up in the namespaces of ops, which imports
its module.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import numpy as np

from ..lazy import namespace
from ..tracebacks import filtered
from .immutable_arrays import delivered
from .naming import to_snake_case
from .primitive import Primitive

_functions: dict[str, Callable] = {}
F = TypeVar("F", bound=Callable)


class Saved(NamedTuple):
    """How a model config represents a call of an op: a class of Keras, and its constructor arguments."""

    module: str
    class_name: str
    settings: frozenset[str]
    as_in_keras: Callable[..., dict | None] | None


_OWN = "minikeras.ops"  # the module of ops without a class in Keras

_NAMESPACES = ("ops", "ops.image", "quantizers", "random")  # where ops are public

_saved: dict[str, Saved] = {}

_PLAIN = frozenset((np.ndarray, int, float, bool, str, type(None)))  # types of values that are not symbolic


class Symbolic:
    """The base class of symbolic values. An op called on one delegates to it.

    Attributes:
        values: Its value for each of the stand-in sizes if it depends on sizes only, else None.
    """

    values: tuple | None = None

    def take_over(self, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Handles the call of an op with this value among its arguments.

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
            inputs: Its inputs: this value and others of any kind.
            params: Further parameters of its kernel.
        """
        raise NotImplementedError


def op(
    saved_as: str | None, settings: str = "", as_in_keras: Callable[..., dict | None] | None = None
) -> Callable[[F], F]:
    """Decorator that registers an op under the name of the function.

    Args:
        saved_as: The Keras class of the op, with its module in `keras.src.ops`: "math.Logsumexp"; with the whole path
            of its module if it is elsewhere. "minikeras.Zeros" for calls on sizes of symbolic tensors, which Keras has
            no class for, so that only minikeras can load them. None if the op never returns symbolic values, so that no
            model contains it.
        settings: Names of the arguments of that class's constructor, separated by spaces. The other arguments are the
            tensors it is called on.
        as_in_keras: For ops that accept more than that class: a function from the arguments of a call to those that
            must be represented differently, by name; or to None if the class cannot represent the call, so that the
            ops called inside are recorded instead.
    """

    def entered(function: F) -> F:
        @filtered
        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            given = (*args, *kwargs.values()) if kwargs else args
            symbolic = _symbolic_in(given)
            if symbolic is not None:
                return symbolic.take_over(function, args, kwargs)
            return delivered(function(*args, **kwargs), given)

        register(called)
        if saved_as is not None:
            file, _, class_name = saved_as.rpartition(".")
            module = _OWN if file == "minikeras" else file if "." in file else f"keras.src.ops.{file}"
            _saved[function.__name__] = Saved(module, class_name, frozenset(settings.split()), as_in_keras)
        return called

    return entered


def register(function: Callable) -> None:
    """Registers an op under the name of the function, in place of an earlier one."""
    _functions[function.__name__] = function


def _symbolic_in(values: Iterable) -> Symbolic | None:
    """Returns a symbolic value among the arguments, also inside lists, tuples and slices (`x[:, :size]`)."""
    for value in values:
        if type(value) in _PLAIN:
            continue
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
    """Calls the op of that name.

    Raises:
        KeyError: If there is none.
    """
    function = _functions.get(name) or find(name)
    if function is None:
        raise KeyError(name)
    return function(*args, **kwargs)


def names() -> list[str]:
    """Returns the sorted names of all ops."""
    for path in _NAMESPACES:
        for name in namespace(path).__all__:
            find(name)
    return sorted(_functions)


def find(name: str) -> Callable | None:
    """Returns the op of that name, or None."""
    for path in _NAMESPACES:
        if name not in _functions and name in namespace(path).__all__:
            getattr(namespace(path), name)  # imports the module, which registers it
    return _functions.get(name)


def saved(name: str) -> Saved:
    """Returns how a model config represents calls of the op of that name.

    Raises:
        KeyError: If no model config contains calls of it.
    """
    find(name)
    return _saved[name]


def is_saved_op(module: object) -> bool:
    """Returns whether a config with that module is one of an op."""
    return module == _OWN or str(module).startswith(("keras.src.ops.", "keras.src.quantizers.quantizers"))


def is_own(name: str) -> bool:
    """Returns whether only minikeras can load models with calls of the op of that name."""
    return saved(name).module == _OWN


def takes_name(name: str) -> bool:
    """Returns whether the constructor of the class, as which the op of that name is saved, takes a name.

    Raises:
        KeyError: If no model config contains calls of it.
    """
    return saved(name).module.startswith((_OWN, "keras.src.ops."))


def find_saved(class_name: str) -> Callable | None:
    """Returns the op that is saved as this Keras class, or None; of two ops, the one with the name of the class."""
    like_the_class = to_snake_case(class_name)
    if find(like_the_class) is not None and _is_saved_as(like_the_class, class_name):
        return _functions[like_the_class]
    return next((_functions[name] for name in names() if _is_saved_as(name, class_name)), None)


def _is_saved_as(name: str, class_name: str) -> bool:
    return name in _saved and _saved[name].class_name == class_name
