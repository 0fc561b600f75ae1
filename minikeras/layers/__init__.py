"""Layers, as in `keras.layers`."""

from ..engine.lookup import Lookup
from ..engine.operation import Operation
from ..errors import ArgumentTypeError
from .activations import Activation, ReLU, Softmax
from .base import Layer
from .core import Dense, Embedding, Identity, Input, InputLayer, Lambda, Masking
from .input_spec import InputSpec
from .merging import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from .regularization import ActivityRegularization, Dropout
from .reshaping import Flatten, Permute, RepeatVector, Reshape

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "Average",
    "Concatenate",
    "Dense",
    "Dot",
    "Dropout",
    "Embedding",
    "Flatten",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "Lambda",
    "Layer",
    "Masking",
    "Maximum",
    "Minimum",
    "Multiply",
    "Permute",
    "ReLU",
    "RepeatVector",
    "Reshape",
    "Softmax",
    "Subtract",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "serialize",
    "subtract",
]

lookup = Lookup(
    "layer",
    "keras.layers",
    classes=(
        Activation,
        ActivityRegularization,
        Add,
        Average,
        Concatenate,
        Dense,
        Dot,
        Dropout,
        Embedding,
        Flatten,
        Identity,
        InputLayer,
        Lambda,
        Masking,
        Maximum,
        Minimum,
        Multiply,
        Permute,
        ReLU,
        RepeatVector,
        Reshape,
        Softmax,
        Subtract,
    ),
    also=("keras", "keras.models"),
)


def serialize(layer: Operation) -> dict:
    """Returns Keras's description of a layer: its class, its config and the shape it was built for.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> serialize(Activation("relu", name="a"))["config"]["activation"]
        'relu'
    """
    return lookup.serialize(layer)


def deserialize(config: dict, custom_objects: dict | None = None) -> Operation:
    """Makes the layer that `serialize` described, builds it if it was built, and compiles it if it was compiled.

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
    if not isinstance(layer, Operation):
        raise ArgumentTypeError(f"Expected the config of a layer. Received: {config!r}")
    return layer
