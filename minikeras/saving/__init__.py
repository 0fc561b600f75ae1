"""Objects to and from configs, and the user's own classes that configs may name, as in `keras.saving`."""

from ..engine.custom_objects import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from ..engine.serialization import deserialize_keras_object, serialize_keras_object

custom_object_scope = CustomObjectScope

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "register_keras_serializable",
    "serialize_keras_object",
]
