"""The `RandomZoom` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .arguments import factor_range
from .warping import Warping, columns


class RandomZoom(Warping):
    """Enlarges or shrinks images about their center in training.

    Args:
        height_factor: By how much the part that is seen is higher than the image, in (-1, 1]: 0.2 zooms out by 20%,
            -0.2 zooms in. A number f for factors from -f to f, or two limits.
        width_factor: The same of the width; by default that of the height, which keeps the aspect ratio.
        fill_mode: What is outside of an image: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        seed: An integer, for reproducible draws.
        fill_value: The value of "constant".
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_zoom/

    Example:
        >>> image = [[[0.0], [1.0], [2.0], [3.0]]]
        >>> RandomZoom(0.0, (-0.5, -0.5))(image)[:, :, 0]
        array([[0.75, 1.25, 1.75, 2.25]], dtype=float32)
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(fill_mode, interpolation, fill_value, seed, data_format=data_format, **kwargs)
        limits = factor_range("RandomZoom", "height_factor", height_factor, -1, 1, is_open=True)
        self.height_factor, self.width_factor = height_factor, width_factor
        self.height_lower, self.height_upper = limits
        if width_factor is not None:
            limits = factor_range("RandomZoom", "width_factor", width_factor, -1, 1, is_open=True)
        self.width_lower, self.width_upper = limits

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns how high and how wide the part of each image is that is seen, as fractions."""
        if not training:
            return None
        count, *size = self._sizes(data)
        height = width = self._uniform((count, 1), 1.0 + self.height_lower, 1.0 + self.height_upper, seed)
        if self.width_factor is not None:
            width = self._uniform((count, 1), 1.0 + self.width_lower, 1.0 + self.width_upper, seed)
        return {"height_zoom": height, "width_zoom": width, "size": tuple(size)}

    def matrices(self, transformation: dict[str, Any]) -> Tensor:
        """Returns the maps that leave the center where it is."""
        height, width = transformation["size"]
        x, y = (ops.squeeze(transformation[name], -1) for name in ("width_zoom", "height_zoom"))
        return columns(x, 0, (width - 1) / 2 * (1 - x), 0, y, (height - 1) / 2 * (1 - y), 0, 0)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return self._config(
            "height_factor", "width_factor", "fill_mode", "interpolation", "seed", "fill_value", "data_format"
        )
