"""The smallest of several values."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Minimum(Merge):
    """Takes the smallest of several values, element by element, leaving out what is masked.

    `min(x_1, x_2, ...)`

    Args:
        **kwargs: `name`, `dtype`, ... of every layer.

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
    """Takes the smallest of several values: calls a new `Minimum` layer.

    Args:
        inputs: A list of values.
        **kwargs: `name`, `dtype`, ... of the layer.

    Source: https://keras.io/api/layers/merging_layers/minimum/

    Example:
        >>> minimum([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[1., 1.]], dtype=float32)
    """
    return Minimum(**kwargs)(inputs)
