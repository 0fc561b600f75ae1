"""Saving and loading of models, serialization of objects, and custom objects, as in `keras.saving`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..serialization.configs import deserialize_keras_object as deserialize_keras_object
    from ..serialization.configs import serialize_keras_object as serialize_keras_object
    from ..serialization.custom_objects import CustomObjectScope as CustomObjectScope
    from ..serialization.custom_objects import get_custom_objects as get_custom_objects
    from ..serialization.custom_objects import get_registered_name as get_registered_name
    from ..serialization.custom_objects import get_registered_object as get_registered_object
    from ..serialization.custom_objects import register_keras_serializable as register_keras_serializable
    from .file_editor import KerasFileEditor as KerasFileEditor
    from .files import load_model as load_model
    from .files import load_weights as load_weights
    from .files import save_model as save_model
    from .files import save_weights as save_weights

    custom_object_scope = CustomObjectScope
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "CustomObjectScope": "..serialization.custom_objects",
            "KerasFileEditor": ".file_editor",
            "custom_object_scope": "..serialization.custom_objects:CustomObjectScope",
            "deserialize_keras_object": "..serialization.configs",
            "get_custom_objects": "..serialization.custom_objects",
            "get_registered_name": "..serialization.custom_objects",
            "get_registered_object": "..serialization.custom_objects",
            "load_model": ".files",
            "load_weights": ".files",
            "register_keras_serializable": "..serialization.custom_objects",
            "save_model": ".files",
            "save_weights": ".files",
            "serialize_keras_object": "..serialization.configs",
        },
    )
