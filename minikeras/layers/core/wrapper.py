"""The `Wrapper` layer."""

from collections.abc import Mapping
from typing import Any, Self, Unpack

from ...errors import ArgumentError, brief
from ...typing import LayerArguments
from ..base import Layer
from ..lookup import deserialize, serialize


class Wrapper(Layer):
    """The base of layers that change what another layer computes; a subclass writes `call`.

    Args:
        layer: The layer to wrap.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If `layer` is no layer.

    Source: https://keras.io/api/layers/core_layers/

    Example:
        >>> from minikeras.layers import Dense
        >>> class Doubled(Wrapper):
        ...     def call(self, inputs):
        ...         return 2 * self.layer(inputs)
        >>> Doubled(Dense(1, kernel_initializer="ones"))([[1.0, 2.0]])
        array([[6.]], dtype=float32)
    """

    def __init__(self, layer: Layer, **kwargs: Unpack[LayerArguments]):
        if not isinstance(layer, Layer):
            raise ArgumentError(
                f"{type(self).__name__}: `layer` must be a layer, such as Dense(2). Received: {brief(layer)}"
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape: Any = None) -> None:
        """Builds the wrapped layer, if it is not built."""
        if not self.layer.built:
            self.layer.build(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "layer": serialize(self.layer)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Recreates the layer, and the one it wraps, from what `get_config` returned."""
        return cls(**{**config, "layer": deserialize(config["layer"], custom_objects)})
