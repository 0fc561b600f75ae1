"""Bounds that weights are kept in after each update, as in `keras.constraints`."""

from .constraint import Constraint
from .lookup import deserialize, get, serialize
from .non_neg import NonNeg
from .norms import MaxNorm, MinMaxNorm, UnitNorm

# Keras has each class under its snake-case name too.
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
