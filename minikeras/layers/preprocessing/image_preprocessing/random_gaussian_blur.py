"""The `RandomGaussianBlur` layer."""

from typing import Any

from .... import ops
from ....argument_checks import bad_argument, is_number
from ....ops.image.axes import axes_of
from ....ops.image.filters import blurred
from ....typing import Tensor
from .arguments import factor_range
from .random_layer import ColorLayer


class RandomGaussianBlur(ColorLayer):
    """Blurs images by a Gaussian window in training.

    Args:
        factor: The probability that an image is blurred, in [0, 1]: a number f for one between 0 and f, or two limits.
        kernel_size: The size of the window, an odd number, or its width and its height.
        sigma: Its standard deviation in pixels, in [0, 1]: a number s for one between 0 and s, or two limits. It is
            drawn once for the width and once for the height.
        value_range: The least and the greatest value of a pixel.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        seed: An integer, for reproducible draws.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_gaussian_blur/

    Example:
        >>> RandomGaussianBlur((1.0, 1.0), sigma=(1.0, 1.0))([[[0.0], [9.0], [0.0]]]).round(3)
        array([[[1.115],
                [1.838],
                [1.115]]], dtype=float32)
    """

    factor_bounds = (0, 1)
    sorts_value_range = False

    def __init__(
        self,
        factor: Any = 1.0,
        kernel_size: Any = 3,
        sigma: Any = 1.0,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(factor, value_range, seed, data_format=data_format, **kwargs)
        sizes = (kernel_size,) * 2 if is_number(kernel_size) else kernel_size
        is_pair = isinstance(sizes, (list, tuple)) and len(sizes) == 2
        if not is_pair or not all(is_number(size) and size > 0 and size % 2 == 1 for size in sizes):
            raise bad_argument(
                "RandomGaussianBlur", "kernel_size", kernel_size, "a positive odd number, or a list or tuple of two"
            )
        self.kernel_size = tuple(sizes)
        self.sigma = factor_range("RandomGaussianBlur", "sigma", sigma, 0, 1, least=0, is_strict=False)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which images are blurred, and how much."""
        if not training:
            return None
        is_chosen = self._is_chosen(self._sizes(data)[0], self.factor, seed)
        sigma = self._uniform((2,), *self.sigma, seed, self.compute_dtype) + 1e-6
        return {"should_apply_blur": is_chosen, "blur_factor": sigma}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen blurred."""
        sigma = ops.unstack(ops.cast(transformation["blur_factor"], "float32"), 2)
        axes, size = axes_of("RandomGaussianBlur", self.data_format), [int(each) for each in self.kernel_size]
        blurry = ops.cast(blurred(ops.cast(images, "float32"), size, sigma, axes), images.dtype)
        is_chosen = transformation["should_apply_blur"][:, None, None, None]
        return ops.clip(ops.where(is_chosen, blurry, images), *self.value_range)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        own = {"value_range": config.pop("value_range"), "seed": config.pop("seed")}
        return {**config, "kernel_size": self.kernel_size, "sigma": self.sigma, **own}
