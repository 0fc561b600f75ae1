"""The base of layers that return images of a fixed size."""

from typing import Any

from .... import ops
from ....argument_checks import check_int
from ....ops.image.axes import axes_of
from ....ops.image.resizing import fitted_window
from ....typing import Shape, Tensor
from .base_image_preprocessing_layer import BaseImagePreprocessingLayer
from .moved_boxes import in_window, moved_boxes


class Sizing(BaseImagePreprocessingLayer):
    """The base of layers that return images of a fixed size.

    A subclass returns the "window" as transformation, the part of the image that is seen: (top, left, height, width).

    Args:
        height: The height of the result.
        width: Its width.
        **kwargs: Arguments of every image layer: `bounding_box_format`, `data_format`, `name`, `dtype` ...

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/
    """

    is_random = False

    def __init__(self, height: int, width: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.height = check_int(type(self).__name__, "height", height, minimum=1)
        self.width = check_int(type(self).__name__, "width", width, minimum=1)

    @property
    def size(self) -> tuple[int, int]:
        """The height and the width of the result."""
        return self.height, self.width

    def _fitted(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Returns the largest centered window with the aspect ratio of the result."""
        return fitted_window(*size, self.size, is_padded=False)

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns the window of the images, resized if it does not have the size of the result."""
        axes = axes_of(type(self).__name__, self.data_format)
        top, left, height, width = transformation["window"]
        if isinstance(top, int) and isinstance(left, int):
            key = [slice(None)] * 4
            key[axes.height], key[axes.width] = slice(top, top + height), slice(left, left + width)
            images = images[tuple(key)]
        else:
            start, shape = [0] * 4, list(ops.shape(images))
            start[axes.height], start[axes.width] = top, left
            shape[axes.height], shape[axes.width] = height, width
            images = ops.slice(images, start, shape)
        return ops.image.resize(images, self.size, data_format=self.data_format)

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns the masks, changed like their images."""
        return self.transform_images(segmentation_masks, transformation, training=training)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the boxes in the changed images."""
        window = transformation["window"]
        return moved_boxes(
            bounding_boxes,
            lambda *sides: in_window(sides, window, self.size),
            self.bounding_box_format,
            transformation["size"],
            self.size,
        )

    def _image_shape(self, shape: Shape) -> Shape:
        return self._resized_shape(shape, *self.size)
