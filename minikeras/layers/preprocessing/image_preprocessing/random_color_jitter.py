"""The `RandomColorJitter` layer."""

from typing import Any

from ....typing import Tensor
from .arguments import check_value_range
from .random_brightness import RandomBrightness
from .random_contrast import RandomContrast
from .random_hue import RandomHue
from .random_layer import RandomLayer
from .random_saturation import RandomSaturation

_LAYERS = {
    "brightness": RandomBrightness,
    "contrast": RandomContrast,
    "saturation": RandomSaturation,
    "hue": RandomHue,
}


class RandomColorJitter(RandomLayer):
    """Changes brightness, contrast, saturation and hue of images in training, in this order.

    Args:
        value_range: The least and the greatest value of a pixel.
        brightness_factor: The factor of `RandomBrightness`; None to leave the brightness as it is.
        contrast_factor: That of `RandomContrast`, likewise.
        saturation_factor: That of `RandomSaturation`, likewise.
        hue_factor: That of `RandomHue`, likewise.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_color_jitter/

    Example:
        >>> RandomColorJitter(brightness_factor=(0.2, 0.2))([[[10.0, 250.0]]])
        array([[[ 61., 255.]]], dtype=float32)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        brightness_factor: Any = None,
        contrast_factor: Any = None,
        saturation_factor: Any = None,
        hue_factor: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.value_range = check_value_range("RandomColorJitter", value_range)
        factors = (brightness_factor, contrast_factor, saturation_factor, hue_factor)
        for (name, make), factor in zip(_LAYERS.items(), factors, strict=True):
            setattr(self, f"{name}_factor", factor)
            options = {"seed": seed, "data_format": self.data_format, "dtype": self.dtype_policy}
            setattr(self, f"random_{name}", None if factor is None else make(factor, value_range, **options))

    def _parts(self) -> list[Any]:
        """Returns the layers of which this one consists."""
        parts = [getattr(self, f"random_{name}") for name in _LAYERS]
        return [part for part in parts if part is not None]

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> list[Any] | None:
        """Returns what is drawn for each of the layers."""
        if not training:
            return None
        seed = self.generator if seed is None else seed
        return [part.get_random_transformation(data, seed=seed) for part in self._parts()]

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images of other colors."""
        for part, own in zip(self._parts(), transformation, strict=True):
            images = part.transform_images(images, own)
        return images

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("value_range", *(f"{name}_factor" for name in _LAYERS), "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
