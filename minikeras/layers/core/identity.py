"""The `Identity` layer."""

from typing import Any

from ...engine import tree
from ...graph.keras_tensor import KerasTensor
from ..same_shape import SameShape


class Identity(SameShape):
    """Returns its input unchanged: a placeholder.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/core_layers/identity/

    Example:
        >>> Identity()([[1.0, 2.0]])
        array([[1., 2.]], dtype=float32)
    """

    def call(self, inputs: Any) -> Any:
        """Returns the inputs."""
        return inputs

    def compute_output_spec(self, inputs: Any) -> Any:
        """Returns symbolic outputs with the shapes and dtypes of the inputs."""
        return tree.map_structure(lambda x: KerasTensor(x.shape, x.dtype), inputs)
