"""The `Subtract` layer and the function `subtract`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Subtract(Merge):
    """Subtracts the second input from the first.

    `x_1 - x_2`

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/subtract/

    Example:
        >>> Subtract()([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[-2.,  1.]], dtype=float32)
    """

    count = 2

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Returns the difference."""
        return ops.subtract(*inputs)


@filtered
def subtract(inputs: Sequence[TensorLike], **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Subtracts the second input from the first, by calling a new `Subtract` layer.

    Args:
        inputs: A list of two arrays.
        **kwargs: Arguments of the layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/subtract/

    Example:
        >>> subtract([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[-2.,  1.]], dtype=float32)
    """
    return Subtract(**kwargs)(inputs)
