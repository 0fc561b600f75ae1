"""The `Solarization` layer."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .arguments import check_value_range, factor_range
from .random_layer import RandomLayer
from .value_ranges import rescaled


class Solarization(RandomLayer):
    """Brightens images in training, and inverts the pixels that are bright then: `255 - x` from a threshold on.

    Args:
        addition_factor: What is added to pixels, as a fraction of 255 in [0, 1]: a number f for one between 0 and f, or
            two limits.
        threshold_factor: The threshold, likewise.
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        **kwargs: `data_format`, `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/solarization/

    Example:
        >>> Solarization()([[[0.0, 100.0, 255.0]]])
        array([[[255., 155.,   0.]]], dtype=float32)
    """

    def __init__(
        self,
        addition_factor: Any = 0.0,
        threshold_factor: Any = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, **kwargs)
        self.addition_factor, self.threshold_factor = (
            factor_range("Solarization", name, value, 0, 1, least=0)
            for name, value in (("addition_factor", addition_factor), ("threshold_factor", threshold_factor))
        )
        self.value_range = sorted(check_value_range("Solarization", value_range))

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns what is added to each image, and its threshold."""
        if not training:
            return None
        shape = (self._sizes(data)[0], 1, 1, 1)
        # As in Keras, the lower limits are not multiplied by 255.
        factors = {"additions": self.addition_factor, "thresholds": self.threshold_factor}
        return {
            name: self._uniform(shape, low, high * 255, seed, self.compute_dtype)
            for name, (low, high) in factors.items()
        }

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images with their bright pixels inverted."""
        additions, thresholds = (ops.cast(transformation[n], images.dtype) for n in ("additions", "thresholds"))
        images = ops.clip(rescaled(images, self.value_range, (0, 255)) + additions, 0, 255)
        return rescaled(ops.where(images < thresholds, images, 255 - images), (0, 255), self.value_range)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("value_range", "addition_factor", "threshold_factor", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
