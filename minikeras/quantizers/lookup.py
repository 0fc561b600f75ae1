"""Looking up quantizers, and configs of quantizations, by name, config or object."""

import inspect
from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentError, brief
from ..serialization.lookup import Lookup
from ..serialization.public import class_paths
from ..tracebacks import filtered
from .quantization_config import QuantizationConfig

_LOOKUP = Lookup("quantizer", "keras.quantizers", classes=class_paths("quantizers"))


@filtered
def get(identifier: Any, **kwargs: Any) -> Any:
    """Returns the quantizer, or the config of a quantization, for an identifier.

    Args:
        identifier: A name (`"abs_max_quantizer"`), a config, a class, or an object. None gives None.
        **kwargs: Arguments of the constructor, for a name or a class.

    Raises:
        UnknownNameError: If a name is unknown.
        ArgumentError: If the identifier is of another type.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> get("abs_max_quantizer", axis=-1).axis
        (-1,)
    """
    if identifier is None or isinstance(identifier, QuantizationConfig):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    found = _LOOKUP.find(identifier) if isinstance(identifier, str) else identifier
    if not callable(found):
        raise ArgumentError(f"Expected a name, a config or an object of quantizer. Received: {brief(identifier)}")
    return found(**kwargs) if inspect.isclass(found) else found


@filtered
def serialize(initializer: Any) -> Any:
    """Returns the config of a quantizer, or of the config of a quantization.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> from minikeras.quantizers import AbsMaxQuantizer
        >>> serialize(AbsMaxQuantizer(axis=0))["config"]["axis"]
        (0,)
    """
    return _LOOKUP.serialize(initializer)


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Creates a quantizer, or the config of a quantization, from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> from minikeras.quantizers import AbsMaxQuantizer
        >>> deserialize(serialize(AbsMaxQuantizer(axis=0))).axis
        (0,)
    """
    return _LOOKUP.deserialize(config, custom_objects)
