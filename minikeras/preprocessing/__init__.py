"""Datasets from files and arrays, and the preprocessing utilities of Keras 2 for text, sequences and images."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..utils import image_dataset_from_directory as image_dataset_from_directory
    from ..utils import text_dataset_from_directory as text_dataset_from_directory
    from ..utils import timeseries_dataset_from_array as timeseries_dataset_from_array
    from . import image as image
    from . import sequence as sequence
    from . import text as text
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "image": ".",
            "image_dataset_from_directory": "..utils",
            "sequence": ".",
            "text": ".",
            "text_dataset_from_directory": "..utils",
            "timeseries_dataset_from_array": "..utils",
        },
    )
