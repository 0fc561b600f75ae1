"""Datasets whose elements are read and transformed lazily: what `tf.data` is to Keras.

Source: https://www.tensorflow.org/api_docs/python/tf/data

Example:
    >>> from minikeras.data import Dataset
    >>> [batch.tolist() for batch in Dataset.range(5).map(lambda number: number * number).batch(3)]
    [[0, 1, 4], [9, 16]]
"""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .arguments import AUTOTUNE as AUTOTUNE
    from .arguments import INFINITE_CARDINALITY as INFINITE_CARDINALITY
    from .arguments import UNKNOWN_CARDINALITY as UNKNOWN_CARDINALITY
    from .dataset import Dataset as Dataset
    from .dataset import Options as Options
    from .files import CsvDataset as CsvDataset
    from .files import TextLineDataset as TextLineDataset
    from .specs import DatasetSpec as DatasetSpec
    from .specs import TensorSpec as TensorSpec
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "AUTOTUNE": ".arguments",
            "CsvDataset": ".files",
            "Dataset": ".dataset",
            "DatasetSpec": ".specs",
            "INFINITE_CARDINALITY": ".arguments",
            "Options": ".dataset",
            "TensorSpec": ".specs",
            "TextLineDataset": ".files",
            "UNKNOWN_CARDINALITY": ".arguments",
        },
    )
