"""The `Multiply` layer and the function `multiply`."""

from ... import ops
from ...tracebacks import filtered
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

    def merge(self, inputs: list) -> object:
        """Returns the product."""
        output = inputs[0]
        for x in inputs[1:]:
            output = ops.multiply(output, x)
        return output


@filtered
def multiply(inputs: list, **kwargs: object) -> object:
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
