"""The `RandomErasing` layer."""

from typing import Any

import numpy as np

from .... import ops, random
from ....argument_checks import bad_argument, is_number
from ....engine.dtypes import is_float
from ....typing import Tensor
from .arguments import check_value_range, factor_range
from .patches import PatchLayer


class RandomErasing(PatchLayer):
    """Replaces a random box of images by noise or a color in training.

    Args:
        factor: The probability that an image is changed, in [0, 1]: a number f for one between 0 and f, or two limits.
        scale: Two limits of the square of the width of the box, and of that of its height, as fractions of the image's;
            or a number s for 0 and s.
        fill_value: A number or a list of three, for red, green and blue; by default normally distributed noise, times
            the greatest value of a pixel.
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_erasing/,
        Zhong et al. 2017, https://arxiv.org/abs/1708.04896

    Example:
        >>> RandomErasing((1.0, 1.0), (0.25, 0.25), fill_value=9.0, seed=0)(np.zeros((2, 4, 1)))[:, :, 0]
        array([[0., 0., 0., 0.],
               [0., 0., 9., 9.]], dtype=float32)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = (0.02, 0.33),
        fill_value: Any = None,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor, self.scale = (
            factor_range("RandomErasing", name, value, 0, 1, least=0, is_strict=False)
            for name, value in (("factor", factor), ("scale", scale))
        )
        is_color = isinstance(fill_value, (list, tuple)) and len(fill_value) == 3 and all(map(is_number, fill_value))
        if fill_value is not None and not is_number(fill_value) and not is_color:
            raise bad_argument("RandomErasing", "fill_value", fill_value, "a number, a list of three numbers, or None")
        self.fill_value = fill_value
        self.value_range = check_value_range("RandomErasing", value_range)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which images are changed, which of their pixels, and what is there then."""
        if not training:
            return None
        count, height, width = self._sizes(data)
        ratio = ops.sqrt(self._uniform((count, 2), *self.scale, seed, self.compute_dtype))
        columns = self._bounds(count, width, ratio[:, 0], seed)
        rows = self._bounds(count, height, ratio[:, 1], seed)
        is_chosen = self._is_chosen(count, self.factor, seed)
        return {
            "apply_erasing": is_chosen,
            "batch_masks": self._is_inside(columns, rows, height, width),
            "fill_value": self._filling(ops.shape(self._images(data)), seed),
        }

    def _filling(self, shape: tuple, seed: Any) -> Tensor:
        """Returns what boxes are filled with, in a shape that broadcasts to the images."""
        dtype = self.compute_dtype if is_float(self.compute_dtype) else "float32"
        if self.fill_value is None:
            noise = random.normal(shape, dtype=dtype, seed=self.generator if seed is None else seed)
            filling = noise * self.value_range[1]
        else:
            filling = np.asarray(self.fill_value, dtype)
            if filling.ndim and self.data_format == "channels_first":
                filling = filling[:, None, None]
        return ops.clip(filling, *self.value_range)

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen with a box replaced."""
        is_chosen = transformation["apply_erasing"][:, None, None, None]
        is_erased = ops.logical_and(is_chosen, transformation["batch_masks"])
        return ops.where(is_erased, ops.cast(transformation["fill_value"], images.dtype), images)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("factor", "scale", "fill_value", "value_range", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
