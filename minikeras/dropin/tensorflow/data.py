"""`tf.data`: the datasets of `minikeras.data` under TensorFlow's names."""

from ...data.arguments import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY
from ...data.dataset import Dataset, Options
from ...data.files import CsvDataset, TextLineDataset
from ...data.specs import DatasetSpec

__all__ = [
    "AUTOTUNE",
    "Dataset",
    "DatasetSpec",
    "INFINITE_CARDINALITY",
    "Options",
    "TextLineDataset",
    "UNKNOWN_CARDINALITY",
    "experimental",
]


class experimental:
    """`tf.data.experimental`: older names."""

    AUTOTUNE = AUTOTUNE
    INFINITE_CARDINALITY = INFINITE_CARDINALITY
    UNKNOWN_CARDINALITY = UNKNOWN_CARDINALITY
    CsvDataset = CsvDataset

    @staticmethod
    def cardinality(dataset: Dataset) -> object:
        """Returns the number of elements of a dataset: -1 (infinite), -2 (unknown)."""
        return dataset.cardinality()
