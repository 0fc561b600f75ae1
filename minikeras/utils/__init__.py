"""Tools around training: data preparation and progress display."""

from .numerical_utils import normalize, to_categorical
from .progbar import Progbar
from .random_seed import set_random_seed

__all__ = ["Progbar", "normalize", "set_random_seed", "to_categorical"]
