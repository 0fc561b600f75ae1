"""Regularizers, as in `keras.regularizers`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .norms import L1 as L1
    from .norms import L1L2 as L1L2
    from .norms import L2 as L2
    from .orthogonal import OrthogonalRegularizer as OrthogonalRegularizer
    from .regularizer import Regularizer as Regularizer

    # As in Keras, each class has a snake-case alias.
    l1 = L1
    l1_l2 = L1L2
    l2 = L2
    orthogonal_regularizer = OrthogonalRegularizer
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "L1": ".norms",
            "L1L2": ".norms",
            "L2": ".norms",
            "OrthogonalRegularizer": ".orthogonal",
            "Regularizer": ".regularizer",
            "deserialize": ".lookup",
            "get": ".lookup",
            "l1": ".norms:L1",
            "l1_l2": ".norms:L1L2",
            "l2": ".norms:L2",
            "orthogonal_regularizer": ".orthogonal:OrthogonalRegularizer",
            "serialize": ".lookup",
        },
    )
