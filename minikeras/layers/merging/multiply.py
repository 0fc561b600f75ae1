"""The product of several values."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Multiply(Merge):
    """Multiplies values element by element.

    `x_1 * x_2 * ...`

    Args:
        **kwargs: `name`, `dtype`, ... of every layer.

    Source: https://keras.io/api/layers/merging_layers/multiply/

    Example:
        >>> Multiply()([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[3., 2.]], dtype=float32)
    """

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Returns the product."""
        output = inputs[0]
        for x in inputs[1:]:
            output = ops.multiply(output, x)
        return output


@filtered
def multiply(inputs: Sequence[TensorLike], **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Multiplies values element by element: calls a new `Multiply` layer.

    Args:
        inputs: A list of values.
        **kwargs: `name`, `dtype`, ... of the layer.

    Source: https://keras.io/api/layers/merging_layers/multiply/

    Example:
        >>> multiply([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[3., 2.]], dtype=float32)
    """
    return Multiply(**kwargs)(inputs)
