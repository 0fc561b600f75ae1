"""Layers, as in `keras.layers`."""

from ..engine.lookup import Lookup
from ..engine.trace import paused_tracing
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

lookup = Lookup("layer", "keras.layers", classes=(Activation, Dense, Dropout, Flatten, InputLayer, ReLU, Softmax))


def serialize(layer: Layer) -> dict:
    """Returns Keras's description of a layer: its class, its config and the shape it was built for.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> serialize(Activation("relu", name="a"))["config"]["activation"]
        'relu'
    """
    described = lookup.serialize(layer)
    build_config = layer.get_build_config()
    return described if build_config is None else {**described, "build_config": build_config}


def deserialize(config: dict) -> Layer:
    """Makes the layer that `serialize` described, and builds it if it was built.

    Raises:
        UnknownNameError: If minikeras has no such layer.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> deserialize({"class_name": "Dense", "config": {"units": 3}}).units
        3
    """
    layer = lookup.deserialize(config)
    if not isinstance(layer, Layer):
        raise ArgumentTypeError(f"Expected the config of a layer. Received: {config!r}")
    shape = (config.get("build_config") or {}).get("input_shape")
    if shape is not None and not layer.built:
        with paused_tracing():
            layer.build(tuple(shape))
        layer.built = True  # the `build` of a user's layer need not say so
    return layer
