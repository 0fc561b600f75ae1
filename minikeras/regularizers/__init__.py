"""Regularizers, as in `keras.regularizers`."""

from .lookup import deserialize, get, serialize
from .norms import L1, L1L2, L2
from .orthogonal import OrthogonalRegularizer
from .regularizer import Regularizer

# As in Keras, each class has a lower-case alias.
l1 = L1
l1_l2 = L1L2
l2 = L2
orthogonal_regularizer = OrthogonalRegularizer

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "orthogonal_regularizer",
    "serialize",
]
