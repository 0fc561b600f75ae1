"""The `Pipeline` layer."""

from collections.abc import Sequence
from typing import Any, Self

from ...engine import tree
from ...engine.masks import get_mask
from ...errors import ArgumentError, ArgumentTypeError, brief
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ..arguments import signature_of
from ..base import Layer


class Pipeline(Layer):
    """Applies a series of layers to its input, such as the steps of preprocessing or augmentation.

    Unlike `Sequential`, it is no model: it is not trained, and is made for `Dataset.map`.

    Args:
        layers: The layers, in order.
        name: The layer's name.

    Raises:
        ArgumentTypeError: If they are no layers.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/pipeline/

    Example:
        >>> from minikeras.layers import Rescaling
        >>> Pipeline([Rescaling(2.0), Rescaling(1.0, offset=1.0)])([[1.0, 2.0]])
        array([[3., 5.]], dtype=float32)
    """

    _converts_inputs = False

    def __init__(self, layers: Sequence[Layer], name: str | None = None):
        super().__init__(name=name)
        if not isinstance(layers, (list, tuple)) or not all(isinstance(layer, Layer) for layer in layers):
            raise ArgumentTypeError(f"Pipeline: `layers` must be a list of layers. Received: layers={brief(layers)}")
        if not layers:
            raise ArgumentError("Pipeline: `layers` must hold at least one layer. Received: layers=[]")
        self._pipeline_layers = list(layers)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order."""
        return self._pipeline_layers

    def call(self, inputs: Any, training: bool = True, mask: Any = None) -> Any:
        """Returns the output of the last layer.

        Args:
            inputs: The input of the first layer.
            training: Whether layers behave as in training.
            mask: The mask of the inputs.
        """
        for layer in self._pipeline_layers:
            parameters = signature_of(type(layer).call).parameters
            options: dict[str, Any] = {"mask": mask} if "mask" in parameters else {}
            if "training" in parameters and training is not None:
                options["training"] = training
            inputs = layer(inputs, **options)
            mask = tree.map_structure(get_mask, inputs)
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {"layers": serialize_keras_object(list(self._pipeline_layers)), "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a layer from its config.

        Raises:
            ArgumentError: If it has no list of layers.
        """
        layers = config.get("layers")
        if not isinstance(layers, (list, tuple)):
            raise ArgumentError(
                f"Pipeline: the config must have a key 'layers' with a list of layers. Received: layers={brief(layers)}"
            )
        return cls(**{**config, "layers": [deserialize_keras_object(layer) for layer in layers]})
