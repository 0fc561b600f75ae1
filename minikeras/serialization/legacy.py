"""Serialization in the format of Keras 2: a class name and a config, or the name of a function."""

import inspect
from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentError, SerializationError, brief, unknown_name
from ..tracebacks import filtered
from .custom_objects import CustomObjectScope, get_custom_objects, get_registered_name, get_registered_object

_INNER = "__passive_serialization__"  # marks a config inside of a config


@filtered
def serialize_keras_object(instance: Any) -> Any:
    """Returns the class name and config of an object, or the name of a function.

    Args:
        instance: An object with `get_config`, a function, or None.

    Raises:
        SerializationError: If it is neither an object with `get_config` nor a function.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> from minikeras.initializers import Constant
        >>> serialize_keras_object(Constant(2.0))
        {'class_name': 'Constant', 'config': {'value': 2.0}}
    """
    if instance is None:
        return None
    instance = inspect.unwrap(instance) if callable(instance) else instance
    if hasattr(instance, "get_config") and not inspect.isclass(instance):
        config = {key: _serialized_item(item) for key, item in instance.get_config().items()}
        return {"class_name": get_registered_name(type(instance)), "config": config}
    if hasattr(instance, "__name__"):
        return get_registered_name(instance)
    raise SerializationError(f"Cannot serialize {brief(instance)} in the format of Keras 2.")


def _serialized_item(item: Any) -> Any:
    if not (hasattr(item, "get_config") or hasattr(item, "__name__")):
        return item
    found = serialize_keras_object(item)
    return {**found, _INNER: True} if isinstance(found, dict) else found


@filtered
def deserialize_keras_object(
    identifier: Any,
    module_objects: Mapping[str, Any] | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    printable_module_name: str = "object",
) -> Any:
    """Creates an object from a Keras 2 config, or returns the function of that name.

    Nothing is imported: only the passed objects and registered ones can be named.

    Args:
        identifier: The config, or the name. A class that is named without a config is created without arguments.
        module_objects: Classes and functions by name.
        custom_objects: Your own classes and functions, which take precedence.
        printable_module_name: The name of the kind of object in errors.

    Raises:
        UnknownNameError: If the name is unknown.
        ArgumentError: If it is not a config.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> from minikeras.initializers import Constant
        >>> config = {"class_name": "Constant", "config": {"value": 2.0}}
        >>> deserialize_keras_object(config, {"Constant": Constant}).value
        2.0
    """
    if identifier is None or inspect.isfunction(identifier):
        return identifier
    known = {**(module_objects or {}), **(custom_objects or {})}
    if isinstance(identifier, str):
        found = _found(identifier, known, printable_module_name)
        return found() if inspect.isclass(found) else found
    if not isinstance(identifier, dict) or "class_name" not in identifier or "config" not in identifier:
        raise ArgumentError(f"Expected a config of a {printable_module_name}. Received: {brief(identifier)}")
    found = _found(identifier["class_name"], known, printable_module_name)
    config = identifier["config"]
    if isinstance(config, Mapping):  # Keras 2.0 wrote a list for `Sequential`
        config = {key: _item(key, item, known, module_objects, custom_objects) for key, item in config.items()}
    with CustomObjectScope(custom_objects):
        if not hasattr(found, "from_config"):
            return found(**config)
        if "custom_objects" in inspect.signature(found.from_config).parameters:
            return found.from_config(config, custom_objects={**get_custom_objects(), **(custom_objects or {})})
        return found.from_config(config)


def _item(key: str, item: Any, known: dict, module_objects: Any, custom_objects: Any) -> Any:
    """Returns an item of a config: the object of a config inside, the function of a name, else the item itself."""
    if isinstance(item, dict) and _INNER in item:
        return deserialize_keras_object(item, module_objects, custom_objects, "config_item")
    if isinstance(item, str) and key != "name":
        function = known.get(item) or get_registered_object(item)
        return function if inspect.isfunction(function) else item
    return item


def _found(name: str, known: Mapping[str, Any], kind: str) -> Any:
    found = known.get(name) or get_registered_object(name)
    if found is None:
        raise unknown_name(kind, name, known)
    return found
