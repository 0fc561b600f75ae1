"""Layers, as in `keras.layers`."""

from .activations import Activation, ReLU, Softmax
from .base import Layer
from .core import Dense, Input, InputLayer
from .input_spec import InputSpec
from .lookup import deserialize, serialize
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
