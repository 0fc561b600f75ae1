"""The `RandomPerspective` layer."""

from typing import Any

import numpy as np

from .... import ops
from ....argument_checks import check_number
from ....errors import ArgumentError
from ....ops.image.warping import homographies
from ....typing import Tensor, TensorLike
from .arguments import factor_range
from .moved_boxes import moved_boxes, projected
from .warping import Warping


class RandomPerspective(Warping):
    """Distorts images by random perspectives in training: their corners are moved at random.

    Args:
        factor: The probability that an image is distorted, in [0, 1]; of two limits, it is drawn between them.
        scale: How far corners are moved, in [0, 1]: their coordinates change by up to this half of themselves.
        interpolation: "nearest" or "bilinear".
        fill_value: The value outside of an image.
        seed: An integer, for reproducible draws.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_perspective/

    Example:
        >>> RandomPerspective(scale=0.5, seed=0)(np.ones((4, 6, 6, 3))).shape
        (4, 6, 6, 3)
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: float = 1.0,
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__("constant", interpolation, fill_value, seed, data_format=data_format, **kwargs)
        self.factor = factor_range("RandomPerspective", "factor", factor, 0, 1, least=0, is_strict=False)
        self.scale = check_number("RandomPerspective", "scale", scale, minimum=0, maximum=1, error=ArgumentError)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns which images are distorted, and where their corners are moved."""
        if not training:
            return None
        count, height, width = self._sizes(data)
        is_chosen = self._is_chosen(count, self.factor, seed)
        shift = self._uniform((count, 4, 2), -0.5 * self.scale, 0.5 * self.scale, seed, self.compute_dtype)
        right, bottom = width - 1, height - 1
        corners = np.array([[[0, 0], [right, 0], [0, bottom], [right, bottom]]], shift.dtype)
        start = ops.broadcast_to(corners, (count, 4, 2))
        return {
            "apply_perspective": is_chosen,
            "start_points": start,
            "end_points": start + start * shift,
            "size": (height, width),
        }

    def matrices(self, transformation: dict[str, Any]) -> Tensor:
        """Returns the maps from the moved corners back to those of the image."""
        return homographies(*(ops.cast(transformation[f"{name}_points"], "float32") for name in ("start", "end")))

    def _warped(self, images: TensorLike, transformation: Any, interpolation: str) -> Tensor:
        is_chosen = transformation["apply_perspective"][:, None, None, None]
        return ops.where(is_chosen, super()._warped(images, transformation, interpolation), images)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the boxes around what was in the boxes, for images that are distorted."""
        if not training or transformation is None:
            return bounding_boxes
        matrices, is_chosen = self.matrices(transformation), transformation["apply_perspective"][:, None]

        def move(*sides: Tensor) -> list:
            moved = projected(sides, matrices)
            return [ops.where(is_chosen, new, old) for new, old in zip(moved, sides, strict=True)]

        return moved_boxes(bounding_boxes, move, self.bounding_box_format, transformation["size"])

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return self._config("factor", "scale", "interpolation", "fill_value", "seed")
