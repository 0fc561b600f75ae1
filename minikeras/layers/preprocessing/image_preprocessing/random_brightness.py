"""The `RandomBrightness` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .random_layer import ColorLayer


class RandomBrightness(ColorLayer):
    """Makes images darker or brighter in training: adds `factor * (greatest - least value)` to all pixels.

    Args:
        factor: In [-1, 1]; -1 makes any image black, 1 white. A number f for factors from -f to f, or two limits.
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        **kwargs: "channels_last" or "channels_first"; `config.image_**kwargs()` by default.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness/

    Example:
        >>> RandomBrightness((0.2, 0.2))([[[10.0, 250.0]]])
        array([[[ 61., 255.]]], dtype=float32)
    """

    def __init__(self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **kwargs: Any):
        super().__init__(factor, value_range, seed, **kwargs)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns what is added to each image."""
        if not training:
            return None
        factor = self._uniform((self._sizes(data)[0], 1, 1, 1), *self.factor, seed)
        return {"rgb_delta": factor * (self.value_range[1] - self.value_range[0])}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns darker or brighter images."""
        return ops.clip(images + ops.cast(transformation["rgb_delta"], images.dtype), *self.value_range)
