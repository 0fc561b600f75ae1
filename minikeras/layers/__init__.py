"""Layers, as in `keras.layers`."""

from ..engine.lookup import Lookup
from ..errors import ArgumentTypeError
from .activations import Activation, ReLU, Softmax
from .base import Layer
from .core import Dense, Input, InputLayer
from .input_spec import InputSpec
from .regularization import Dropout
from .reshaping import Flatten

__all__ = [
    "Activation",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "InputSpec",
    "Layer",
    "ReLU",
    "Softmax",
    "deserialize",
    "serialize",
]

lookup = Lookup(
    "layer",
    "keras.layers",
    classes=(Activation, Dense, Dropout, Flatten, InputLayer, ReLU, Softmax),
    also=("keras", "keras.models"),
)


def serialize(layer: Layer) -> dict:
    """Returns Keras's description of a layer: its class, its config and the shape it was built for.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> serialize(Activation("relu", name="a"))["config"]["activation"]
        'relu'
    """
    return lookup.serialize(layer)


def deserialize(config: dict, custom_objects: dict | None = None) -> Layer:
    """Makes the layer that `serialize` described, and builds it if it was built.

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
    layer = lookup.deserialize(config, custom_objects)
    if not isinstance(layer, Layer):
        raise ArgumentTypeError(f"Expected the config of a layer. Received: {config!r}")
    return layer
