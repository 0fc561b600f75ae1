"""The `Softmax` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_axes
from ...engine.dtypes import dtype_of
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class Softmax(SameShape):
    """Softmax: turns logits along an axis into probabilities.

    Args:
        axis: The axis or axes along which the probabilities sum to 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the axis is invalid.

    Source: https://keras.io/api/layers/activation_layers/softmax/

    Example:
        >>> Softmax()([[0.0, 0.0]])
        array([[0.5, 0.5]], dtype=float32)
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.axis = check_axes("Softmax", "axis", axis)

    def call(self, inputs: TensorLike, mask: TensorLike | None = None) -> Tensor:
        """Returns the probabilities, which are 0 where the mask is False."""
        if mask is not None:
            # The exponential of such a logit is 0, in float16, too.
            lowest = -3e4 if dtype_of(inputs) == "float16" else -1e9
            inputs = ops.add(inputs, (1.0 - ops.cast(mask, dtype_of(inputs))) * lowest)
        axis = tuple(self.axis) if isinstance(self.axis, (tuple, list)) else self.axis
        probabilities = ops.softmax(inputs, axis=axis)
        return probabilities if mask is None else probabilities * ops.cast(mask, dtype_of(probabilities))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis}
