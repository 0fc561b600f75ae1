"""The `NonNeg` constraint."""

from .. import ops
from ..typing import Tensor, TensorLike
from .constraint import Constraint


class NonNeg(Constraint):
    """Constrains weights to be non-negative.

    `w = maximum(w, 0)`

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> NonNeg()([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """

    def __call__(self, w: TensorLike) -> Tensor:
        """Returns the weight with negative values set to 0."""
        return ops.maximum(w, 0)
