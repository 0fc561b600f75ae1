"""The `Average` layer and the function `average`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Average(Merge):
    """Averages its inputs element-wise.

    `(x_1 + x_2 + ... + x_n) / n`

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/average/

    Example:
        >>> Average()([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[2. , 1.5]], dtype=float32)
    """

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Returns the mean."""
        output = inputs[0]
        for x in inputs[1:]:
            output = ops.add(output, x)
        return output / len(inputs)


@filtered
def average(inputs: Sequence[TensorLike], **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Averages its inputs element-wise, by calling a new `Average` layer.

    Args:
        inputs: A list of arrays.
        **kwargs: Arguments of the layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/average/

    Example:
        >>> average([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[2. , 1.5]], dtype=float32)
    """
    return Average(**kwargs)(inputs)
