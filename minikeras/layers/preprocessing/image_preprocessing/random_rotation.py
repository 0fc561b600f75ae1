"""The `RandomRotation` layer."""

import math
from typing import Any

import numpy as np

from .... import ops
from ....typing import Tensor
from .arguments import factor_range
from .warping import Warping, columns


class RandomRotation(Warping):
    """Turns images by random angles in training.

    Args:
        factor: The angle as a fraction of a full turn, at most 1; positive is counter-clockwise. A number f for angles
            from -f to f, or two limits.
        fill_mode: What is outside of an image: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        seed: An integer, for reproducible draws.
        fill_value: The value of "constant".
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_rotation/

    Example:
        >>> image = [[[1.0], [2.0]], [[3.0], [4.0]]]
        >>> RandomRotation((0.25, 0.25))(image).round(3)[:, :, 0]
        array([[2., 4.],
               [1., 3.]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(fill_mode, interpolation, fill_value, seed, data_format=data_format, **kwargs)
        self.factor = factor_range("RandomRotation", "factor", factor, -1, 1, is_strict=False)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the angle of each image, in degrees."""
        if not training:
            return None
        count, *size = self._sizes(data)
        low, high = self.factor
        return {"angle": self._uniform((count,), low * 360.0, high * 360.0, seed), "size": tuple(size)}

    def matrices(self, transformation: dict[str, Any]) -> Tensor:
        """Returns the rotations about the center."""
        height, width = transformation["size"]
        angle = transformation["angle"] * np.float32(math.pi / 180)
        cos, sin = ops.cos(angle), ops.sin(angle)
        x, y = 0.5 * (width - 1), 0.5 * (height - 1)
        return columns(cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0, 0)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return self._config("factor", "data_format", "fill_mode", "fill_value", "interpolation", "seed")
