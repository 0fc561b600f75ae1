"""The largest of several values."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...tracebacks import filtered
from ...typing import LayerArguments, Tensor, TensorLike
from .merge import Merge


class Maximum(Merge):
    """Takes the largest of several values, element by element, leaving out what is masked.

    `max(x_1, x_2, ...)`

    Args:
        **kwargs: `name`, `dtype`, ... of every layer.

    Source: https://keras.io/api/layers/merging_layers/maximum/

    Example:
        >>> Maximum()([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[3., 2.]], dtype=float32)
    """

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Returns the largest."""
        return self.merge_where_masked(ops.maximum, inputs)


@filtered
def maximum(inputs: Sequence[TensorLike], **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Takes the largest of several values: calls a new `Maximum` layer.

    Args:
        inputs: A list of values.
        **kwargs: `name`, `dtype`, ... of the layer.

    Source: https://keras.io/api/layers/merging_layers/maximum/

    Example:
        >>> maximum([np.array([[1.0, 2.0]]), np.array([[3.0, 1.0]])])
        array([[3., 2.]], dtype=float32)
    """
    return Maximum(**kwargs)(inputs)
