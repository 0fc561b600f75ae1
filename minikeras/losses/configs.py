"""Configs of losses and metrics that contain functions: serialized as Keras does, and restored."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import ArgumentError, brief
from ..serialization.configs import serialize_keras_object
from ..serialization.lookup import Lookup, serialize


def describe(value: Any, module: str) -> Any:
    """Returns Keras's config of a function or an object.

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
        return serialize(value, module)
    if inspect.isfunction(value):
        return serialize_keras_object(value)
    name = getattr(value, "__name__", None)
    if name is None:
        raise ArgumentError(
            f"{brief(value)} cannot be described by a config: expected a function, or an object with `get_config`."
        )
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def restore_function(config: Any, functions: Lookup) -> Any:
    """Returns the function that a config names; anything else is returned unchanged.

    Raises:
        UnknownNameError: If there is no such function.
    """
    if isinstance(config, dict) and config.get("class_name") in ("function", "__lambda__"):
        return functions.deserialize(config)
    return functions.find(config) if isinstance(config, str) else config


def restore_arguments(config: dict, functions: Iterable[Callable] | Lookup) -> dict:
    """Returns the config of a wrapper with the function itself in place of the function's config."""
    if not isinstance(functions, Lookup):
        functions = Lookup("function", "keras", functions=functions)
    return {**config, "fn": restore_function(config["fn"], functions)} if "fn" in config else dict(config)


def with_custom(
    custom_objects: dict | None, classes: Iterable, functions: Iterable, aliases: dict, **names: str
) -> Lookup:
    """Creates a lookup that includes the user's classes and functions.

    Args:
        custom_objects: The user's, by their names in configs; they take precedence over those of minikeras.
        classes: The classes of minikeras.
        functions: The functions of minikeras.
        aliases: Alternative names, and the name that each is an alias of.
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


def restore(config: Any, objects: Lookup, functions: Lookup) -> Any:
    """Creates the object, or finds the function, that a config describes.

    Args:
        config: A name, or what `describe` returned.
        objects: Where classes are looked up.
        functions: Where functions are looked up.

    Raises:
        UnknownNameError: If a name is not known.
    """
    if isinstance(config, dict) and config.get("class_name") in ("function", "__lambda__"):
        return restore_function(config, functions)
    if isinstance(config, dict) and isinstance(config.get("config"), dict):
        config = {**config, "config": restore_arguments(config["config"], functions)}
    return objects.deserialize(config)
