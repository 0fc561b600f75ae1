"""The `RandomColorDegeneration` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .random_layer import ColorLayer


class RandomColorDegeneration(ColorLayer):
    """Moves colors towards gray in training: `x + factor * (gray - x)`.

    Args:
        factor: 0 leaves images as they are, 1 makes them gray; below 0, colors become stronger. A number f in [-1, 1]
            for factors from -f to f, or two limits.
        value_range: The least and the greatest value of a pixel.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_color_degeneration/

    Example:
        >>> RandomColorDegeneration((1.0, 1.0))([[[100.0, 0.0, 0.0]]]).round(2)
        array([[[29.89, 29.89, 29.89]]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(factor, value_range, seed, data_format=data_format, **kwargs)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the factor of each image."""
        if not training:
            return None
        return {"factor": self._uniform((self._sizes(data)[0], 1, 1, 1), *self.factor, seed)}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images with weaker colors."""
        gray = ops.image.rgb_to_grayscale(images, self.data_format)
        images = images + ops.cast(transformation["factor"], images.dtype) * (gray - images)
        return ops.clip(images, *self.value_range)
