"""Constraints on weights, applied after each update, as in `keras.constraints`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .constraint import Constraint as Constraint
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .non_negative import NonNeg as NonNeg
    from .norms import MaxNorm as MaxNorm
    from .norms import MinMaxNorm as MinMaxNorm
    from .norms import UnitNorm as UnitNorm

    # As in Keras, each class has a snake-case alias.
    max_norm = MaxNorm
    min_max_norm = MinMaxNorm
    non_neg = NonNeg
    unit_norm = UnitNorm
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "Constraint": ".constraint",
            "MaxNorm": ".norms",
            "MinMaxNorm": ".norms",
            "NonNeg": ".non_negative",
            "UnitNorm": ".norms",
            "deserialize": ".lookup",
            "get": ".lookup",
            "max_norm": ".norms:MaxNorm",
            "min_max_norm": ".norms:MinMaxNorm",
            "non_neg": ".non_negative:NonNeg",
            "serialize": ".lookup",
            "unit_norm": ".norms:UnitNorm",
        },
    )
