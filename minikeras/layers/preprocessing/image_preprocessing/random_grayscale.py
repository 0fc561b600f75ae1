"""The `RandomGrayscale` layer."""

from typing import Any

from .... import ops
from ....argument_checks import check_number
from ....errors import ArgumentError
from ....typing import Tensor
from .random_layer import RandomLayer


class RandomGrayscale(RandomLayer):
    """Makes images gray in training; they keep their channels and their dtype.

    Args:
        factor: The probability that an image becomes gray, in [0, 1].
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_grayscale/

    Example:
        >>> RandomGrayscale(1.0)([[[100.0, 0.0, 0.0]]]).round(2)
        array([[[29.89, 29.89, 29.89]]], dtype=float32)
    """

    keeps_dtype = True

    def __init__(self, factor: float = 0.5, data_format: str | None = None, seed: int | None = None, **kwargs: Any):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = check_number("RandomGrayscale", "factor", factor, minimum=0, maximum=1, error=ArgumentError)

    def get_random_transformation(self, images: Any, training: bool = True, seed: Any = None) -> Tensor | None:
        """Returns which images become gray.

        Args:
            images: The images, or a dict with them.
            training: Whether the model is trained.
            seed: A seed generator or an integer; the layer's own generator by default.
        """
        if not training:
            return None
        return (self._uniform((self._sizes(images)[0],), 0, 1, seed) < self.factor)[:, None, None, None]

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen gray."""
        gray = ops.image.rgb_to_grayscale(images, self.data_format)
        return ops.where(transformation, gray, images)

    def transform_labels(self, labels: Tensor, transformations: Any = None, **kwargs: Any) -> Tensor:
        """Returns the labels as they are."""
        return super().transform_labels(labels, **{"transformation": transformations, **kwargs})

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformations: Any = None, **kwargs: Any
    ) -> Tensor:
        """Returns the segmentation masks as they are."""
        return super().transform_segmentation_masks(segmentation_masks, **{"transformation": transformations, **kwargs})

    def compute_output_spec(self, inputs: Any = None, **kwargs: Any) -> Any:
        """Returns symbolic outputs: of images in their dtype, of a dict by tracing the call."""
        data = kwargs.pop("data") if inputs is None else inputs  # the name of the argument of `call`
        return super().compute_output_spec(data, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "factor": self.factor}
        # Keras forgets it, and so draws others after loading.
        return config if self.seed is None else {**config, "seed": self.seed}
