"""The `Multiply` layer and the function `multiply`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Multiply(Merge):
    """Multiplies its inputs element-wise.

    `x_1 * x_2 * ...`

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

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
    """Multiplies its inputs element-wise, by calling a new `Multiply` layer.

    Args:
        inputs: A list of arrays.
        **kwargs: Arguments of the layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/multiply/

    Example:
        >>> multiply([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[3., 2.]], dtype=float32)
    """
    return Multiply(**kwargs)(inputs)
