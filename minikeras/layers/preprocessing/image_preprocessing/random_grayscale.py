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

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Tensor | None:
        """Returns which images become gray."""
        if not training:
            return None
        return (self._uniform((self._sizes(data)[0],), 0, 1, seed) < self.factor)[:, None, None, None]

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen gray."""
        gray = ops.image.rgb_to_grayscale(images, self.data_format)
        return ops.where(transformation, gray, images)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "factor": self.factor}
        # Keras forgets it, and so draws others after loading.
        return config if self.seed is None else {**config, "seed": self.seed}
