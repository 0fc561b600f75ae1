"""The `RandomSaturation` layer."""

from typing import Any

from .... import config, ops
from ....ops.image.axes import axes_of
from ....typing import Tensor
from .random_layer import ColorLayer


class RandomSaturation(ColorLayer):
    """Changes the saturation of images in training: multiplies it by `factor / (1 - factor)`.

    Args:
        factor: 0 makes images gray, 0.5 leaves them as they are, 1 makes colors pure. Two limits, or a number f, which
            as in Keras means limits of -f and f, where all below 0 makes images gray, too.
        value_range: As in Keras, the limits of the multiplied saturation, which is 1 for pure colors.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_saturation/

    Example:
        >>> RandomSaturation((0.25, 0.25))([[[0.5, 0.5, 1.0]]]).round(4)
        array([[[0.8333, 0.8333, 1.    ]]], dtype=float32)
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
        """Returns by what the saturation of each image is multiplied."""
        if not training:
            return None
        factor = self._uniform((self._sizes(data)[0],), *self.factor, seed)
        return {"factor": factor / (1 - factor + config.epsilon())}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images of another saturation."""
        axis = axes_of("RandomSaturation", self.data_format).channels
        factor = ops.cast(transformation["factor"], images.dtype)[:, None, None]
        hue, saturation, value = ops.unstack(ops.image.rgb_to_hsv(images, self.data_format), 3, axis)
        saturation = ops.clip(saturation * factor, *self.value_range)
        return ops.image.hsv_to_rgb(ops.stack([hue, saturation, value], axis), self.data_format)
