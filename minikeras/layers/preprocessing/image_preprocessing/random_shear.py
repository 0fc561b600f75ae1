"""The `RandomShear` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .arguments import factor_range
from .warping import Warping, columns


class RandomShear(Warping):
    """Shears images at random in training.

    The pixel (x, y) is taken from (x + sx y, y + sy x). For each image, both factors are drawn, and their signs are
    changed with a probability of 1/2.

    Args:
        x_factor: The horizontal shear, in [0, 1]. A number f for factors from -f to f, or two limits.
        y_factor: The vertical shear, likewise.
        interpolation: "nearest" or "bilinear".
        fill_mode: What is outside of an image: "constant", "nearest", "reflect" or "wrap".
        fill_value: The value of "constant".
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_shear/

    Example:
        >>> image = [[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]]
        >>> RandomShear((1.0, 1.0), fill_mode="constant", seed=0)(image)[:, :, 0]
        array([[1., 2., 3.],
               [0., 4., 5.]], dtype=float32)
    """

    def __init__(
        self,
        x_factor: Any = 0.0,
        y_factor: Any = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(fill_mode, interpolation, fill_value, seed, data_format=data_format, **kwargs)
        self.x_factor, self.y_factor = _limits("x_factor", x_factor), _limits("y_factor", y_factor)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the horizontal and the vertical factor of each image."""
        if not training:
            return None
        count, *size = self._sizes(data)
        sign = ops.where(self._uniform((count, 1), 0, 1, seed, self.compute_dtype) > 0.5, -1.0, 1.0)
        y = self._uniform((count, 1), *self.y_factor, seed, self.compute_dtype)
        x = self._uniform((count, 1), *self.x_factor, seed, self.compute_dtype)
        factors = ops.concatenate([x, y], axis=1)
        return {"shear_factor": factors * ops.cast(sign, factors.dtype), "size": tuple(size)}

    def matrices(self, transformation: dict[str, Any]) -> Tensor:
        """Returns the shears."""
        factors = transformation["shear_factor"]
        return columns(1, factors[:, 0], 0, factors[:, 1], 1, 0, 0, 0)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return self._config("x_factor", "y_factor", "fill_mode", "interpolation", "seed", "fill_value", "data_format")


def _limits(name: str, value: Any) -> tuple[Any, Any]:
    # The config of 0.2 has (-0.2, 0.2): two limits may have different signs, or no layer could be loaded.
    is_mirrored = isinstance(value, (list, tuple)) and len(value) == 2 and value[0] == -value[1]
    return factor_range("RandomShear", name, value, -1 if is_mirrored else 0, 1)
