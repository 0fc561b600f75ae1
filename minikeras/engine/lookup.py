"""Finding an object by what a user writes: a name, a function, an object, or a serialized config.

Each room that has such objects (activations, initializers, losses, ...) owns one `Lookup`.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError, unknown_name, warn_legacy
from .naming import to_snake_case


class Lookup:
    """The objects of one kind, by name.

    Args:
        kind: What errors call them, e.g. "activation".
        module: The Keras module written into serialized configs, e.g. "keras.initializers".
        classes: Classes with `get_config` and `from_config`; found by class name and in snake case.
        functions: Plain functions, found by their name.
        aliases: Further names, by which name they stand for.
        legacy: Names of older Keras versions that are accepted with a warning, by today's name.
    """

    def __init__(
        self,
        kind: str,
        module: str,
        classes: Iterable[type] = (),
        functions: Iterable[Callable] = (),
        aliases: dict[str, str] | None = None,
        legacy: dict[str, str] | None = None,
    ):
        self.kind = kind
        self.module = module
        self._found: dict[str, Any] = {}
        for cls in classes:
            self._found[cls.__name__] = cls
            self._found.setdefault(to_snake_case(cls.__name__), cls)
        for function in functions:
            self._found[function.__name__] = function
        for alias, name in (aliases or {}).items():
            self._found[alias] = self._found[name]
        self._legacy = dict(legacy or {})

    def enter(self, name: str, found: Any) -> None:
        """Adds a class or function that is defined above this lookup."""
        self._found[name] = found

    def find(self, name: str) -> Any:
        """Returns the class or function of that name.

        Raises:
            UnknownNameError: If there is none; it tells the nearest one.
        """
        if name in self._legacy:
            warn_legacy(f"{self.kind} {name!r}", repr(self._legacy[name]))
            name = self._legacy[name]
        if name not in self._found:
            raise unknown_name(self.kind, name, self._found)
        return self._found[name]

    def get(self, identifier: object) -> Any:
        """Returns the object an identifier stands for; a class is made with its default arguments.

        Args:
            identifier: A name, a config dict, a class, a function or an object; None gives None.

        Raises:
            UnknownNameError: If a name is not known.
            ArgumentTypeError: If the identifier is something else.
        """
        if identifier is None:
            return None
        if isinstance(identifier, dict):
            return self.deserialize(identifier)
        if isinstance(identifier, str):
            identifier = self.find(identifier)
        if inspect.isclass(identifier):
            return identifier()
        if callable(identifier):
            return identifier
        raise ArgumentTypeError(
            f"Expected a name, a function, an object or a config of {self.kind}. "
            f"Received: {identifier!r} of type {type(identifier).__name__}"
        )

    def serialize(self, value: object) -> Any:
        """Returns the config of an object, or the name of a function of this lookup."""
        if value is None or isinstance(value, str):
            return value
        if inspect.isfunction(value):
            name = getattr(value, "__name__", "")
            if self._found.get(name) is not value:
                raise ArgumentError(
                    f"The {self.kind} {value!r} is not one of minikeras, so a config cannot name it. "
                    f"Use one of {', '.join(sorted(self._found))}, or a class with `get_config`."
                )
            return name
        return serialize(value, self.module)

    def deserialize(self, config: object, custom_objects: dict | None = None) -> Any:
        """Makes the object that `serialize` described.

        Args:
            config: The config, or an identifier that `get` takes.
            custom_objects: The user's own classes and functions, by name; they come before those of minikeras.

        Raises:
            UnknownNameError: If the class is not known.
            ArgumentError: If the config has not the needed parts.
        """
        custom = custom_objects or {}
        if not isinstance(config, dict):
            return self.get(custom.get(config, config) if isinstance(config, str) else config)
        if "class_name" not in config:
            raise ArgumentError(f"A config of {self.kind} needs the key 'class_name'. Received: {config!r}")
        settings = config.get("config", {})
        if config["class_name"] == "function":
            return custom.get(str(settings)) or self.find(str(settings))
        found = custom.get(str(config["class_name"])) or self.find(str(config["class_name"]))
        if not isinstance(settings, dict):
            raise ArgumentError(f"The 'config' of {self.kind} must be a dict. Received: {config!r}")
        return found.from_config(settings) if inspect.isclass(found) else found


def serialize(value: object, module: str) -> dict:
    """Returns Keras's description of an object: where its class is found, and its config."""
    return {
        "module": module,
        "class_name": type(value).__name__,
        "config": value.get_config(),
        "registered_name": None,
    }
