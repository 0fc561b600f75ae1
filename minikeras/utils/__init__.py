"""Tools around training: data preparation, progress display, and the configs of objects."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..config import disable_interactive_logging as disable_interactive_logging
    from ..config import enable_interactive_logging as enable_interactive_logging
    from ..config import is_interactive_logging_enabled as is_interactive_logging_enabled
    from ..engine.dtypes import standardize_dtype as standardize_dtype
    from ..layers.preprocessing.feature_space import FeatureSpace as FeatureSpace
    from ..serialization.configs import deserialize_keras_object as deserialize_keras_object
    from ..serialization.configs import serialize_keras_object as serialize_keras_object
    from ..serialization.custom_objects import CustomObjectScope as CustomObjectScope
    from ..serialization.custom_objects import get_custom_objects as get_custom_objects
    from ..serialization.custom_objects import get_registered_name as get_registered_name
    from ..serialization.custom_objects import get_registered_object as get_registered_object
    from ..serialization.custom_objects import register_keras_serializable as register_keras_serializable
    from . import bounding_boxes as bounding_boxes
    from . import legacy as legacy
    from .audio_dataset_utils import audio_dataset_from_directory as audio_dataset_from_directory
    from .batch import pack_x_y_sample_weight as pack_x_y_sample_weight
    from .batch import unpack_x_y_sample_weight as unpack_x_y_sample_weight
    from .config import Config as Config
    from .dataset_utils import split_dataset as split_dataset
    from .file_utils import get_file as get_file
    from .image_dataset_utils import image_dataset_from_directory as image_dataset_from_directory
    from .image_utils import array_to_img as array_to_img
    from .image_utils import img_to_array as img_to_array
    from .image_utils import load_img as load_img
    from .image_utils import save_img as save_img
    from .model_visualization import model_to_dot as model_to_dot
    from .model_visualization import plot_model as plot_model
    from .numerical_utils import normalize as normalize
    from .numerical_utils import to_categorical as to_categorical
    from .progbar import Progbar as Progbar
    from .py_dataset import PyDataset as PyDataset
    from .random_seed import set_random_seed as set_random_seed
    from .sequence_utils import pad_sequences as pad_sequences
    from .session import clear_session as clear_session
    from .session import is_keras_tensor as is_keras_tensor
    from .source_inputs import get_source_inputs as get_source_inputs
    from .text_dataset_utils import text_dataset_from_directory as text_dataset_from_directory
    from .timeseries_dataset_utils import timeseries_dataset_from_array as timeseries_dataset_from_array

    Sequence = PyDataset  # the name in Keras 2, still in Keras 3
    custom_object_scope = CustomObjectScope
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "Config": ".config",
            "CustomObjectScope": "..serialization.custom_objects",
            "FeatureSpace": "..layers.preprocessing.feature_space",
            "Progbar": ".progbar",
            "PyDataset": ".py_dataset",
            "Sequence": ".py_dataset:PyDataset",
            "array_to_img": ".image_utils",
            "audio_dataset_from_directory": ".audio_dataset_utils",
            "bounding_boxes": ".",
            "clear_session": ".session",
            "custom_object_scope": "..serialization.custom_objects:CustomObjectScope",
            "deserialize_keras_object": "..serialization.configs",
            "disable_interactive_logging": "..config",
            "enable_interactive_logging": "..config",
            "get_custom_objects": "..serialization.custom_objects",
            "get_file": ".file_utils",
            "get_registered_name": "..serialization.custom_objects",
            "get_registered_object": "..serialization.custom_objects",
            "get_source_inputs": ".source_inputs",
            "image_dataset_from_directory": ".image_dataset_utils",
            "img_to_array": ".image_utils",
            "is_interactive_logging_enabled": "..config",
            "is_keras_tensor": ".session",
            "legacy": ".",
            "load_img": ".image_utils",
            "model_to_dot": ".model_visualization",
            "normalize": ".numerical_utils",
            "pack_x_y_sample_weight": ".batch",
            "pad_sequences": ".sequence_utils",
            "plot_model": ".model_visualization",
            "register_keras_serializable": "..serialization.custom_objects",
            "save_img": ".image_utils",
            "serialize_keras_object": "..serialization.configs",
            "set_random_seed": ".random_seed",
            "split_dataset": ".dataset_utils",
            "standardize_dtype": "..engine.dtypes",
            "text_dataset_from_directory": ".text_dataset_utils",
            "timeseries_dataset_from_array": ".timeseries_dataset_utils",
            "to_categorical": ".numerical_utils",
            "unpack_x_y_sample_weight": ".batch",
        },
    )
