"""The `RandomPosterization` layer."""

from typing import Any

from .... import ops, random
from ....argument_checks import bad_argument
from ....typing import Tensor
from .random_layer import ColorLayer
from .value_ranges import rescaled

_BITS = 8


class RandomPosterization(ColorLayer):
    """Reduces the number of bits of each color in training.

    Args:
        factor: How many of 8 bits remain: two integers from 1 to 8, the upper one excluded unless they are equal. As in
            Keras, a single one n means 1 and n.
        value_range: The least and the greatest value of a pixel.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_posterization/

    Example:
        >>> RandomPosterization(1)([[[127.0, 128.0, 255.0]]])
        array([[[  0., 128., 128.]]], dtype=float32)
    """

    factor_bounds = (1, _BITS)

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(factor, value_range, seed, data_format=data_format, **kwargs)
        if any(limit != int(limit) for limit in self.factor) or self.factor[0] < 1 or self.factor[1] > _BITS:
            raise bad_argument("RandomPosterization", "factor", factor, "an integer, or two, in [1, 8]")

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns how many bits each image loses."""
        if not training:
            return None
        count, (low, high) = self._sizes(data)[0], (int(limit) for limit in self.factor)
        if low == high:
            factor = ops.full((count,), low, "uint8")
        else:
            seed = self.generator if seed is None else seed
            factor = random.randint((count,), low, high, dtype="uint8", seed=seed)
        return {"shift_factor": ops.cast(_BITS, "uint8") - factor}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images with fewer bits."""
        shift = transformation["shift_factor"][:, None, None, None]
        pixels = ops.saturate_cast(rescaled(images, self.value_range, (0, 255)), "uint8")
        pixels = ops.cast(ops.left_shift(ops.right_shift(pixels, shift), shift), images.dtype)
        return rescaled(pixels, (0, 255), self.value_range)
