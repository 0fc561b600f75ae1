"""The user's own classes and functions, by the names that configs give them.

A config never leads to an import: what it names is one of minikeras's own public classes and functions, or stands here.
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

    It is known from then on as "package>name". Registered under the same name again, the later one counts.

    Args:
        package: Whose it is.
        name: Its name; that in the code if None.

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
            raise ArgumentTypeError(f"A class or a function can be registered. Received: {brief(value)}")
        if inspect.isclass(value) and not hasattr(value, "get_config"):
            raise ArgumentError(
                f"The class {own_name} cannot be registered, since it has no `get_config()`. Write one that returns "
                "the arguments which make an equal object."
            )
        registered_name = f"{package}>{own_name if name is None else name}"
        _registered[registered_name] = value
        _names[value] = registered_name
        return value

    return register


class CustomObjectScope(Filtered):
    """Makes the user's classes and functions known inside of a `with` block, in this thread.

    Inside of another one, both are known; the inner one comes first.

    Args:
        custom_objects: Classes and functions, by the names that configs give them; None is none.

    Raises:
        ArgumentTypeError: If it is not a dictionary with strings as its keys.

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
                "Custom objects are given as a dictionary: {'name': class_or_function, ...}. "
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
    """Returns the dictionary of what is registered; what is put into it is registered, too.

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
    """Returns the name that configs give a class or a function: that it is registered under, or its own.

    Raises:
        ArgumentTypeError: If it has no name.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> get_registered_name(dict)
        'dict'
    """
    if not hasattr(obj, "__name__"):
        raise ArgumentTypeError(f"A class or a function has a registered name. Received: {brief(obj)}")
    return _names.get(obj, obj.__name__)


@filtered
def get_registered_object(
    name: str | None, custom_objects: Mapping[str, Any] | None = None, module_objects: Mapping[str, Any] | None = None
) -> Any:
    """Returns the class or the function that is registered under a name; None if there is none.

    It is looked for in the open scopes, among what is registered, and then in the arguments.

    Args:
        name: The name, with its package if it was registered: "package>name".
        custom_objects: Where to look besides.
        module_objects: Where to look at last.

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
