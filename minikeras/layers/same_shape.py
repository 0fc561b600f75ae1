"""What layers share whose output has the shape of their input."""

from typing import Any, Unpack

from ..typing import LayerArguments
from .base import Layer


class SameShape(Layer):
    """The base of layers whose output has the shape and the mask of their input.

    One that has no `build` has no weights, and so is built from the start.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/base_layer/
    """

    def __init__(self, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.built = type(self).build is Layer.build

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the input shape."""
        return input_shape
