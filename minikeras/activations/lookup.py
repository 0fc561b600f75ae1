"""Finding an activation by what a user writes: a name, a config, a function or an object."""

from collections.abc import Callable, Mapping
from typing import Any

from ..serialization.lookup import Lookup
from ..serialization.public import function_paths
from ..tracebacks import filtered
from .piecewise import linear

_ALIASES = {"hard_swish": "hard_silu", "swish": "silu"}
# Layers whose names Keras 2 took, too, and that do with their default arguments what the functions do.
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
    """Returns the activation an identifier stands for.

    Args:
        identifier: A name (`"relu"`), a config, a function or a layer; None gives `linear`.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> get("relu")([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """
    return linear if identifier is None else _LOOKUP.get(identifier)


@filtered
def serialize(activation: Any) -> Any:
    """Returns the name of an activation function, or the config of an object or of a function of the user.

    Raises:
        SerializationError: If no config can describe it.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> serialize(linear)
        'linear'
    """
    return _LOOKUP.serialize(activation)


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Callable:
    """Returns the activation that `serialize` described.

    Args:
        config: A name or a config.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If the name is not known.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> deserialize("tanh").__name__
        'tanh'
    """
    return _LOOKUP.deserialize(config, custom_objects)
