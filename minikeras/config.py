"""Global settings: the default float dtype, epsilon, the image data format, limits for debugging and others.

They are initialized from `~/.keras/keras.json` (or `$KERAS_HOME/keras.json`) if that file exists, as in Keras, and from
the environment variables `KERAS_MAX_EPOCHS` and `KERAS_MAX_STEPS_PER_EPOCH`. The file is read, never written.
"""

import os
import warnings
from collections.abc import Mapping
from typing import Any

from .argument_checks import check_data_format, check_number, check_optional_int
from .errors import ArgumentError, brief, unknown_name
from .lazy import namespace
from .tracebacks import (
    disable_traceback_filtering,
    enable_traceback_filtering,
    filtered,
    is_traceback_filtering_enabled,
)
from .typing import DTypePolicyLike

__all__ = [
    "backend",
    "disable_flash_attention",
    "disable_interactive_logging",
    "disable_traceback_filtering",
    "dtype_policy",
    "enable_flash_attention",
    "enable_interactive_logging",
    "enable_traceback_filtering",
    "enable_unsafe_deserialization",
    "epsilon",
    "floatx",
    "image_data_format",
    "is_flash_attention_enabled",
    "is_interactive_logging_enabled",
    "is_nnx_enabled",
    "is_traceback_filtering_enabled",
    "max_epochs",
    "max_steps_per_epoch",
    "set_backend",
    "set_dtype_policy",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "set_max_epochs",
    "set_max_steps_per_epoch",
]

_FLOAT_TYPES = ("float16", "bfloat16", "float32", "float64")
_settings: dict[str, Any] = {
    "backend": "numpy",
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
    "safe_deserialization": True,
    "dtype_policy": None,
    "interactive_logging": True,
    "flash_attention": None,
    "max_epochs": None,
    "max_steps_per_epoch": None,
}


def backend() -> str:
    """Returns the name of the backend: `"numpy"`.

    A script that is run by `minikeras run` and imports TensorFlow gets `"tensorflow"`, whose functions are emulated.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> backend()
        'numpy'
    """
    return _settings["backend"]


@filtered
def set_backend(backend: str) -> None:
    """Accepts the only backend there is, `"numpy"`, and changes nothing.

    Args:
        backend: "numpy", or what `backend` returns.

    Raises:
        ArgumentError: For any other.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> set_backend("numpy")
    """
    if backend not in ("numpy", _settings["backend"]):
        raise ArgumentError(
            "`set_backend`: minikeras has one backend, 'numpy'. To compute on another one, save the model as a "
            f"`.keras` file, and load it in Keras with that backend. Received: backend={brief(backend)}"
        )


def set_backend_name(name: str) -> None:
    """Sets what `backend` returns, for the drop-in; computation does not change.

    Args:
        name: "numpy" or "tensorflow".
    """
    _settings["backend"] = name


def floatx() -> str:
    """Returns the default float dtype: `"float16"`, `"bfloat16"`, `"float32"` or `"float64"`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> floatx()
        'float32'
    """
    return _settings["floatx"]


@filtered
def set_floatx(value: str) -> None:
    """Sets the default float dtype, of new weights and converted data.

    Args:
        value: `"float16"`, `"bfloat16"`, `"float32"` or `"float64"`.

    Raises:
        ArgumentError: For other values.

    Example:
        >>> from minikeras import layers
        >>> set_floatx("float64")
        >>> layers.Dense(1).dtype
        'float64'
    """
    if value not in _FLOAT_TYPES:
        raise unknown_name("float type in `set_floatx`", value, _FLOAT_TYPES)
    _settings["floatx"] = str(value)


def dtype_policy() -> Any:
    """Returns the default dtype policy of layers: that of `set_dtype_policy`, else `floatx`.

    As in Keras, its first use, for example by a new layer, fixes it: later calls of `set_floatx` do not change it until
    `clear_session`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> dtype_policy()
        <DTypePolicy "float32">
    """
    if _settings["dtype_policy"] is None:
        _settings["dtype_policy"] = namespace("dtype_policies").get(_settings["floatx"])
    return _settings["dtype_policy"]


@filtered
def set_dtype_policy(policy: DTypePolicyLike) -> None:
    """Sets the default dtype policy of layers.

    Args:
        policy: A policy or its name, such as "mixed_float16".

    Raises:
        UnknownNameError: If the policy is unknown.

    Example:
        >>> from minikeras import layers
        >>> set_dtype_policy("mixed_float16")
        >>> layer = layers.Dense(1)
        >>> layer.compute_dtype, layer.variable_dtype
        ('float16', 'float32')
    """
    _settings["dtype_policy"] = namespace("dtype_policies").get(policy)


def forget_dtype_policy() -> None:
    """Resets the dtype policy to `floatx`, as `clear_session` does."""
    _settings["dtype_policy"] = None


def epsilon() -> float:
    """Returns the fuzz factor used in numeric expressions, such as logarithms and divisions.

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

    Example:
        >>> set_epsilon(1e-5)
        >>> epsilon()
        1e-05
    """
    _settings["epsilon"] = float(check_number("set_epsilon", "value", value, above=0, error=ArgumentError))


def image_data_format() -> str:
    """Returns the default image data format: `"channels_last"` or `"channels_first"`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> image_data_format()
        'channels_last'
    """
    return _settings["image_data_format"]


@filtered
def set_image_data_format(data_format: str) -> None:
    """Sets the default image data format.

    Args:
        data_format: `"channels_last"` or `"channels_first"`.

    Raises:
        ArgumentError: For other values.

    Example:
        >>> from minikeras import layers
        >>> set_image_data_format("channels_first")
        >>> layers.Conv2D(1, 3).data_format
        'channels_first'
    """
    _settings["image_data_format"] = check_data_format("set_image_data_format", data_format)


def resolved_data_format(where: str, data_format: object) -> str:
    """Returns an image layout: that of the configuration if None; case does not matter.

    Args:
        where: The class or function, for the message.
        data_format: The argument.

    Raises:
        UnknownNameError: If it is neither "channels_first" nor "channels_last".

    Example:
        >>> resolved_data_format("Flatten", None), resolved_data_format("Flatten", "Channels_First")
        ('channels_last', 'channels_first')
    """
    return image_data_format() if data_format is None else check_data_format(where, data_format)


def enable_unsafe_deserialization() -> None:
    """Allows lambdas in configs and saved models to be deserialized, as `safe_mode=False` does for a single call.

    The author of a file can then run arbitrary code on this machine.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> import minikeras
        >>> double = minikeras.layers.Lambda(lambda x: 2 * x)
        >>> config = minikeras.saving.serialize_keras_object(double)
        >>> enable_unsafe_deserialization()
        >>> restored = minikeras.saving.deserialize_keras_object(config)
        >>> print(restored(np.float32(3)))
        6.0
    """
    _settings["safe_deserialization"] = False


def is_deserialization_safe() -> bool:
    """Returns whether code in configs is refused; see `enable_unsafe_deserialization`."""
    return _settings["safe_deserialization"]


def enable_interactive_logging() -> None:
    """Makes `fit`, `summary` and others print to standard output, which is the default.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> enable_interactive_logging()
        >>> is_interactive_logging_enabled()
        True
    """
    _settings["interactive_logging"] = True


def disable_interactive_logging() -> None:
    """Makes `fit`, `summary` and others log instead of printing, to `logging.getLogger("minikeras")` at level INFO.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> disable_interactive_logging()
        >>> is_interactive_logging_enabled()
        False
    """
    _settings["interactive_logging"] = False


def is_interactive_logging_enabled() -> bool:
    """Returns whether progress is printed rather than logged.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> is_interactive_logging_enabled()
        True
    """
    return _settings["interactive_logging"]


def enable_flash_attention() -> None:
    """Lets attention choose block by block computation for long sequences, which is the default.

    Attention in blocks never has all scores in memory; up to rounding, its results are equal.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> enable_flash_attention()
        >>> is_flash_attention_enabled() is None
        True
    """
    _settings["flash_attention"] = None


def disable_flash_attention() -> None:
    """Makes attention compute all scores at once, unless an argument `flash_attention=True` requests blocks.

    It takes effect for layers that are created, and for steps that are traced, after it.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> disable_flash_attention()
        >>> is_flash_attention_enabled()
        False
    """
    _settings["flash_attention"] = False


def is_flash_attention_enabled() -> bool | None:
    """Returns False if flash attention is disabled, else None, as in Keras.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> is_flash_attention_enabled() is None
        True
    """
    return _settings["flash_attention"]


def is_nnx_enabled() -> bool:
    """Returns False: NNX belongs to the JAX backend of Keras.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> is_nnx_enabled()
        False
    """
    return False


@filtered
def set_max_epochs(max_epochs: int | None) -> None:
    """Limits the number of epochs of `fit`, to try out a script.

    Args:
        max_epochs: The index of the last epoch, counted from 1; no limit if it is None or 0.

    Raises:
        ArgumentError: If it is neither None nor an integer of at least 0.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> set_max_epochs(1)  # `fit(..., epochs=10)` then runs one, and warns
        >>> max_epochs()
        1
    """
    _settings["max_epochs"] = check_optional_int("set_max_epochs", "max_epochs", max_epochs, minimum=0)


def max_epochs() -> int | None:
    """Returns the limit of the number of epochs of `fit`: that of `set_max_epochs` or `$KERAS_MAX_EPOCHS`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> set_max_epochs(2)
        >>> max_epochs()
        2
    """
    return _settings["max_epochs"]


@filtered
def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Limits the number of steps of each epoch of `fit`, and of `evaluate` and `predict`, to try out a script.

    Args:
        max_steps_per_epoch: The number of steps; no limit if it is None or 0.

    Raises:
        ArgumentError: If it is neither None nor an integer of at least 0.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> set_max_steps_per_epoch(3)
        >>> max_steps_per_epoch()
        3
    """
    _settings["max_steps_per_epoch"] = check_optional_int(
        "set_max_steps_per_epoch", "max_steps_per_epoch", max_steps_per_epoch, minimum=0
    )


def max_steps_per_epoch() -> int | None:
    """Returns the limit of the number of steps: that of `set_max_steps_per_epoch` or `$KERAS_MAX_STEPS_PER_EPOCH`.

    Source: https://keras.io/api/utils/config_utils/

    Example:
        >>> max_steps_per_epoch() is None
        True
    """
    return _settings["max_steps_per_epoch"]


def version() -> str:
    """Returns the version of minikeras.

    Example:
        >>> version() == namespace("").__version__
        True
    """
    return namespace("").__version__


def keras_home() -> str:
    """Returns the folder of Keras's settings and caches: `$KERAS_HOME`, else `~/.keras`."""
    return os.path.expanduser(os.environ.get("KERAS_HOME") or os.path.join("~", ".keras"))


def load_settings(path: str) -> None:
    """Loads settings from a `keras.json` file; invalid ones are named in a warning.

    Args:
        path: The file. Nothing happens if it does not exist.
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
        warnings.warn(f"Settings in {path} are ignored: {error}", UserWarning, stacklevel=2)


def load_limits(environment: Mapping[str, str]) -> None:
    """Sets the limits for debugging from environment variables; invalid ones are named in a warning.

    Args:
        environment: The environment variables.
    """
    setters = {"KERAS_MAX_EPOCHS": set_max_epochs, "KERAS_MAX_STEPS_PER_EPOCH": set_max_steps_per_epoch}
    for name, setter in setters.items():
        if name in environment:
            try:
                setter(int(environment[name]))
            except ValueError as error:
                warnings.warn(f"The environment variable {name} is ignored: {error}", UserWarning, stacklevel=2)


load_settings(os.path.join(keras_home(), "keras.json"))
load_limits(os.environ)
