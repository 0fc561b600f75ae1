"""Finding an object by what a user writes: a name, a function, an object, or a serialized config.

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
        kind: What errors call them, e.g. "activation".
        module: The Keras module written into serialized configs, e.g. "keras.initializers".
        classes: Classes with `get_config` and `from_config`, found by class name and in snake case; or paths of such
            in the public namespaces, such as "optimizers.Adam", which are imported when they are first found.
        functions: Plain functions, found by their name; or paths of such.
        aliases: Further names, by which name they stand for.
        legacy: Names of older Keras versions that are accepted with a warning, by today's name.
        also: Other modules of Keras whose configs stand for such an object, too.
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
        """Returns the class or function of that name; if it is none of minikeras's, that of the user.

        Raises:
            UnknownNameError: If there is none; it tells the nearest one.
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
        """Returns the name that an alias stands for, "mean_squared_error" for "mse"; an unknown name as it is."""
        return _name(self._found[name]) if name in self._found else name

    def _own(self, name: str) -> Any:
        """Returns what was handed in under a name; None if nothing was."""
        found = self._found.get(name)
        if isinstance(found, str):
            path, _, own_name = found.rpartition(".")
            found = self._found[name] = getattr(namespace(path), own_name)
        return found

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
            f"Received: {brief(identifier)} of type {type(identifier).__name__}"
        )

    def serialize(self, value: object) -> Any:
        """Returns the config of an object or a function; the name of a function that `get` finds by it.

        Raises:
            SerializationError: If no config can describe it.
        """
        if inspect.isfunction(value) and inspect.isfunction(own := self._own(value.__name__)):
            # An op is written by the name of the function here that does the same: `ops.relu` as "relu".
            if own is value or serialization.is_own(value):
                return value.__name__
        return serialization.serialize_keras_object(value)

    def deserialize(self, config: object, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Makes the object that `serialize` described.

        Args:
            config: The config, or an identifier that `get` takes.
            custom_objects: The user's own classes and functions, by name; they come before those of minikeras.

        Raises:
            UnknownNameError: If the class is not known.
            SerializationError: If a class of the user is not known, or the arguments do not fit.
            ArgumentError: If the config has not the needed parts.
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
        if found is None or serialization.is_own(found):  # a class of the user must not become minikeras's of that name
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
    """Returns Keras's description of an object: where its class is found, and its config.

    Args:
        value: An object with `get_config`.
        module: Where Keras has its class, if it is one of minikeras; a user's own says itself where it is.
    """
    return serialization.object_config(value, module)
