"""The `Minimum` layer and the function `minimum`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Minimum(Merge):
    """Element-wise minimum of its inputs, ignoring masked elements.

    `min(x_1, x_2, ...)`

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/minimum/

    Example:
        >>> Minimum()([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[1., 1.]], dtype=float32)
    """

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Returns the smallest."""
        return self.merge_where_masked(ops.minimum, inputs)


@filtered
def minimum(inputs: Sequence[TensorLike], **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Returns the element-wise minimum of its inputs, by calling a new `Minimum` layer.

    Args:
        inputs: A list of arrays.
        **kwargs: Arguments of the layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/minimum/

    Example:
        >>> minimum([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[1., 1.]], dtype=float32)
    """
    return Minimum(**kwargs)(inputs)
