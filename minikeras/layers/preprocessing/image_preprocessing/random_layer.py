"""The base of image layers that draw random numbers."""

from typing import Any

from .... import random
from ....engine.dtypes import is_float
from ....typing import Tensor
from .arguments import check_value_range, factor_range
from .base_image_preprocessing_layer import BaseImagePreprocessingLayer


class RandomLayer(BaseImagePreprocessingLayer):
    """The base of image layers that draw random numbers.

    Args:
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every image layer: `bounding_box_format`, `data_format`, `name`, `dtype` ...

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """

    def __init__(self, seed: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.seed = seed
        self.generator = random.SeedGenerator(seed)

    def _uniform(self, shape: Any, low: Any, high: Any, seed: Any, dtype: str = "float32") -> Tensor:
        """Draws numbers between limits; a dtype for integers is replaced by float32."""
        dtype = dtype if is_float(dtype) else "float32"
        return random.uniform(shape, low, high, dtype=dtype, seed=self.generator if seed is None else seed)

    def _is_chosen(self, count: int, limits: tuple[Any, Any], seed: Any) -> Tensor:
        """Draws which images are changed: each with a probability that is itself drawn between limits."""
        probability = self._uniform((count,), *limits, seed)
        return self._uniform((count,), 0.0, 1.0, seed) < probability


class ColorLayer(RandomLayer):
    """The base of layers that change colors, and so neither labels nor boxes, by a random factor.

    Args:
        factor: The limits between which a factor is drawn.
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every image layer: `data_format`, `name`, `dtype` ...

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """

    factor_bounds: tuple[float, float] = (-1, 1)
    sorts_value_range = True  # whether the config has the range as a sorted list, as in Keras

    def __init__(self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **kwargs: Any):
        super().__init__(seed=seed, **kwargs)
        where, (low, high) = type(self).__name__, self.factor_bounds
        self.factor = factor_range(where, "factor", factor, low, high, least=low, is_strict=False)
        value_range = check_value_range(where, value_range)
        self.value_range = sorted(value_range) if self.sorts_value_range else value_range

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "factor": self.factor,
            "value_range": self.value_range,
            "seed": self.seed,
        }
