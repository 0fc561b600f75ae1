"""Custom objects: user-defined classes and functions, by their names in configs.

A config never causes an import of user code: it names public classes and functions of minikeras, or custom objects.
"""

import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..errors import ArgumentError, ArgumentTypeError, brief
from ..tracebacks import Filtered, filtered

_registered: dict[str, Any] = {}
_names: dict[Any, str] = {}  # by object
_scopes = threading.local()
T = TypeVar("T")


@filtered
def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[T], T]:
    """Registers a class or a function, so that configs can name it; used as a decorator.

    Its registered name is "package>name". A later registration under the same name replaces an earlier one.

    Args:
        package: The package that it belongs to.
        name: Its name; `__name__` if None.

    Raises:
        ArgumentError: If a class has no `get_config`.
        ArgumentTypeError: If it is neither a class nor a function.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> @register_keras_serializable("shop")
        ... def double(x):
        ...     return 2 * x
        >>> get_registered_name(double)
        'shop>double'
        >>> get_registered_object("shop>double") is double
        True
    """

    def register(value: T) -> T:
        own_name = getattr(value, "__name__", None)
        if own_name is None or not callable(value):
            raise ArgumentTypeError(f"Only a class or a function can be registered. Received: {brief(value)}")
        if inspect.isclass(value) and not hasattr(value, "get_config"):
            raise ArgumentError(
                f"The class {own_name} cannot be registered, since it has no `get_config()`. Define one that returns "
                "the arguments to recreate the object."
            )
        registered_name = f"{package}>{own_name if name is None else name}"
        _registered[registered_name] = value
        _names[value] = registered_name
        return value

    return register


class CustomObjectScope(Filtered):
    """Context manager in which custom objects can be deserialized, in this thread.

    Scopes can be nested; the inner one takes precedence.

    Args:
        custom_objects: Classes and functions, by their names in configs; None for none.

    Raises:
        ArgumentTypeError: If it is not a dictionary with string keys.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> class Shift:
        ...     pass
        >>> with CustomObjectScope({"Shift": Shift}):
        ...     get_registered_object("Shift") is Shift
        True
        >>> get_registered_object("Shift") is None
        True
    """

    def __init__(self, custom_objects: Mapping[str, Any] | None):
        if custom_objects is None:
            custom_objects = {}
        if not isinstance(custom_objects, Mapping) or not all(isinstance(name, str) for name in custom_objects):
            raise ArgumentTypeError(
                "Custom objects must be a dictionary: {'name': class_or_function, ...}. "
                f"Received: {brief(custom_objects)}"
            )
        self.custom_objects = dict(custom_objects)

    def __enter__(self) -> "CustomObjectScope":
        _stack().append(self.custom_objects)
        return self

    def __exit__(self, *exception: object) -> None:
        _stack().pop()


@filtered
def get_custom_objects() -> dict[str, Any]:
    """Returns the global dictionary of registered objects; adding to it registers an object.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> get_custom_objects()["halve"] = lambda x: x / 2
        >>> get_registered_object("halve")(3)
        1.5
        >>> del get_custom_objects()["halve"]
    """
    return _registered


@filtered
def get_registered_name(obj: Any) -> str:
    """Returns the name of a class or function in configs: its registered name, or else its own.

    Raises:
        ArgumentTypeError: If it has no name.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> get_registered_name(dict)
        'dict'
    """
    if not hasattr(obj, "__name__"):
        raise ArgumentTypeError(f"Only a class or a function has a registered name. Received: {brief(obj)}")
    return _names.get(obj, obj.__name__)


@filtered
def get_registered_object(
    name: str | None, custom_objects: Mapping[str, Any] | None = None, module_objects: Mapping[str, Any] | None = None
) -> Any:
    """Returns the class or function registered under a name; None if there is none.

    It is looked up in the open scopes, the global registry, and then the arguments.

    Args:
        name: The name, with its package if it was registered: "package>name".
        custom_objects: Further custom objects.
        module_objects: A dictionary to search last.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> get_registered_object("size", {"size": len})([1, 2, 3])
        3
    """
    for known in (*reversed(_stack()), _registered, custom_objects or {}, module_objects or {}):
        if name in known:
            return known[name]
    return None


def _stack() -> list[dict[str, Any]]:
    if not hasattr(_scopes, "stack"):
        _scopes.stack = []
    return _scopes.stack
