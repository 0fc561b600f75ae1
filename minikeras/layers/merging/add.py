"""The `Add` layer and the function `add`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Add(Merge):
    """Adds its inputs element-wise.

    `x_1 + x_2 + ...`

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/add/

    Example:
        >>> Add()([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[4., 3.]], dtype=float32)
    """

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Returns the sum."""
        output = inputs[0]
        for x in inputs[1:]:
            output = ops.add(output, x)
        return output


@filtered
def add(inputs: Sequence[TensorLike], **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Adds its inputs element-wise, by calling a new `Add` layer.

    Args:
        inputs: A list of arrays.
        **kwargs: Arguments of the layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/add/

    Example:
        >>> add([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[4., 3.]], dtype=float32)
    """
    return Add(**kwargs)(inputs)
