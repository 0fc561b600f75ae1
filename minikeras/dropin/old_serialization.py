"""`keras.utils.legacy` and `keras.legacy.saving`: serialization in the form of Keras 2."""

import inspect
from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentError, SerializationError, brief, unknown_name
from ..serialization.custom_objects import get_registered_name, get_registered_object

__all__ = ["deserialize_keras_object", "serialize_keras_object"]


def serialize_keras_object(instance: Any) -> Any:
    """Returns the class name and config of an object, or the name of a function.

    Args:
        instance: An object with `get_config`, a function, or None.

    Raises:
        SerializationError: If it is neither an object with `get_config` nor a function.

    Example:
        >>> from minikeras.initializers import Constant
        >>> serialize_keras_object(Constant(2.0))
        {'class_name': 'Constant', 'config': {'value': 2.0}}
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config") and not inspect.isclass(instance):
        return {"class_name": get_registered_name(type(instance)), "config": instance.get_config()}
    if hasattr(instance, "__name__"):
        return get_registered_name(instance)
    raise SerializationError(f"Cannot serialize {brief(instance)} in the format of Keras 2.")


def deserialize_keras_object(
    identifier: Any,
    module_objects: Mapping[str, Any] | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    printable_module_name: str = "object",
) -> Any:
    """Creates an object from a Keras 2 config, or returns the function of that name.

    Nothing is imported: only the passed objects and registered ones can be named.

    Args:
        identifier: The config, or the name.
        module_objects: Classes and functions by name.
        custom_objects: Your own classes and functions, which take precedence.
        printable_module_name: The name of the kind of object in errors.

    Raises:
        UnknownNameError: If the name is unknown.
        ArgumentError: If it is not a config.

    Example:
        >>> from minikeras.initializers import Constant
        >>> config = {"class_name": "Constant", "config": {"value": 2.0}}
        >>> deserialize_keras_object(config, {"Constant": Constant}).value
        2.0
    """
    if identifier is None:
        return None
    known = {**(module_objects or {}), **(custom_objects or {})}
    if isinstance(identifier, str):
        found = _found(identifier, known, printable_module_name)
        return found() if inspect.isclass(found) else found
    if inspect.isfunction(identifier):
        return identifier
    if not isinstance(identifier, dict) or "class_name" not in identifier or "config" not in identifier:
        raise ArgumentError(f"Expected a config of a {printable_module_name}. Received: {brief(identifier)}")
    found = _found(identifier["class_name"], known, printable_module_name)
    if not hasattr(found, "from_config"):
        return found(**identifier["config"])
    takes_custom = "custom_objects" in inspect.signature(found.from_config).parameters
    options = {"custom_objects": dict(custom_objects)} if custom_objects and takes_custom else {}
    return found.from_config(identifier["config"], **options)


def _found(name: str, known: Mapping[str, Any], kind: str) -> Any:
    found = known.get(name) or get_registered_object(name)
    if found is None:
        raise unknown_name(kind, name, known)
    return found
