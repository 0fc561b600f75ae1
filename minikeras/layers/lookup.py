"""Layers to and from configs."""

from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentTypeError, brief
from ..graph.operation import Operation
from ..serialization.lookup import Lookup
from ..serialization.public import class_paths
from ..tracebacks import filtered

_LOOKUP = Lookup(
    "layer",
    "keras.layers",
    classes=class_paths("layers", left_out=["Input", "InputSpec", "Layer"]),
    also=("keras", "keras.applications", "keras.models"),
)


@filtered
def serialize(layer: Operation) -> dict[str, Any]:
    """Returns Keras's description of a layer: its class, its config and the shape it was built for.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> from minikeras.layers import Activation
        >>> serialize(Activation("relu", name="a"))["config"]["activation"]
        'relu'
    """
    return _LOOKUP.serialize(layer)


@filtered
def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Recreates a layer from the config that `serialize` returned, built and compiled if it was.

    Args:
        config: The config.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If minikeras has no such layer.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> deserialize({"class_name": "Dense", "config": {"units": 3}}).units
        3
    """
    layer = _LOOKUP.deserialize(config, custom_objects)
    if not isinstance(layer, Operation):
        raise ArgumentTypeError(f"Expected the config of a layer. Received: {brief(config)}")
    return layer
