"""The `AutoContrast` layer."""

from typing import Any

from .... import ops
from ....ops.image.axes import axes_of
from ....typing import Tensor
from .arguments import check_value_range
from .base_image_preprocessing_layer import BaseImagePreprocessingLayer
from .value_ranges import rescaled


class AutoContrast(BaseImagePreprocessingLayer):
    """Stretches each channel of images to all of the range of values, in training and otherwise.

    Args:
        value_range: The least and the greatest value of a pixel.
        **kwargs: `data_format`, `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/auto_contrast/

    Example:
        >>> AutoContrast()([[[10.0], [20.0], [30.0]]])
        array([[[  0. ],
                [127.5],
                [255. ]]], dtype=float32)
    """

    is_random = False

    def __init__(self, value_range: Any = (0, 255), **kwargs: Any):
        super().__init__(**kwargs)
        self.value_range = sorted(check_value_range("AutoContrast", value_range))

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, stretched; channels of a single value stay as they are."""
        axes = axes_of("AutoContrast", self.data_format)
        pixels = rescaled(images, self.value_range, (0, 255))
        low, high = (f(pixels, axis=(axes.height, axes.width), keepdims=True) for f in (ops.min, ops.max))
        is_flat = high == low
        scale = 255.0 / ops.where(is_flat, 1.0, high - low)
        pixels = rescaled(ops.clip(pixels * scale + -low * scale, 0.0, 255.0), (0, 255), self.value_range)
        return ops.where(is_flat, images, pixels)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "value_range": self.value_range}
