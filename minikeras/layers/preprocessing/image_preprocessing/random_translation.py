"""The `RandomTranslation` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .arguments import factor_range
from .warping import Warping, columns


class RandomTranslation(Warping):
    """Shifts images at random in training.

    Args:
        height_factor: How far images are shifted down, as a fraction of their height in [-1, 1]. A number f for shifts
            from -f to f, or two limits.
        width_factor: How far they are shifted to the right, as a fraction of their width; likewise.
        fill_mode: What is outside of an image: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        seed: An integer, for reproducible draws.
        fill_value: The value of "constant".
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/

    Example:
        >>> image = [[[1.0], [2.0], [3.0], [4.0]]]
        >>> RandomTranslation(0.0, (0.25, 0.25), "constant")(image)[:, :, 0]
        array([[0., 1., 2., 3.]], dtype=float32)
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(fill_mode, interpolation, fill_value, seed, data_format=data_format, **kwargs)
        self.height_factor, self.width_factor = height_factor, width_factor
        self.height_lower, self.height_upper = factor_range("RandomTranslation", "height_factor", height_factor, -1, 1)
        self.width_lower, self.width_upper = factor_range("RandomTranslation", "width_factor", width_factor, -1, 1)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns how far each image is shifted, to the right and down, in pixels."""
        if not training:
            return None
        count, height, width = self._sizes(data)
        down = self._uniform((count, 1), self.height_lower, self.height_upper, seed) * height
        right = self._uniform((count, 1), self.width_lower, self.width_upper, seed) * width
        return {"translations": ops.concatenate([right, down], axis=1), "size": (height, width)}

    def matrices(self, transformation: dict[str, Any]) -> Tensor:
        """Returns the shifts."""
        shifts = transformation["translations"]
        return columns(1, 0, -shifts[:, 0], 0, 1, -shifts[:, 1], 0, 0)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return self._config(
            "height_factor", "width_factor", "fill_mode", "interpolation", "seed", "fill_value", "data_format"
        )
