"""Constraints on weights, applied after each update, as in `keras.constraints`."""

from .constraint import Constraint
from .lookup import deserialize, get, serialize
from .non_neg import NonNeg
from .norms import MaxNorm, MinMaxNorm, UnitNorm

# As in Keras, each class has a snake-case alias.
max_norm = MaxNorm
min_max_norm = MinMaxNorm
non_neg = NonNeg
unit_norm = UnitNorm

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]
