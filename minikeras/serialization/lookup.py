"""Resolves identifiers: a name, a function, an object, or a serialized config.

Each package that has such objects (activations, initializers, losses, ...) owns one `Lookup`.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..engine.memory_budget import loading
from ..engine.naming import to_snake_case
from ..errors import ArgumentError, ArgumentTypeError, UnknownNameError, brief, unknown_name, warn_legacy
from ..lazy import namespace
from . import configs as serialization
from .custom_objects import CustomObjectScope, get_registered_object


class Lookup:
    """The objects of one kind, by name.

    Args:
        kind: Their kind in errors, e.g. "activation".
        module: The Keras module written into serialized configs, e.g. "keras.initializers".
        classes: Classes with `get_config` and `from_config`, found by class name or its snake case; or their paths in
            the public namespaces, such as "optimizers.Adam", which are imported on first use.
        functions: Plain functions, found by name; or their paths.
        aliases: Alternative names, and the name that each is an alias of.
        legacy: Names of older Keras versions, accepted with a warning, and the current name of each.
        also: Other Keras modules whose configs are accepted.
    """

    def __init__(
        self,
        kind: str,
        module: str,
        classes: Iterable[type | str] = (),
        functions: Iterable[Callable | str] = (),
        aliases: dict[str, str] | None = None,
        legacy: dict[str, str] | None = None,
        also: Iterable[str] = (),
    ):
        self.kind = kind
        self.module = module
        self._found: dict[str, Any] = {}
        for cls in classes:
            self._found[_name(cls)] = cls
            self._found.setdefault(to_snake_case(_name(cls)), cls)
        for function in functions:
            self._found[_name(function)] = function
        for alias, name in (aliases or {}).items():
            self._found[alias] = self._found[name]
        self._legacy = dict(legacy or {})
        self._also = tuple(also)

    def find(self, name: str) -> Any:
        """Returns the class or function of that name: minikeras's, or else a custom object.

        Raises:
            UnknownNameError: If there is none; the message suggests the closest name.
        """
        if name in self._legacy:
            warn_legacy(f"{self.kind} {name!r}", repr(self._legacy[name]))
            name = self._legacy[name]
        found = self._own(name)
        if found is None:
            found = get_registered_object(name)
        if found is None:
            raise unknown_name(self.kind, name, self._found)
        return found

    def full_name(self, name: str) -> str:
        """Resolves an alias, "mse" to "mean_squared_error"; returns other names unchanged."""
        return _name(self._found[name]) if name in self._found else name

    def _own(self, name: str) -> Any:
        """Returns the class or function passed under a name; None if there is none."""
        found = self._found.get(name)
        if isinstance(found, str):
            path, _, own_name = found.rpartition(".")
            found = self._found[name] = getattr(namespace(path), own_name)
        return found

    def get(self, identifier: object) -> Any:
        """Returns the object that an identifier refers to; a class is instantiated with its default arguments.

        Args:
            identifier: A name, a config dict, a class, a function or an object; None returns None.

        Raises:
            UnknownNameError: If a name is unknown.
            ArgumentTypeError: If the identifier is anything else.
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
            f"Received: {brief(identifier)} of type {type(identifier).__name__}"
        )

    def serialize(self, value: object) -> Any:
        """Returns the config of an object or a function; the name of a function that `get` finds by it.

        Raises:
            SerializationError: If no config can describe it.
        """
        if inspect.isfunction(value) and inspect.isfunction(own := self._own(value.__name__)):
            # An op is serialized as the equivalent function here: `ops.relu` as "relu".
            if own is value or serialization.is_own(value):
                return value.__name__
        return serialization.serialize_keras_object(value)

    def deserialize(self, config: object, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Recreates an object from the config that `serialize` returned.

        Args:
            config: The config, or an identifier accepted by `get`.
            custom_objects: The user's own classes and functions, by name; they take precedence over minikeras's.

        Raises:
            UnknownNameError: If the class is unknown.
            SerializationError: If a user-defined class is not registered, or the arguments are invalid.
            ArgumentError: If the config lacks required keys.
        """
        with CustomObjectScope(custom_objects):
            if isinstance(config, dict):
                with loading(config):
                    return self._restored(config)
            if isinstance(config, str) and custom_objects and config in custom_objects:
                return self.get(custom_objects[config])
            return self.get(config)

    def _restored(self, config: dict) -> Any:
        if "class_name" not in config:
            raise ArgumentError(f"A config of {self.kind} needs the key 'class_name'. Received: {brief(config)}")
        if config["class_name"] == "function":
            name = str(config.get("config"))
            return get_registered_object(name) or self.find(name)
        if str(config["class_name"]).startswith("__") or self._is_of(config.get("module"), self._also):
            return serialization.restore_object({"config": {}, **config})
        found = serialization.find_custom(config) or self._find_own(config)
        return serialization.make(found, config)

    def _find_own(self, config: dict) -> Any:
        module, name = config.get("module"), str(config["class_name"])
        if module is None or self._is_of(module, (self.module, "keras")):  # base classes are in "keras" itself
            return self.find(name)
        if str(module).partition(".")[0] == "keras":
            raise ArgumentError(f"Expected a config of {self.kind}, from {self.module}. Received: {brief(config)}")
        found = self._own(name)
        if found is None or serialization.is_own(found):  # a user-defined class must not resolve to one of minikeras
            raise UnknownNameError(f"Unknown {self.kind}: {name!r}. {serialization.HOW_TO_REGISTER}")
        return found

    @staticmethod
    def _is_of(module: object, namespaces: Iterable[str]) -> bool:
        """Whether a module is a namespace of Keras or one of the files behind it."""
        name = f"{module}.".replace("keras.src.", "keras.", 1)
        return any(module == each or (each != "keras" and name.startswith(f"{each}.")) for each in namespaces)


def _name(value: Any) -> str:
    return value.rpartition(".")[2] if isinstance(value, str) else value.__name__


def serialize(value: object, module: str) -> dict:
    """Returns Keras's representation of an object: the path of its class, and its config.

    Args:
        value: An object with `get_config`.
        module: The Keras module of its class, if it is one of minikeras; a user-defined class has its own.
    """
    return serialization.object_config(value, module)
