"""The `RandAugment` layer."""

from functools import partial
from typing import Any

from .... import ops, random
from ....argument_checks import check_int
from ....typing import Tensor
from .policies import Policy


class RandAugment(Policy):
    """Applies a few of eleven augmentations in training, drawn for each batch; segmentation masks and boxes follow.

    These are `RandomShear`, `RandomTranslation`, `RandomRotation`, `RandomBrightness`, `RandomColorDegeneration`,
    `RandomContrast`, `RandomSharpness`, `RandomPosterization`, `Solarization`, `AutoContrast` and `Equalization`.

    Args:
        value_range: The least and the greatest value of a pixel.
        num_ops: How many augmentations are applied, one after the other.
        factor: Their strength, in [0, 1]: a number f for one between 0 and f, or two limits.
        interpolation: "nearest" or "bilinear".
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/rand_augment/,
        Cubuk et al. 2019, https://arxiv.org/abs/1909.13719

    Example:
        >>> RandAugment(seed=0)(np.ones((4, 6, 6, 3))).shape
        (4, 6, 6, 3)
    """

    augmentations = (
        "random_shear",
        "random_translation",
        "random_rotation",
        "random_brightness",
        "random_color_degeneration",
        "random_contrast",
        "random_sharpness",
        "random_posterization",
        "solarization",
        "auto_contrast",
        "equalization",
    )

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_ops: int = 2,
        factor: Any = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(value_range, factor, interpolation, seed, data_format=data_format, **kwargs)
        self.num_ops = check_int("RandAugment", "num_ops", num_ops, minimum=0)
        self._make(*self.augmentations)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which augmentations are applied, and what is drawn for each of them."""
        if not training:
            return None
        seed = self.generator if seed is None else seed
        chosen = random.randint((self.num_ops,), 0, len(self.augmentations), seed=seed)
        drawn = {
            name: layer.get_random_transformation(data, training=training, seed=seed)
            for name, layer in zip(self.augmentations, self._layers(), strict=True)
        }
        return {"transforms": drawn, "layer_idxes": chosen}

    def _applied(self, method: str, value: Any, transformation: Any) -> Any:
        """Applies the chosen augmentations by one of their methods."""
        functions = [
            partial(getattr(layer, method), transformation=transformation["transforms"][name])
            for name, layer in zip(self.augmentations, self._layers(), strict=True)
        ]
        for number in range(self.num_ops):
            value = ops.switch(transformation["layer_idxes"][number], functions, value)
        return value

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns augmented images."""
        return self._applied("transform_images", self._as_floats(images), transformation)

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns masks that follow their images."""
        if not training or transformation is None:
            return segmentation_masks
        return self._applied("transform_segmentation_masks", ops.convert_to_tensor(segmentation_masks), transformation)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns boxes that follow their images."""
        if not training or transformation is None:
            return bounding_boxes
        boxes = {
            "boxes": ops.cast(bounding_boxes["boxes"], "float32"),
            "labels": ops.convert_to_tensor(bounding_boxes["labels"]),
        }
        return {**bounding_boxes, **self._applied("transform_bounding_boxes", boxes, transformation)}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("value_range", "num_ops", "factor", "interpolation", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
