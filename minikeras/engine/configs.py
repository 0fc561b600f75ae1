"""Functions and objects of the user in configs: written as Keras writes them, and found again."""

import inspect
from collections.abc import Iterable

from ..errors import ArgumentError
from .lookup import Lookup, serialize


def describe(value: object, module: str) -> object:
    """Returns Keras's description of a function or an object.

    Args:
        value: A function, or an object with `get_config`.
        module: The Keras module of the object's class.

    Raises:
        ArgumentError: If it has neither a name nor a config.

    Example:
        >>> describe(len, "keras.losses")["config"]
        'len'
    """
    if hasattr(value, "get_config"):
        config, cls = serialize(value, module), type(value)
        if cls.__module__.partition(".")[0] == "minikeras":
            return config
        return {**config, "module": cls.__module__, "registered_name": cls.__name__}  # a user's own class
    name = getattr(value, "__name__", None)
    if name is None:
        raise ArgumentError(
            f"{value!r} cannot be described by a config: expected a function, or an object with `get_config`."
        )
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def with_custom(
    custom_objects: dict | None, classes: Iterable, functions: Iterable, aliases: dict, **names: str
) -> Lookup:
    """Makes a lookup that knows the user's classes and functions, too.

    Args:
        custom_objects: The user's, by the name used in configs; they come before those of minikeras.
        classes: The classes of minikeras.
        functions: The functions of minikeras.
        aliases: Further names, by which name they stand for.
        **names: `kind` and `module` of the lookup.
    """
    custom = dict(custom_objects or {})
    own = {name: value.__name__ for name, value in custom.items()}
    return Lookup(
        classes=[*classes, *filter(inspect.isclass, custom.values())],
        functions=[*functions, *(value for value in custom.values() if not inspect.isclass(value))],
        aliases={**aliases, **own},
        **names,
    )
