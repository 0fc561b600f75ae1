"""Global settings: the default float type, the fuzz factor and the image layout.

They start from `~/.keras/keras.json` (or `$KERAS_HOME/keras.json`) when that file is there, as in
Keras. The file is read, never written.
"""

import os
import warnings
from collections.abc import Callable
from typing import Any

from .argument_checks import check_data_format, check_number
from .errors import ArgumentError, unknown_name
from .tracebacks import (
    disable_traceback_filtering,
    enable_traceback_filtering,
    filtered,
    is_traceback_filtering_enabled,
)
from .typing import DTypePolicyLike

__all__ = [
    "backend",
    "disable_interactive_logging",
    "disable_traceback_filtering",
    "dtype_policy",
    "enable_interactive_logging",
    "enable_traceback_filtering",
    "enable_unsafe_deserialization",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_interactive_logging_enabled",
    "is_traceback_filtering_enabled",
    "set_dtype_policy",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
]

_FLOAT_TYPES = ("float16", "float32", "float64")
_settings: dict[str, Any] = {
    "backend": "numpy",
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
    "safe_deserialization": True,
    "dtype_policy": None,
    "interactive_logging": True,
}


def backend() -> str:
    """Returns the name of the computing backend: `"numpy"`.

    A script that came through `minikeras run` and imports TensorFlow gets `"tensorflow"`, whose functions it has and
    will choose by that name.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> backend()
        'numpy'
    """
    return _settings["backend"]


def set_backend_name(name: str) -> None:
    """Says what `backend` returns; for the drop-in. How minikeras computes stays the same.

    Args:
        name: "numpy" or "tensorflow".
    """
    _settings["backend"] = name


def floatx() -> str:
    """Returns the default float type: `"float16"`, `"float32"` or `"float64"`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> floatx()
        'float32'
    """
    return _settings["floatx"]


@filtered
def set_floatx(value: str) -> None:
    """Sets the default float type of new weights and converted data.

    Args:
        value: `"float16"`, `"float32"` or `"float64"`.

    Raises:
        ArgumentError: If it is another name.
    """
    if value not in _FLOAT_TYPES:
        raise unknown_name("float type in `set_floatx`", value, _FLOAT_TYPES)
    _settings["floatx"] = str(value)


def dtype_policy() -> Any:
    """Returns the dtype policy of layers that are given none: the one of `set_dtype_policy`, else `floatx`.

    As in Keras, the first who asks fixes it, a layer that is made among them: `set_floatx` after that does not change
    it any more, until `clear_session`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> dtype_policy()
        <DTypePolicy "float32">
    """
    if _settings["dtype_policy"] is None:
        _settings["dtype_policy"] = _settings["policy_maker"](_settings["floatx"])
    return _settings["dtype_policy"]


@filtered
def set_dtype_policy(policy: DTypePolicyLike) -> None:
    """Sets the dtype policy of layers that are given none.

    Args:
        policy: A policy or its name, such as "mixed_float16".

    Raises:
        UnknownNameError: If there is no such policy.
    """
    _settings["dtype_policy"] = _settings["policy_maker"](policy)


def forget_dtype_policy() -> None:
    """Lets `floatx` decide about the dtype policy again, as `clear_session` does."""
    _settings["dtype_policy"] = None


def policies_are_made_by(maker: Callable) -> None:
    """Says how a policy is made of its name; `dtype_policies`, which stands above and may not be imported, does."""
    _settings["policy_maker"] = maker


def epsilon() -> float:
    """Returns the fuzz factor that keeps logarithms and divisions finite.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> epsilon()
        1e-07
    """
    return _settings["epsilon"]


@filtered
def set_epsilon(value: float) -> None:
    """Sets the fuzz factor.

    Args:
        value: A positive number.

    Raises:
        ArgumentError: If it is not a positive number.
    """
    _settings["epsilon"] = float(check_number("set_epsilon", "value", value, above=0, error=ArgumentError))


def image_data_format() -> str:
    """Returns the default image layout: `"channels_last"` or `"channels_first"`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> image_data_format()
        'channels_last'
    """
    return _settings["image_data_format"]


@filtered
def set_image_data_format(data_format: str) -> None:
    """Sets the default image layout.

    Args:
        data_format: `"channels_last"` or `"channels_first"`.

    Raises:
        ArgumentError: If it is another name.
    """
    _settings["image_data_format"] = check_data_format("set_image_data_format", data_format)


def enable_unsafe_deserialization() -> None:
    """Lets configs and saved models run the code of the lambdas they hold, as `safe_mode=False` does for one call.

    Whoever wrote the file can then do on this machine whatever the user can.

    Source: https://keras.io/api/utils/config_utils/
    """
    _settings["safe_deserialization"] = False


def is_deserialization_safe() -> bool:
    """Returns whether the code in configs is refused; `enable_unsafe_deserialization` makes it allowed."""
    return _settings["safe_deserialization"]


def enable_interactive_logging() -> None:
    """Lets `fit`, `summary` and the like print to standard output, which is the default.

    Source: https://keras.io/api/utils/config_utils/
    """
    _settings["interactive_logging"] = True


def disable_interactive_logging() -> None:
    """Lets `fit`, `summary` and the like log what they would print: `logging.getLogger("minikeras")`, level INFO.

    Source: https://keras.io/api/utils/config_utils/
    """
    _settings["interactive_logging"] = False


def is_interactive_logging_enabled() -> bool:
    """Returns whether progress is printed, rather than logged.

    Source: https://keras.io/api/utils/config_utils/
    """
    return _settings["interactive_logging"]


def keras_home() -> str:
    """Returns the folder of Keras's settings and cached data: `$KERAS_HOME`, else `~/.keras`."""
    return os.path.expanduser(os.environ.get("KERAS_HOME") or os.path.join("~", ".keras"))


def load_settings(path: str) -> None:
    """Reads settings from a `keras.json` file; each one that cannot be used is named in a warning.

    Args:
        path: The file. Nothing happens when it is not there.
    """
    setters = {"floatx": set_floatx, "epsilon": set_epsilon, "image_data_format": set_image_data_format}
    if not os.path.isfile(path):
        return
    import json

    try:
        with open(path, encoding="utf-8") as file:
            stored = json.load(file)
        if not isinstance(stored, dict):
            raise ArgumentError(f"expected a JSON object, received {type(stored).__name__}")
        for name, setter in setters.items():
            if name in stored:
                setter(stored[name])
    except (OSError, ValueError) as error:
        warnings.warn(f"Settings in {path} are not used: {error}", UserWarning, stacklevel=2)


load_settings(os.path.join(keras_home(), "keras.json"))
