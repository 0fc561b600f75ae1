"""What layers share that apply several augmentations, chosen at random."""

from typing import Any

from .... import ops
from ....typing import Tensor
from .arguments import INTERPOLATIONS, check_mode, check_value_range, factor_range
from .auto_contrast import AutoContrast
from .equalization import Equalization
from .random_brightness import RandomBrightness
from .random_color_degeneration import RandomColorDegeneration
from .random_contrast import RandomContrast
from .random_layer import RandomLayer
from .random_posterization import RandomPosterization
from .random_rotation import RandomRotation
from .random_sharpness import RandomSharpness
from .random_shear import RandomShear
from .random_translation import RandomTranslation
from .solarization import Solarization


class Policy(RandomLayer):
    """The base of layers that apply several augmentations, chosen at random.

    Args:
        value_range: The least and the greatest value of a pixel.
        factor: The strength of the augmentations, in [0, 1]: a number f for one between 0 and f, or two limits.
        interpolation: "nearest" or "bilinear".
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every image layer: `bounding_box_format`, `data_format`, `name`, `dtype` ...

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """

    augmentations: tuple[str, ...] = ()  # their names; each is an attribute

    def __init__(
        self,
        value_range: Any = (0, 255),
        factor: Any = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, **kwargs)
        where = type(self).__name__
        self.value_range = check_value_range(where, value_range)
        self.factor = factor_range(where, "factor", factor, 0, 1, least=0, is_strict=False)
        self.interpolation = check_mode(where, "interpolation", interpolation, INTERPOLATIONS)

    def _make(self, *names: str) -> None:
        """Makes the augmentations as attributes, in this order, in which default seeds are drawn."""
        factor, seed = self.factor, {"seed": self.seed}
        warping = {"interpolation": self.interpolation, **seed}
        color = {"value_range": self.value_range, **seed}
        bits = max(1, int(8 * factor[1]))
        kinds: dict[str, tuple] = {
            "random_shear": (RandomShear, (factor, factor), warping),
            "random_translation": (RandomTranslation, (factor, factor), warping),
            "random_rotation": (RandomRotation, (factor,), warping),
            "random_brightness": (RandomBrightness, (factor,), color),
            "random_color_degeneration": (RandomColorDegeneration, (factor,), color),
            "random_contrast": (RandomContrast, (factor,), color),
            "random_sharpness": (RandomSharpness, (factor,), color),
            "random_posterization": (RandomPosterization, (bits,), color),
            "solarization": (Solarization, (factor, factor), color),
            "auto_contrast": (AutoContrast, (), {"value_range": self.value_range}),
            "equalization": (Equalization, (), {"value_range": self.value_range}),
        }
        shared = {
            "data_format": self.data_format,
            "bounding_box_format": self.bounding_box_format,
            "dtype": self.dtype_policy,
        }
        for name in names:
            make, args, options = kinds[name]
            setattr(self, name, make(*args, **options, **shared))

    def _layers(self) -> list[Any]:
        """Returns the augmentations that can be chosen."""
        return [getattr(self, name) for name in self.augmentations]

    def _as_floats(self, images: Any) -> Tensor:
        return ops.cast(images, self.compute_dtype)
