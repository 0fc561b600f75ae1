"""The `RandomFlip` layer."""

from typing import Any

from .... import ops
from ....ops.image.axes import axes_of
from ....ops.image.flipping import flip_chosen
from ....typing import Tensor
from .arguments import check_mode
from .moved_boxes import moved_boxes
from .random_layer import RandomLayer

_MODES = ("horizontal", "vertical", "horizontal_and_vertical")


class RandomFlip(RandomLayer):
    """Mirrors images in training, each with a probability of 1/2.

    Args:
        mode: "horizontal" for left and right, "vertical" for top and bottom, or "horizontal_and_vertical" for both at
            once.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/

    Example:
        >>> images = [[[[1.0], [2.0]]], [[[3.0], [4.0]]]]
        >>> RandomFlip("horizontal", seed=0)(images)[:, 0, :, 0]
        array([[1., 2.],
               [4., 3.]], dtype=float32)
    """

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.mode = check_mode("RandomFlip", "mode", mode, _MODES)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which images are mirrored."""
        if not training:
            return None
        count, *size = self._sizes(data)
        return {"flips": self._uniform((count, 1, 1, 1), 0.0, 1.0, seed) <= 0.5, "size": tuple(size)}

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the images, those that are chosen mirrored."""
        axes = axes_of("RandomFlip", self.data_format)
        flipped = tuple(
            axis for name, axis in (("horizontal", axes.width), ("vertical", axes.height)) if name in self.mode
        )
        return flip_chosen(images, transformation["flips"], flipped)

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns the masks, mirrored like their images."""
        return self.transform_images(segmentation_masks, transformation, training=training)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the boxes, mirrored like their images."""
        if not training or transformation is None:
            return bounding_boxes
        height, width = transformation["size"]
        flips = transformation["flips"][:, :, 0, 0]

        def move(left: Tensor, top: Tensor, right: Tensor, bottom: Tensor) -> list:
            if "horizontal" in self.mode:
                left, right = ops.where(flips, width - right, left), ops.where(flips, width - left, right)
            if "vertical" in self.mode:
                top, bottom = ops.where(flips, height - bottom, top), ops.where(flips, height - top, bottom)
            return [left, top, right, bottom]

        return moved_boxes(bounding_boxes, move, self.bounding_box_format, (height, width))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "seed": self.seed, "mode": self.mode}
