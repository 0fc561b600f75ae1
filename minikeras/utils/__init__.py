"""Tools around training: data preparation and progress display."""

from .batch import pack_x_y_sample_weight, unpack_x_y_sample_weight
from .numerical_utils import normalize, to_categorical
from .progbar import Progbar
from .random_seed import set_random_seed

__all__ = [
    "Progbar",
    "normalize",
    "pack_x_y_sample_weight",
    "set_random_seed",
    "to_categorical",
    "unpack_x_y_sample_weight",
]
