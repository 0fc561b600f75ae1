"""The `Resizing` layer."""

from typing import Any

from .... import ops
from ....argument_checks import as_bool, check_number
from ....engine.dtypes import dtype_of
from ....errors import ArgumentError
from ....ops.image.resizing import INTERPOLATIONS, fitted_window
from ....typing import Tensor, TensorLike
from .arguments import check_mode
from .sizing import Sizing


class Resizing(Sizing):
    """Resizes images, in training and otherwise; they keep their dtype.

    Args:
        height: The height of the result.
        width: Its width.
        interpolation: "bilinear", "nearest", "bicubic", "lanczos3" or "lanczos5".
        crop_to_aspect_ratio: Whether to keep the aspect ratio by cropping to the largest centered part that has the one
            of the result.
        pad_to_aspect_ratio: Whether to keep it by padding both sides.
        fill_mode: How images are padded: "constant".
        fill_value: With which value.
        antialias: Whether to smooth images that become smaller.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/

    Example:
        >>> Resizing(1, 4)([[[[1.0], [3.0]]]])[0, :, :, 0]
        array([[1. , 1.5, 2.5, 3. ]], dtype=float32)
    """

    keeps_dtype = True

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(height, width, data_format=data_format, **kwargs)
        self.interpolation = check_mode("Resizing", "interpolation", interpolation, INTERPOLATIONS)
        self.fill_mode = check_mode("Resizing", "fill_mode", fill_mode, ("constant",))
        self.crop_to_aspect_ratio = as_bool("Resizing", "crop_to_aspect_ratio", crop_to_aspect_ratio)
        self.pad_to_aspect_ratio = as_bool("Resizing", "pad_to_aspect_ratio", pad_to_aspect_ratio)
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise ArgumentError("Resizing: only one of `crop_to_aspect_ratio` and `pad_to_aspect_ratio` can be True.")
        self.fill_value = check_number("Resizing", "fill_value", fill_value, finite=False, error=ArgumentError)
        self.antialias = as_bool("Resizing", "antialias", antialias)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any]:
        """Returns the part of the images that is seen, which may begin outside of them; nothing is random."""
        _, height, width = self._sizes(data)
        window = (0, 0, height, width)
        if self.crop_to_aspect_ratio or self.pad_to_aspect_ratio:
            window = fitted_window(height, width, self.size, self.pad_to_aspect_ratio)
        return {"window": window, "size": (height, width)}

    def transform_images(self, images: TensorLike, transformation: Any = None, training: bool = True) -> Tensor:
        """Returns resized images."""
        return self._resized(images, self.interpolation)

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns resized masks; each of their pixels is one that was there."""
        return self._resized(segmentation_masks, "nearest")

    def _resized(self, images: TensorLike, interpolation: str) -> Tensor:
        return ops.image.resize(
            images,
            self.size,
            interpolation,
            self.antialias,
            self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio,
            self.fill_mode,
            self.fill_value,
            self.data_format,
        )

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the boxes of the resized images; boxes of zeros, or of -1, which fill up lists, become zeros."""
        boxes = ops.convert_to_tensor(bounding_boxes["boxes"])
        is_filling = ops.logical_or(ops.all(boxes == -1, axis=-1), ops.all(boxes == 0, axis=-1))
        result = super().transform_bounding_boxes(bounding_boxes, transformation, training)
        zeros = ops.zeros((), dtype_of(result["boxes"]))
        return {**result, "boxes": ops.where(ops.expand_dims(is_filling, -1), zeros, result["boxes"])}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = (
            "height",
            "width",
            "interpolation",
            "crop_to_aspect_ratio",
            "pad_to_aspect_ratio",
            "fill_mode",
            "fill_value",
            "antialias",
        )
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
