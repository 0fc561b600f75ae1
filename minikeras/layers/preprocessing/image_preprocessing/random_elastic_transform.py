"""The `RandomElasticTransform` layer."""

from typing import Any

import numpy as np

from .... import ops
from ....argument_checks import check_number
from ....engine.dispatch import apply
from ....engine.primitive import Primitive
from ....errors import ArgumentError, NotSupportedError
from ....ops.image.axes import axes_of
from ....ops.image.interpolation import ORDERS, sample
from ....ops.image.neighbors import FILL_MODES
from ....ops.image.warping import channels_last
from ....random.seed_generator import draw_seed
from ....typing import Tensor, TensorLike
from .arguments import INTERPOLATIONS, check_mode, check_value_range, factor_range
from .random_layer import RandomLayer


class RandomElasticTransform(RandomLayer):
    """Distorts images by smooth random displacements of their pixels in training.

    Segmentation masks are distorted like their images.

    Args:
        factor: The probability that an image is distorted, in [0, 1]: a number f for one between 0 and f, or two
            limits.
        scale: The strength s of the distortion, in [0, 1]; likewise. `ops.image.elastic_transform` gets an `alpha` of
            0.1 s times the longer side of the image, and a `sigma` of 0.05 s times the shorter one.
        interpolation: "nearest" or "bilinear".
        fill_mode: What is outside of an image: "constant", "nearest", "reflect", "mirror" or "wrap".
        fill_value: The value of "constant".
        value_range: The least and the greatest value of a pixel.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_elastic_transform/

    Example:
        >>> RandomElasticTransform(seed=0)(np.ones((4, 6, 6, 3))).shape
        (4, 6, 6, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        where = "RandomElasticTransform"
        self.factor, self.scale = (
            factor_range(where, name, value, 0, 1, least=0, is_strict=False)
            for name, value in (("factor", factor), ("scale", scale))
        )
        self.interpolation = check_mode(where, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_mode = check_mode(where, "fill_mode", fill_mode, FILL_MODES)
        self.fill_value = check_number(where, "fill_value", fill_value, finite=False, error=ArgumentError)
        self.value_range = check_value_range(where, value_range)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which images are distorted, how much, and where each of their pixels comes from."""
        if not training or self.scale[1] == 0 or self.factor[1] == 0:
            return None
        count, height, width = self._sizes(data)
        seed = self.generator if seed is None else seed
        is_chosen = self._is_chosen(count, self.factor, seed)
        strength = self._uniform((), *self.scale, seed, self.compute_dtype)
        noise = draw_seed(seed, type(self).__name__)
        alpha, sigma = self.get_elastic_transform_params(height, width, ops.cast(strength, "float32"))
        places = apply(_PLACES, noise, alpha, sigma, shape=(count, 2, height, width))
        return {"apply_transform": is_chosen, "distortion_factor": strength, "places": places}

    def get_elastic_transform_params(self, height: int, width: int, factor: TensorLike) -> tuple[Tensor, Tensor]:
        """Returns how far pixels are moved, and the standard deviation of the window that smooths it.

        `alpha = 0.1 * factor * max(height, width)`, `sigma = 0.05 * factor * min(height, width)`

        Args:
            height: The height of the images.
            width: Their width.
            factor: How much they are distorted, a number of the range `scale`.
        """
        return max(height, width) * (0.1 * factor), min(height, width) * (0.05 * factor)

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen distorted."""
        return self._distorted(images, transformation, self.interpolation)

    def _distorted(self, images: Tensor, transformation: Any, interpolation: str) -> Tensor:
        axes, order = axes_of("RandomElasticTransform", self.data_format), ORDERS[interpolation]
        places = transformation["places"]
        distorted = channels_last(
            images, axes, lambda batch: sample(batch, places, order, self.fill_mode, self.fill_value)
        )
        is_chosen = transformation["apply_transform"][:, None, None, None]
        return ops.clip(ops.where(is_chosen, distorted, images), *self.value_range)

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns masks that are distorted like their images."""
        if not training or transformation is None:
            return segmentation_masks
        masks = ops.convert_to_tensor(segmentation_masks)
        return ops.cast(self._distorted(masks, transformation, "nearest"), self.compute_dtype)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Raises an error: as in Keras, boxes are not distorted."""
        raise NotSupportedError(f"{self._where()} has no bounding boxes of distorted images, as in Keras.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("factor", "scale", "interpolation", "fill_mode", "fill_value", "value_range", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _places_kernel(seed: np.ndarray, alpha: np.ndarray, sigma: np.ndarray, shape: tuple) -> np.ndarray:
    """Draws where pixels come from: in float32, as (y, x)."""
    count, _, height, width = shape
    alpha, sigma = np.float32(alpha), max(np.float32(sigma), np.finfo("float32").tiny)
    # As in Keras's numpy backend, whose draws are ours: first those of x, then those of y.
    noise = np.random.default_rng(seed).normal(size=(2, count, height, width)).astype("float32") * sigma
    shift = _smoothing(height, sigma) @ noise @ _smoothing(width, sigma)
    y, x = np.arange(height, dtype="float32")[:, None], np.arange(width, dtype="float32")
    return np.stack([y + alpha * shift[1], x + alpha * shift[0]], 1)


def _smoothing(length: int, sigma: np.float32) -> np.ndarray:
    """Returns the symmetric matrix that filters an axis by a Gaussian window; outside there are zeros."""
    half = int(6 * sigma) // 2
    window = np.exp(np.float32(-0.5) * np.square(np.arange(-half, half + 1, dtype="float32") / sigma))
    window /= window.sum()
    distance = np.abs(np.arange(length)[:, None] - np.arange(length))
    return np.where(distance <= half, window[np.minimum(distance, half) + half], np.float32(0))


_PLACES = Primitive("elastic_places", _places_kernel, shape=lambda seed, alpha, sigma, shape: (shape, "float32"))
