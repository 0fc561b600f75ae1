"""The `Activation` layer."""

from typing import Any, Unpack

from ... import activations
from ...typing import ActivationLike, LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class Activation(SameShape):
    """Applies an activation function to each element.

    Args:
        activation: A name, such as "relu", or a function.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        UnknownNameError: If the name is not known.

    Source: https://keras.io/api/layers/core_layers/activation/

    Example:
        >>> Activation("relu")([[-1.0, 2.0]])
        array([[0., 2.]], dtype=float32)
    """

    def __init__(self, activation: ActivationLike, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the activation of the inputs."""
        return self.activation(inputs)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
