"""Layers, as in `keras.layers`."""

from ..errors import ArgumentTypeError, brief
from ..graph.operation import Operation
from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from .activations import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from .base import Layer
from .core import Dense, EinsumDense, Embedding, Identity, Input, InputLayer, Lambda, Masking
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
from .normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from .regularization import (
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from .reshaping import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    Flatten,
    Permute,
    RepeatVector,
    Reshape,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)

__all__ = [
    "Activation",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "Average",
    "BatchNormalization",
    "Concatenate",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "Dense",
    "Dot",
    "Dropout",
    "ELU",
    "EinsumDense",
    "Embedding",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GroupNormalization",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "Maximum",
    "Minimum",
    "Multiply",
    "PReLU",
    "Permute",
    "RMSNormalization",
    "ReLU",
    "RepeatVector",
    "Reshape",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "Subtract",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
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
        AlphaDropout,
        Average,
        BatchNormalization,
        Concatenate,
        Cropping1D,
        Cropping2D,
        Cropping3D,
        Dense,
        Dot,
        Dropout,
        ELU,
        EinsumDense,
        Embedding,
        Flatten,
        GaussianDropout,
        GaussianNoise,
        GroupNormalization,
        Identity,
        InputLayer,
        Lambda,
        LayerNormalization,
        LeakyReLU,
        Masking,
        Maximum,
        Minimum,
        Multiply,
        PReLU,
        Permute,
        RMSNormalization,
        ReLU,
        RepeatVector,
        Reshape,
        Softmax,
        SpatialDropout1D,
        SpatialDropout2D,
        SpatialDropout3D,
        Subtract,
        UnitNormalization,
        UpSampling1D,
        UpSampling2D,
        UpSampling3D,
        ZeroPadding1D,
        ZeroPadding2D,
        ZeroPadding3D,
    ),
    also=("keras", "keras.models"),
)


@filtered
def serialize(layer: Operation) -> dict:
    """Returns Keras's description of a layer: its class, its config and the shape it was built for.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> serialize(Activation("relu", name="a"))["config"]["activation"]
        'relu'
    """
    return lookup.serialize(layer)


@filtered
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
        raise ArgumentTypeError(f"Expected the config of a layer. Received: {brief(config)}")
    return layer
