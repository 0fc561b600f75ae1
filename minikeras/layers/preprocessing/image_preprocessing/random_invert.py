"""The `RandomInvert` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .random_layer import ColorLayer


class RandomInvert(ColorLayer):
    """Inverts colors in training: `greatest value - x`.

    Args:
        factor: The probability that an image is inverted, in [0, 1]: a number f for one between 0 and f, or two limits.
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_invert/

    Example:
        >>> RandomInvert((1.0, 1.0))([[[0.0, 100.0, 255.0]]])
        array([[[255., 155.,   0.]]], dtype=float32)
    """

    factor_bounds = (0, 1)
    sorts_value_range = False

    def __init__(
        self,
        factor: Any = 1.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(factor, value_range, seed, data_format=data_format, **kwargs)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which images are inverted."""
        if not training:
            return None
        return {"apply_inversion": self._is_chosen(self._sizes(data)[0], self.factor, seed)}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen inverted."""
        is_chosen = transformation["apply_inversion"][:, None, None, None]
        return ops.where(is_chosen, self.value_range[1] - images, images)
