"""Serialization to and from the configs that Keras writes, for all packages.

A config names its class by `module` and `class_name`, or by the `registered_name` of a user-defined class. `public.py`
defines which of minikeras's own may be named.
"""

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..engine.dtypes import is_real, standardize_dtype
from ..engine.memory_budget import loading
from ..engine.tensor import Tensor
from ..engine.variable import Variable
from ..errors import MinikerasError, SerializationError, brief, reason, unknown_name
from ..graph.keras_tensor import KerasTensor
from ..tracebacks import filtered
from . import public
from .custom_objects import CustomObjectScope, get_registered_name, get_registered_object
from .lambdas import SafeModeScope, is_lambda, lambda_config, restore_lambda
from .shared_objects import add_number, find_shared, keep_shared

# The parts of a config besides the arguments: the results of `get_build_config()`, and so on.
_PARTS = ("build_config", "compile_config", "exclusion_config")
_DEEPEST = 100  # nesting depth of containers
HOW_TO_REGISTER = (
    "If it is your own, decorate it with `@minikeras.saving.register_keras_serializable()` and import its file before "
    "this, or pass it in `custom_objects`."
)


@filtered
def serialize_keras_object(obj: Any) -> Any:
    """Returns the config of an object, which can be written as JSON.

    Args:
        obj: An object with `get_config()`, a function, an array, a slice, a number, a string, or a list, tuple or
            dictionary of these.

    Returns:
        Numbers, strings, None and containers unchanged; otherwise a dictionary with "class_name" and "config".

    Raises:
        SerializationError: If it cannot be serialized.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> serialize_keras_object({"a": slice(1, None)})
        {'a': {'class_name': '__slice__', 'config': {'start': 1, 'stop': None, 'step': None}}}
    """
    if isinstance(obj, np.generic):
        obj = obj.item()
    if obj is None or isinstance(obj, (str, bool, int, float)):
        return obj
    if isinstance(obj, (list, tuple)):
        # Lists in attributes of layers have a class of their own.
        kind = list if isinstance(obj, list) else tuple
        return _bad(obj) if hasattr(obj, "_fields") else kind(serialize_keras_object(each) for each in obj)
    if isinstance(obj, dict):
        return {name: serialize_keras_object(each) for name, each in obj.items()}
    if hasattr(obj, "get_config") and not inspect.isclass(obj):
        return object_config(obj)
    if is_lambda(obj):
        config = lambda_config(obj)
        return {**config, "config": serialize_keras_object(config["config"])}
    return function_config(obj) if inspect.isfunction(obj) else _value_config(obj)


def _bad(obj: Any) -> None:
    raise SerializationError(
        f"Cannot serialize {brief(obj)} of type {type(obj).__name__}. Expected a number, a string, an array, a "
        "function, an object with `get_config()`, or a list, tuple or dict of those."
    )


def _value_config(obj: Any) -> Any:
    """Returns the config of a value that is neither a container, nor an object, nor a function."""
    if isinstance(obj, np.dtype) or (inspect.isclass(obj) and issubclass(obj, np.generic)):
        return standardize_dtype(obj)
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(obj, slice):
        bounds = {"start": obj.start, "stop": obj.stop, "step": obj.step}
        return {"class_name": "__slice__", "config": serialize_keras_object(bounds)}
    if isinstance(obj, bytes):
        try:
            return {"class_name": "__bytes__", "config": {"value": obj.decode()}}
        except UnicodeDecodeError as error:
            raise SerializationError(
                f"Bytes in a config must be UTF-8 text ({error}). Received: {brief(obj)}"
            ) from error
    if isinstance(obj, KerasTensor):
        history = obj._keras_history
        history = None if history is None else [history.operation.name, *history[1:]]
        settings = {"shape": obj.shape, "dtype": obj.dtype, "keras_history": history}
        return {"class_name": "__keras_tensor__", "config": settings}
    if isinstance(obj, np.ndarray):
        return obj.item() if obj.ndim == 0 and is_real(obj.dtype) else array_config(obj)
    if isinstance(obj, (Tensor, Variable)):
        return array_config(np.asarray(obj), "__tensor__")
    return _bad(obj)


def array_config(array: np.ndarray, class_name: str = "__numpy__") -> dict:
    """Returns the config of an array.

    Raises:
        SerializationError: If its elements are not numeric.
    """
    if not is_real(array.dtype):
        _bad(array)
    return {"class_name": class_name, "config": {"value": array.tolist(), "dtype": array.dtype.name}}


def object_config(obj: Any, module: str | None = None) -> dict:
    """Returns the config of an object: the path of its class, its arguments, and its build and compile configs.

    Args:
        obj: An object with `get_config()`.
        module: The Keras module of its class, if it is one of minikeras; looked up by default.
    """
    cls = type(obj)
    class_name = getattr(obj, "class_name", cls.__name__)
    if not is_own(cls):
        module = None if cls.__module__ in ("builtins", "__main__") else cls.__module__
        registered_name = get_registered_name(cls)
    else:
        module = getattr(obj, "keras_module", None) or module or _home(cls)
        registered_name = class_name if module.startswith("keras.src.") else None
    config = {
        "module": module,
        "class_name": class_name,
        "config": _arguments(obj),
        "registered_name": registered_name,
    }
    for part in _PARTS:
        settings = getattr(obj, f"get_{part}")() if hasattr(obj, f"get_{part}") else None
        if settings is not None:
            config[part] = serialize_keras_object(settings)
    add_number(config, obj)
    return config


def _arguments(obj: Any) -> dict:
    config = obj.get_config()
    if not isinstance(config, dict):
        raise SerializationError(
            f"{type(obj).__name__}.get_config() must return a dictionary of arguments. Received: {brief(config)}"
        )
    return serialize_keras_object(config)


def is_own(value: Any) -> bool:
    """Returns whether a class or function belongs to minikeras, and is an attribute of its `__module__`.

    Args:
        value: The class or the function.
    """
    module = getattr(value, "__module__", None) or ""
    found = getattr(sys.modules.get(module), value.__name__, None)
    return module.partition(".")[0] == "minikeras" and found is value


def _home(cls: type) -> str:
    return public.home(cls) or cls.__module__.replace("minikeras", "keras.src", 1)


def function_config(function: Callable) -> dict:
    """Returns the config of a function: its name.

    Raises:
        SerializationError: If the name refers to another function.
    """
    name = get_registered_name(function)
    found = find_function(name)
    if found not in (None, function) and not is_own(function):
        raise SerializationError(
            f"The name {name!r} of the function {function!r} refers to {found!r} in configs. Decorate it with "
            "`@minikeras.saving.register_keras_serializable()`, or give it another name."
        )
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def find_function(name: str) -> Callable | None:
    """Returns the function that configs refer to by a name: the user's, or minikeras's; None if there is none.

    Args:
        name: The name, with its package if it was registered.
    """
    own = (public.find(namespace, name) for namespace in public.FUNCTION_NAMESPACES)
    return get_registered_object(name) or next((each for each in own if inspect.isfunction(each)), None)


@filtered
def deserialize_keras_object(
    config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True
) -> Any:
    """Recreates an object from the config that `serialize_keras_object` returned, here or in Keras.

    Only modules of minikeras are imported: a config can name the public classes of minikeras, classes and functions
    registered with `register_keras_serializable`, and custom objects.

    Args:
        config: The config.
        custom_objects: The user's own classes and functions, by the names in the config.
        safe_mode: If False, code of lambdas in the config is run.

    Returns:
        The object; tuples come back as lists, tensors as arrays.

    Raises:
        UnknownNameError: If minikeras has no such class.
        SerializationError: If a user-defined class or function is not registered, or the config is invalid.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> deserialize_keras_object({"a": {"class_name": "__bytes__", "config": {"value": "text"}}})
        {'a': b'text'}
    """
    with loading(config, safe_mode), CustomObjectScope(custom_objects), SafeModeScope(safe_mode):
        return _restore(config, custom_objects or {}, _DEEPEST)


def _restore(config: Any, custom_objects: Mapping[str, Any], depth: int) -> Any:
    if depth < 0:
        raise SerializationError(f"The config is nested more than {_DEEPEST} containers deep.")
    if isinstance(config, str):
        return custom_objects.get(config, config)
    if config is None or isinstance(config, (bool, int, float)):
        return config
    if isinstance(config, (list, tuple)):
        return [_restore(each, custom_objects, depth - 1) for each in config]
    if not isinstance(config, dict):
        raise SerializationError(f"Expected a config. Received: {brief(config)} of type {type(config).__name__}")
    if "class_name" in config and "config" in config:
        return restore_object(config)
    return {name: _restore(each, custom_objects, depth - 1) for name, each in config.items()}


def restore_object(config: dict) -> Any:
    """Creates the object, or returns the function, of a config with "class_name" and "config".

    Raises:
        UnknownNameError: If minikeras has no such class.
        SerializationError: If a user-defined class or function is not registered, or the config is invalid.
    """
    class_name, settings = config["class_name"], config["config"]
    if class_name in tuple(_VALUES):
        return _restore_value(class_name, settings)
    if class_name == "function":
        found = find_function(str(settings))
        if found is None:
            raise _not_known("function", settings, config)
        return found
    return make(find_custom(config) or _find_own(config), config)


def _restore_value(class_name: str, settings: Any) -> Any:
    try:
        return _VALUES[class_name](settings)
    except MinikerasError:
        raise
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise SerializationError(
            f"The config of {class_name} is invalid ({error!r}). Received: {brief(settings)}"
        ) from error


def find_custom(config: dict) -> Any:
    """Returns the user-defined class or function that a config names; None if it names none.

    Raises:
        SerializationError: If the name is not a string.
    """
    name = config.get("registered_name", config["class_name"])
    if not isinstance(name, (str, type(None))) or not isinstance(config["class_name"], str):
        raise SerializationError(
            f"'class_name' and 'registered_name' of a config must be strings. Received: {brief(config)}"
        )
    return get_registered_object(name)


def _find_own(config: dict) -> Any:
    name = str(config["class_name"])
    namespace = _namespace(str(config.get("module")))
    if namespace is None:
        raise _not_known("class", name, config)
    found = public.find(namespace, name)
    if found is None and public.has_few_names(namespace):
        raise _not_known("class", name, config)
    if found is None:
        raise unknown_name(f"class or function in {namespace}", name, public.names(namespace))
    return found


def _namespace(module: str) -> str | None:
    """Returns the public namespace of a module of Keras; also of its files, such as `keras.src.layers.core.dense`."""
    if module in public.NAMESPACES or not module.startswith("keras.src."):
        return module if module in public.NAMESPACES else None
    namespace = module.replace("keras.src.", "keras.", 1)
    while namespace != "keras" and namespace not in public.NAMESPACES:
        namespace = namespace.rpartition(".")[0]
    return namespace if namespace != "keras" else None


def _not_known(kind: str, name: object, config: dict) -> SerializationError:
    return SerializationError(f"The {kind} {name!r} is unknown. {HOW_TO_REGISTER} Received: {brief(config)}")


def make(found: Any, config: dict) -> Any:
    """Creates an object of a class from the parts of a config; a function is returned unchanged.

    Args:
        found: The class or the function.
        config: Its "config" holds the arguments; the optional "build_config", "compile_config" and "exclusion_config"
            hold the build and compile arguments, and the weights that an optimizer excludes from weight decay.

    Raises:
        SerializationError: If the arguments are invalid.
    """
    if not inspect.isclass(found):
        return found
    settings = config.get("config", {})
    name = found.__name__
    if not isinstance(settings, dict):
        raise SerializationError(f"The 'config' of {name} must be a dict. Received: {brief(config)}")
    if not hasattr(found, "from_config"):
        raise SerializationError(
            f"The class {name} has no `from_config(config)`, so it cannot be created from {brief(config)}"
        )
    shared = find_shared(config)
    if shared is not None:
        return shared
    try:
        made = found.from_config(settings)
    except MinikerasError:
        raise
    except TypeError as error:
        raise SerializationError(
            f"{name}.from_config cannot use the config: {reason(error)}. Received: {brief(settings)}"
        ) from error
    for part in _PARTS:
        if config.get(part) and hasattr(made, f"{part.partition('_')[0]}_from_config"):
            if not isinstance(config[part], dict):
                raise SerializationError(f"The '{part}' of {name} must be a dict. Received: {brief(config[part])}")
            getattr(made, f"{part.partition('_')[0]}_from_config")(config[part])
    keep_shared(config, made)
    return made


def _array(settings: dict) -> np.ndarray:
    return np.array(settings["value"], standardize_dtype(settings["dtype"]))


_VALUES: dict[str, Callable[[dict], Any]] = {
    "__bytes__": lambda settings: settings["value"].encode(),
    "__ellipsis__": lambda settings: Ellipsis,
    "__keras_tensor__": lambda settings: KerasTensor(settings["shape"], settings["dtype"]),
    "__lambda__": restore_lambda,
    "__numpy__": _array,
    "__slice__": lambda settings: slice(settings["start"], settings["stop"], settings["step"]),
    "__tensor__": _array,
}
