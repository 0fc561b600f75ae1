"""Losses by name, function, object or config."""

from collections.abc import Mapping
from typing import Any

from ..serialization.lookup import Lookup
from ..serialization.public import class_paths, function_paths
from ..tracebacks import filtered
from .configs import describe, restore, with_custom
from .legacy import ALIASES, NAMES
from .wrapper import LossFunctionWrapper

_CLASSES = (*class_paths("losses"), LossFunctionWrapper)
_FUNCTIONS = function_paths("losses")
_NAMES = {"kind": "loss", "module": "keras.losses"}
_losses = Lookup(**_NAMES, classes=_CLASSES, functions=_FUNCTIONS, aliases=ALIASES, legacy=NAMES)


@filtered
def get(identifier: Any) -> Any:
    """Returns the loss that an identifier refers to.

    Args:
        identifier: The name of a function (such as "mse") or of a class, a config, a function, a class or an
            object; None gives None.

    Raises:
        UnknownNameError: If a name is not known; the error suggests the closest one.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/losses/

    Example:
        >>> get("mse").__name__
        'mean_squared_error'
        >>> get({"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}).from_logits
        True
    """
    return deserialize(identifier) if isinstance(identifier, dict) else _losses.get(identifier)


@filtered
def serialize(loss: Any) -> Any:
    """Returns the config of a loss object or function.

    Args:
        loss: A `Loss` or a function.

    Source: https://keras.io/api/losses/

    Example:
        >>> from minikeras.losses import MeanSquaredError
        >>> serialize(MeanSquaredError())["class_name"]
        'MeanSquaredError'
    """
    return describe(loss, "keras.losses")


@filtered
def deserialize(name: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Creates a loss from its config or name.

    Args:
        name: A config or a name.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If the config is incomplete.

    Source: https://keras.io/api/losses/

    Example:
        >>> from minikeras.losses import MeanSquaredError
        >>> deserialize(serialize(MeanSquaredError(reduction="sum"))).reduction
        'sum'
    """
    losses = with_custom(custom_objects, _CLASSES, _FUNCTIONS, ALIASES, **_NAMES) if custom_objects else _losses
    return restore(name, losses, losses)


def full_name(name: str) -> str:
    """Resolves an alias of a loss to its name; returns other names unchanged.

    Example:
        >>> full_name("mse")
        'mean_squared_error'
    """
    return _losses.full_name(name)
