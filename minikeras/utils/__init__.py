"""Tools around training: data preparation, progress display, and the configs of objects."""

from ..config import (
    disable_interactive_logging,
    enable_interactive_logging,
    is_interactive_logging_enabled,
)
from ..engine.dtypes import standardize_dtype
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..serialization.custom_objects import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from .batch import pack_x_y_sample_weight, unpack_x_y_sample_weight
from .image_utils import array_to_img, img_to_array, load_img, save_img
from .numerical_utils import normalize, to_categorical
from .progbar import Progbar
from .py_dataset import PyDataset
from .random_seed import set_random_seed
from .sequence_utils import pad_sequences
from .session import clear_session, is_keras_tensor

custom_object_scope = CustomObjectScope
Sequence = PyDataset  # as Keras 2 called it, and Keras 3 still does

__all__ = [
    "CustomObjectScope",
    "Progbar",
    "PyDataset",
    "Sequence",
    "array_to_img",
    "clear_session",
    "custom_object_scope",
    "deserialize_keras_object",
    "disable_interactive_logging",
    "enable_interactive_logging",
    "get_custom_objects",
    "get_registered_name",
    "get_registered_object",
    "img_to_array",
    "is_interactive_logging_enabled",
    "is_keras_tensor",
    "load_img",
    "normalize",
    "pack_x_y_sample_weight",
    "pad_sequences",
    "register_keras_serializable",
    "save_img",
    "serialize_keras_object",
    "set_random_seed",
    "standardize_dtype",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
