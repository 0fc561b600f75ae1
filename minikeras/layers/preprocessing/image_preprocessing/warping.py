"""The base of layers that move pixels by random projective maps."""

from typing import Any

from .... import ops
from ....argument_checks import check_number
from ....errors import ArgumentError
from ....typing import Tensor, TensorLike
from .arguments import FILL_MODES, INTERPOLATIONS, check_mode
from .moved_boxes import moved_boxes, projected
from .random_layer import RandomLayer


class Warping(RandomLayer):
    """The base of layers that move pixels by random projective maps; a subclass defines `matrices`.

    Labels stay as they are, segmentation masks and bounding boxes follow the pixels.

    Args:
        fill_mode: What is outside of an image: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        fill_value: The value of "constant".
        seed: An integer, for reproducible draws.
        **kwargs: Arguments of every image layer: `bounding_box_format`, `data_format`, `name`, `dtype` ...

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """

    def __init__(
        self,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(seed=seed, **kwargs)
        where = type(self).__name__
        self.fill_mode = check_mode(where, "fill_mode", fill_mode, FILL_MODES)
        self.interpolation = check_mode(where, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_value = check_number(where, "fill_value", fill_value, finite=False, error=ArgumentError)

    def matrices(self, transformation: dict[str, Any]) -> Tensor:
        """Returns the maps as `ops.image.affine_transform` takes them, of shape (batch, 8)."""
        raise NotImplementedError(f"{self._where()} has no method `matrices`.")

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns images with their pixels moved."""
        return self._warped(images, transformation, self.interpolation)

    def _warped(self, images: TensorLike, transformation: Any, interpolation: str) -> Tensor:
        return ops.image.affine_transform(
            images,
            self.matrices(transformation),
            interpolation=interpolation,
            fill_mode=self.fill_mode,
            fill_value=self.fill_value,
            data_format=self.data_format,
        )

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns masks with their pixels moved; each is that of one pixel, never between two."""
        if not training or transformation is None:
            return segmentation_masks
        return self._warped(segmentation_masks, transformation, "nearest")

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the boxes around what was in the boxes."""
        if not training or transformation is None:
            return bounding_boxes
        matrices = self.matrices(transformation)
        return moved_boxes(
            bounding_boxes,
            lambda *sides: projected(sides, matrices),
            self.bounding_box_format,
            transformation["size"],
        )

    def _config(self, *names: str) -> dict[str, Any]:
        """Returns the arguments of the constructor, the layer's own in this order."""
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def columns(*numbers: Any) -> Tensor:
    """Returns numbers of shape (batch,), and constants, as columns of a matrix of float32.

    Example:
        >>> columns(np.float32([1, 2]), 0.5)
        array([[1. , 0.5],
               [2. , 0.5]], dtype=float32)
    """
    first = next(number for number in numbers if hasattr(number, "shape"))
    like = ops.zeros_like(first)
    numbers = tuple(number if hasattr(number, "shape") else like + number for number in numbers)
    rows = ops.reshape(ops.concatenate(numbers), (len(numbers), -1))  # in fewer calls than `stack` makes
    return ops.cast(ops.transpose(rows), "float32")
