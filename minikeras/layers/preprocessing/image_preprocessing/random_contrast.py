"""The `RandomContrast` layer."""

from typing import Any

from .... import ops
from ....ops.image.axes import axes_of
from ....ops.image.contrast import with_contrast
from ....typing import Tensor
from .random_layer import ColorLayer


class RandomContrast(ColorLayer):
    """Changes the contrast of images in training: `(x - mean) * factor + mean`, with the mean of each channel.

    Args:
        factor: In [0, 1]. Two limits a and b for factors from 1 - a to 1 + b; as in Keras, a number b for those from 1
            to 1 + b.
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        **kwargs: `data_format`, `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_contrast/

    Example:
        >>> RandomContrast((0.5, 0.5), seed=0)([[[10.0], [30.0]]]).round(2)
        array([[[ 8.63],
                [31.37]]], dtype=float32)
    """

    factor_bounds = (0, 1)
    sorts_value_range = False

    def __init__(self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **kwargs: Any):
        super().__init__(factor, value_range, seed, **kwargs)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the factor of each image."""
        if not training:
            return None
        shape = (self._sizes(data)[0], 1, 1, 1)
        return {
            "contrast_factor": self._uniform(
                shape, 1.0 - self.factor[0], 1.0 + self.factor[1], seed, self.compute_dtype
            )
        }

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images with another contrast."""
        axes = axes_of("RandomContrast", self.data_format)
        factor = ops.cast(transformation["contrast_factor"], images.dtype)
        return with_contrast(images, axes, factor, *self.value_range)
