"""Random boxes in images, which are erased or filled with parts of other images."""

from typing import Any

import numpy as np

from .... import ops
from ....typing import Tensor
from .random_layer import RandomLayer


class PatchLayer(RandomLayer):
    """The base of layers that replace a random box of each image.

    Args:
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every image layer: `bounding_box_format`, `data_format`, `name`, `dtype` ...

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """

    def _bounds(self, count: int, length: int, ratio: Tensor, seed: Any) -> tuple[Tensor, Tensor]:
        """Draws where the boxes begin and end along an axis.

        Args:
            count: The number of images.
            length: Their size along the axis.
            ratio: The sizes of the boxes as fractions of it, of shape (count,).
            seed: The seed of the draw.
        """
        part = ratio * length
        start = self._uniform((count,), 0, 1, seed, self.compute_dtype) * (length - part)
        return start, start + part

    def _is_inside(self, columns: tuple, rows: tuple, height: int, width: int) -> Tensor:
        """Returns which pixels are in the boxes, as booleans that broadcast to the images."""
        inside = [
            ops.logical_and(np.arange(length) >= low[:, None], np.arange(length) < high[:, None])
            for length, (low, high) in ((height, rows), (width, columns))
        ]
        found = ops.logical_and(inside[0][:, :, None], inside[1][:, None, :])
        return found[..., None] if self.data_format == "channels_last" else found[:, None]
