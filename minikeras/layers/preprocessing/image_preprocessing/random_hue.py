"""The `RandomHue` layer."""

from typing import Any

from .... import ops
from ....ops.image.axes import axes_of
from ....typing import Tensor
from .random_layer import ColorLayer
from .value_ranges import rescaled


class RandomHue(ColorLayer):
    """Changes the hue of images in training: turns the color wheel by up to `factor / 2`, in either direction.

    Args:
        factor: In [0, 1]. A number f for factors from 0 to f, or two limits.
        value_range: The least and the greatest value of a pixel.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_hue/

    Example:
        >>> RandomHue((1.0, 1.0))([[[255.0, 0.0, 0.0]]]).round(2)  # half a turn
        array([[[  0., 255., 255.]]], dtype=float32)
    """

    factor_bounds = (0, 1)
    sorts_value_range = False

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
        """Returns the turn of each image."""
        if not training:
            return None
        count = self._sizes(data)[0]
        sign = ops.where(self._uniform((count,), 0.0, 1.0, seed) > 0.5, -1.0, 1.0)
        return {"factor": sign * self._uniform((count,), *self.factor, seed) * 0.5}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images of other hues."""
        axis = axes_of("RandomHue", self.data_format).channels
        turn = ops.cast(transformation["factor"], images.dtype)[:, None, None]
        images = ops.image.rgb_to_hsv(rescaled(images, self.value_range, (0, 1)), self.data_format)
        hue, saturation, value = ops.unstack(images, 3, axis)
        hue = hue + turn
        hue = ops.where(hue > 1.0, hue - 1.0, hue)
        hue = ops.where(hue < 0.0, hue + 1.0, hue)
        images = ops.image.hsv_to_rgb(ops.stack([hue, saturation, value], axis), self.data_format)
        return rescaled(ops.clip(images, 0, 1), (0, 1), self.value_range)
