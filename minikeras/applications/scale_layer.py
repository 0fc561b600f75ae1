"""Layers that scale their input, of which some models are made; Keras has them beside the models that use them."""

from typing import Any, Unpack

from ..argument_checks import check_int, check_number
from ..initializers import Constant
from ..layers import Layer
from ..typing import LayerArguments, Shape, Tensor, TensorLike

__all__ = ["CustomScaleLayer", "LayerScale"]


class LayerScale(Layer):
    """Multiplies each channel by a weight of its own.

    Args:
        init_values: The value that the weights start with.
        projection_dim: The number of channels.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://arxiv.org/abs/2103.17239

    Example:
        >>> LayerScale(0.5, 2)([[2.0, 4.0]])
        array([[1., 2.]], dtype=float32)
    """

    keras_module = "keras.src.applications.convnext"

    def __init__(self, init_values: float, projection_dim: int, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.init_values = check_number("LayerScale", "init_values", init_values)
        self.projection_dim = check_int("LayerScale", "projection_dim", projection_dim, minimum=1)

    def build(self, input_shape: Shape) -> None:
        """Creates the weights."""
        self.gamma = self.add_weight(shape=(self.projection_dim,), initializer=Constant(self.init_values))

    def call(self, inputs: TensorLike) -> Tensor:
        """Scales the channels."""
        return inputs * self.gamma

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "init_values": self.init_values, "projection_dim": self.projection_dim}


class CustomScaleLayer(Layer):
    """Adds a fraction of the second input to the first: `y = x[0] + scale * x[1]`.

    Args:
        scale: The fraction.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://arxiv.org/abs/1602.07261

    Example:
        >>> CustomScaleLayer(0.5)([np.array([1.0], "float32"), np.array([4.0], "float32")])
        array([3.], dtype=float32)
    """

    keras_module = "keras.src.applications.inception_resnet_v2"

    def __init__(self, scale: float, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.scale = check_number("CustomScaleLayer", "scale", scale)

    def call(self, inputs: list[TensorLike]) -> Tensor:
        """Adds the inputs."""
        first, second = inputs
        return first + second * self.scale

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "scale": self.scale}
