"""A layer that does nothing."""

from typing import Any, Unpack

from ...engine import tree
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments
from ..base import Layer


class Identity(Layer):
    """Returns its input, as a place for a layer that is not wanted.

    Args:
        **kwargs: `name`, `dtype`, ... of every layer.

    Source: https://keras.io/api/layers/core_layers/identity/

    Example:
        >>> Identity()([[1.0, 2.0]])
        array([[1., 2.]], dtype=float32)
    """

    def __init__(self, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Returns the inputs."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the input shape."""
        return input_shape

    def compute_output_spec(self, inputs: Any) -> Any:
        """Returns the symbolic outputs, in the types of the inputs."""
        return tree.map_structure(lambda x: KerasTensor(x.shape, x.dtype), inputs)
