"""The `OrthogonalRegularizer`."""

from typing import Any

import numpy as np

from .. import ops
from ..argument_checks import bad_argument
from ..engine.dtypes import dtype_of
from ..errors import ShapeError
from ..ops.common.arguments import as_float
from ..typing import Tensor, TensorLike
from .regularizer import Regularizer, check_factor


class OrthogonalRegularizer(Regularizer):
    """Encourages the rows, or the columns, of a matrix to be orthogonal to each other.

    `loss = factor * mean(abs(cos(angle)))` over all pairs; a row of zeros is orthogonal to all others.

    Args:
        factor: The regularization factor, >= 0.
        mode: "rows" or "columns".

    Raises:
        ArgumentError: If an argument is invalid.
        ShapeError: When called, if the value is not a matrix.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> float(OrthogonalRegularizer(0.5)([[3.0, 0.0], [4.0, 0.0]]))
        0.5
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows"):
        # As in Keras, rounded to float32, which shows in the config.
        self.factor = float(np.float32(check_factor(self, "factor", factor)))
        if mode not in ("rows", "columns"):
            raise bad_argument(type(self).__name__, "mode", mode, "'rows' or 'columns'")
        self.mode = mode

    def __call__(self, inputs: TensorLike) -> Tensor:
        """Returns the penalty, a scalar.

        Args:
            inputs: A matrix.
        """
        x = as_float(inputs)
        if len(x.shape) != 2:
            raise ShapeError(
                f"`{type(self).__name__}` expects a matrix, with 2 axes. Received a value of shape {tuple(x.shape)}"
            )
        x = x if self.mode == "rows" else ops.transpose(x)
        squares = ops.sum(ops.square(x), axis=1, keepdims=True)
        rows = x / ops.sqrt(ops.where(squares == 0, 1.0, squares))
        count = x.shape[0]
        others = 1 - np.eye(count, dtype=dtype_of(x))
        cosines = ops.absolute(ops.matmul(rows, ops.transpose(rows))) * others
        pairs = count * (count - 1) / 2
        # Each pair is counted twice. A single row has no pairs and no penalty.
        return self.factor * (0.5 * ops.sum(cosines) / max(pairs, 1.0))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"factor": self.factor, "mode": self.mode}
