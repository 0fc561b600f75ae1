"""The `Flatten` layer."""

import math
from typing import Any, Unpack

from ... import ops
from ...config import resolved_data_format
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from ..input_spec import InputSpec


class Flatten(Layer):
    """Flattens all axes after the batch axis into one.

    Args:
        data_format: "channels_last" or "channels_first": the channels become
            the last axis before flattening, so that both layouts give the same order.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        UnknownNameError: If the data format is unknown.

    Source: https://keras.io/api/layers/reshaping_layers/flatten/

    Example:
        >>> Flatten()([[[1.0, 2.0], [3.0, 4.0]]])
        array([[1., 2., 3., 4.]], dtype=float32)
    """

    def __init__(self, data_format: str | None = None, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.data_format = resolved_data_format("Flatten", data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs, shape (batch, product of the other sizes)."""
        shape = ops.shape(inputs)
        if self.data_format == "channels_first" and len(shape) > 1:
            inputs = ops.transpose(inputs, (0, *range(2, len(shape)), 1))
        return ops.reshape(inputs, (shape[0], math.prod(shape[1:])))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns (batch, product of the other sizes)."""
        rest = input_shape[1:]
        return (input_shape[0], None if None in rest else math.prod(rest))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "data_format": self.data_format}
