"""Models to and from files, objects to and from configs, and the classes of users, as in `keras.saving`."""

from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..serialization.custom_objects import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from .file_editor import KerasFileEditor
from .files import load_model, load_weights, save_model, save_weights

custom_object_scope = CustomObjectScope

__all__ = [
    "CustomObjectScope",
    "KerasFileEditor",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
    "serialize_keras_object",
]
