"""Configs of losses and metrics that contain functions: written as Keras writes them, and read back."""

from collections.abc import Callable, Iterable

from ..engine.lookup import Lookup


def restore_function(config: object, functions: Lookup) -> object:
    """Returns the function a description names; a callable or another object's config is returned as it is.

    Raises:
        UnknownNameError: If there is no such function.
    """
    if isinstance(config, dict) and config.get("class_name") == "function":
        return functions.find(str(config.get("config")))
    return functions.find(config) if isinstance(config, str) else config


def restore_arguments(config: dict, functions: Iterable[Callable] | Lookup) -> dict:
    """Returns the config of a wrapper with the function itself in place of its description."""
    if not isinstance(functions, Lookup):
        functions = Lookup("function", "keras", functions=functions)
    return {**config, "fn": restore_function(config["fn"], functions)} if "fn" in config else dict(config)


def restore(config: object, objects: Lookup, functions: Lookup) -> object:
    """Makes the object or finds the function that a config describes.

    Args:
        config: A name, or what `engine.configs.describe` returned.
        objects: Where classes are looked up.
        functions: Where functions are looked up.

    Raises:
        UnknownNameError: If a name is not known.
    """
    if isinstance(config, dict) and config.get("class_name") == "function":
        return restore_function(config, functions)
    if isinstance(config, dict) and isinstance(config.get("config"), dict):
        config = {**config, "config": restore_arguments(config["config"], functions)}
    return objects.deserialize(config)
