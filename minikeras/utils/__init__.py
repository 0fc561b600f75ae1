"""Tools around training: data preparation, progress display, and the configs of objects."""

from ..engine.custom_objects import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from ..engine.serialization import deserialize_keras_object, serialize_keras_object
from .batch import pack_x_y_sample_weight, unpack_x_y_sample_weight
from .numerical_utils import normalize, to_categorical
from .progbar import Progbar
from .py_dataset import PyDataset
from .random_seed import set_random_seed

custom_object_scope = CustomObjectScope
Sequence = PyDataset  # as Keras 2 called it, and Keras 3 still does

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "normalize",
    "pack_x_y_sample_weight",
    "register_keras_serializable",
    "serialize_keras_object",
    "set_random_seed",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
