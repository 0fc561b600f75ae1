"""A constraint to weights of 0 or more."""

from .. import ops
from ..typing import Tensor, TensorLike
from .constraint import Constraint


class NonNeg(Constraint):
    """Sets negative weights to 0.

    `w = maximum(w, 0)`

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> NonNeg()([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """

    def __call__(self, w: TensorLike) -> Tensor:
        """Returns the weight without its negative values."""
        return ops.maximum(w, 0)
