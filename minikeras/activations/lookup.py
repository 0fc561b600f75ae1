"""Looking up activations by name, config, function or object."""

from collections.abc import Callable, Mapping
from typing import Any

from ..serialization.lookup import Lookup
from ..serialization.public import function_paths
from ..tracebacks import filtered
from .piecewise import linear

_ALIASES = {"hard_swish": "hard_silu", "swish": "silu"}
# Keras 2 also accepted these layers' names; with default arguments, they are equal to the functions.
_LEGACY = {"ELU": "elu", "ReLU": "relu", "Softmax": "softmax"}

_LOOKUP = Lookup(
    "activation",
    "keras.activations",
    functions=function_paths("activations"),
    aliases=_ALIASES,
    legacy=_LEGACY,
    also=["keras.layers"],
)


@filtered
def get(identifier: Any) -> Callable[..., Any]:
    """Returns the activation for an identifier.

    Args:
        identifier: A name (`"relu"`), a config, a function or a layer; None gives `linear`.

    Raises:
        UnknownNameError: If a name is unknown.
        ArgumentTypeError: If the identifier is of another type.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> get("relu")([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """
    return linear if identifier is None else _LOOKUP.get(identifier)


@filtered
def serialize(activation: Any) -> Any:
    """Returns the name of an activation, or the config of an object or a custom function.

    Raises:
        SerializationError: If it cannot be serialized.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> serialize(linear)
        'linear'
    """
    return _LOOKUP.serialize(activation)


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Callable:
    """Returns the activation for a config.

    Args:
        config: A name or a config.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the name is unknown.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> deserialize("tanh").__name__
        'tanh'
    """
    return _LOOKUP.deserialize(config, custom_objects)
