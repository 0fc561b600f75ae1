"""The `RandomSharpness` layer."""

from typing import Any

import numpy as np

from .... import ops
from ....ops.image.axes import axes_of
from ....typing import Tensor
from .random_layer import ColorLayer

_SMOOTHING = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], "float32") / np.float32(13)


class RandomSharpness(ColorLayer):
    """Makes images sharper or smoother in training: `x + (1 - 2 factor) * (smoothed - x)`.

    Args:
        factor: In [0, 1]: 0 smooths, 0.5 leaves images as they are, 1 sharpens. A number f for factors from 0 to f, or
            two limits.
        value_range: The least and the greatest value of a pixel.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_sharpness/

    Example:
        >>> RandomSharpness((0.0, 0.0))([[[13.0], [0.0], [0.0]]])
        array([[[5.],
                [1.],
                [0.]]], dtype=float32)
    """

    factor_bounds = (0, 1)

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
        return {"factor": self._uniform((self._sizes(data)[0],), *self.factor, seed)}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns sharper or smoother images."""
        channels = images.shape[axes_of("RandomSharpness", self.data_format).channels]
        kernel = np.repeat(_SMOOTHING[..., None, None], channels, 2).astype(images.dtype)
        smooth = ops.depthwise_conv(images, kernel, padding="same", data_format=self.data_format)
        weight = 1.0 - 2 * ops.cast(transformation["factor"], images.dtype)[:, None, None, None]
        return ops.clip(images + weight * (smooth - images), *self.value_range)
