"""The base of all image layers: what is done with images, labels, segmentation masks and bounding boxes."""

from typing import Any, ClassVar, Unpack

import numpy as np

from .... import ops
from ....config import resolved_data_format
from ....engine.dtypes import dtype_of, is_float
from ....errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ....graph.keras_tensor import KerasTensor
from ....graph.operation import Operation
from ....ops.image.axes import axes_of
from ....ops.image.dtypes import restored
from ....typing import LayerArguments, Shape, Tensor, TensorLike
from ....utils.bounding_boxes.formats import check_format
from ...same_shape import SameShape
from .dense_boxes import dense_boxes


class BaseImagePreprocessingLayer(SameShape):
    """The base of layers that prepare or augment images, and what belongs to them.

    They are called with images, or with a dict of "images" and, for these, "labels", "segmentation_masks" and
    "bounding_boxes" (a dict of "boxes" and "labels"); other entries pass unchanged. A single image, without the axis of
    the batch, is possible, too. The images that come out have the compute dtype of the layer.

    A subclass defines `changed`, and `get_random_transformation` if it draws random numbers.

    Args:
        bounding_box_format: The format of bounding boxes; see `utils.bounding_boxes.convert_format`.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/
    """

    is_random = True  # whether images change in training only
    keeps_dtype = False  # whether images come out in the dtype that they had

    def __init__(
        self, bounding_box_format: str | None = None, data_format: str | None = None, **kwargs: Unpack[LayerArguments]
    ):
        super().__init__(**kwargs)
        where = type(self).__name__
        if bounding_box_format is not None:
            check_format(where, "bounding_box_format", bounding_box_format)
        self.bounding_box_format = bounding_box_format
        self.data_format = resolved_data_format(where, data_format)

    # ---------------------------------------------------------------- what subclasses define

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Any:
        """Returns what is drawn at random for a call; None if nothing is.

        Args:
            data: The images, or a dict with them.
            training: Whether the model is trained.
            seed: A seed generator or an integer; the layer's own generator by default.
        """
        return None

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns changed images.

        Args:
            images: A batch of images, of a floating-point dtype.
            transformation: What `get_random_transformation` returned.
        """
        raise NotImplementedError(f"{self._where()} has no method `changed`.")

    def transform_images(self, images: TensorLike, transformation: Any = None, training: bool = True) -> Tensor:
        """Returns a batch of images, changed."""
        if type(images) is np.ndarray or not hasattr(images, "dtype"):  # in a call, they are a read-only view already
            images = ops.convert_to_tensor(images)
        dtype = dtype_of(images) if self.keeps_dtype else self.compute_dtype
        if self.is_random and (not training or transformation is None):
            return restored(images, dtype)
        work = dtype if is_float(dtype) else "float32"
        images = images if dtype_of(images) == work else ops.cast(images, work)
        images = self.changed(images, transformation)
        return ops.cast(images, dtype) if self.keeps_dtype else restored(images, dtype)

    def transform_labels(self, labels: Tensor, transformation: Any = None, training: bool = True) -> Tensor:
        """Returns the labels of a batch: as they are, unless images are mixed."""
        return labels

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns the segmentation masks of a batch: as they are, unless pixels are moved."""
        return segmentation_masks

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns the bounding boxes of a batch: as they are, unless pixels are moved."""
        return bounding_boxes

    # ---------------------------------------------------------------- a single image: a batch of one

    def transform_single_image(self, image: TensorLike, transformation: Any, training: bool = True) -> Tensor:
        """Returns an image, changed by `transform_images`."""
        return _without_batch(self.transform_images(_as_batch(image), transformation, training=training))

    def transform_single_label(self, label: TensorLike, transformation: Any, training: bool = True) -> Tensor:
        """Returns the label of an image, changed by `transform_labels`."""
        return _without_batch(self.transform_labels(_as_batch(label), transformation, training=training))

    def transform_single_bounding_box(
        self, bounding_box: dict[str, Any], transformation: Any, training: bool = True
    ) -> dict[str, Any]:
        """Returns the bounding boxes of an image, changed by `transform_bounding_boxes`."""
        batch = {name: _as_batch(value) for name, value in bounding_box.items()}
        changed = self.transform_bounding_boxes(batch, transformation, training=training)
        return {name: _without_batch(value) for name, value in changed.items()}

    def transform_single_segmentation_mask(
        self, segmentation_mask: TensorLike, transformation: Any, training: bool = True
    ) -> Tensor:
        """Returns the segmentation mask of an image, changed by `transform_segmentation_masks`."""
        batch = _as_batch(segmentation_mask)
        return _without_batch(self.transform_segmentation_masks(batch, transformation, training=training))

    # ---------------------------------------------------------------- the call

    _ENTRIES: ClassVar[dict[str, tuple[str, str]]] = {  # the methods for a batch, and for a single image
        "images": ("transform_images", "transform_single_image"),
        "bounding_boxes": ("transform_bounding_boxes", "transform_single_bounding_box"),
        "labels": ("transform_labels", "transform_single_label"),
        "segmentation_masks": ("transform_segmentation_masks", "transform_single_segmentation_mask"),
    }

    def call(self, data: Any, training: bool = True) -> Any:
        """Returns the images changed, in training if the change is random, with what belongs to them."""
        shape = self._check_data(data)
        transformation = self.get_random_transformation(data, training=training)
        changed = dict(data) if isinstance(data, dict) else {"images": data}
        for name, (of_batch, of_one) in self._ENTRIES.items():
            if name in changed:
                method = getattr(self, of_batch if len(shape) == 4 else of_one)
                changed[name] = method(changed[name], transformation, training=training)
        return changed if isinstance(data, dict) else changed["images"]

    def _check_data(self, data: Any) -> Shape:
        """Returns the shape of the images; raises if the call cannot work."""
        images = self._images(data)
        shape = tuple(images.shape)
        if len(shape) not in (3, 4):
            raise ShapeError(
                f"{self._where()} expects an image, of 3 axes, or a batch of images, of 4. Received: shape {shape}"
            )
        if not isinstance(data, dict):
            return shape
        if "bounding_boxes" in data and self.bounding_box_format is None:
            raise ArgumentError(
                f"{self._where()}: the input has 'bounding_boxes', but their format is unknown. "
                f"Pass it: {type(self).__name__}(..., bounding_box_format='xyxy')"
            )
        masks = data.get("segmentation_masks")
        if masks is not None and len(masks.shape) != len(shape):
            raise ShapeError(
                f"{self._where()} expects segmentation masks with the axes of the images, that of the channels "
                f"included. Received: images of shape {shape}, masks of shape {tuple(masks.shape)}"
            )
        return shape

    def _images(self, data: Any) -> Any:
        """Returns the images of what the layer is called with."""
        if not isinstance(data, dict):
            return data if hasattr(data, "shape") else np.asarray(data)
        if "images" not in data:
            raise ArgumentError(f"{self._where()} expects a dict with 'images'. Received: keys {brief(list(data))}")
        return data["images"] if hasattr(data["images"], "shape") else np.asarray(data["images"])

    def _sizes(self, data: Any) -> tuple[int, int, int]:
        """Returns the number of images, their height and their width."""
        shape = ops.shape(self._images(data))
        axes = axes_of(type(self).__name__, self.data_format)
        return (shape[0] if len(shape) == 4 else 1), shape[axes.height], shape[axes.width]

    def _converted(self, args: tuple, kwargs: dict) -> tuple[tuple, dict, bool]:
        """Casts as every layer does, once lists of bounding boxes are arrays."""
        data = args[0] if args else kwargs.get("data")
        if isinstance(data, dict) and "bounding_boxes" in data:
            data = {**data, "bounding_boxes": dense_boxes(self._where(), data["bounding_boxes"])}
            args, kwargs = ((data, *args[1:]), kwargs) if args else (args, {**kwargs, "data": data})
        if isinstance(data, dict):
            wrong = [name for name, value in data.items() if isinstance(value, str)]
            if wrong:
                raise ArgumentTypeError(f"{self._where()} expects arrays. Received: a string as {wrong[0]!r}")
            data = {name: _as_array(value) for name, value in data.items()}
            args, kwargs = ((data, *args[1:]), kwargs) if args else (args, {**kwargs, "data": data})
        return super()._converted(args, kwargs)

    # ---------------------------------------------------------------- shapes and config

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the images, or a dict with it, for a shape or a dict of shapes."""
        if not isinstance(input_shape, dict):
            return self._image_shape(tuple(input_shape))
        own = ("images", "segmentation_masks")
        return {name: self._image_shape(tuple(shape)) if name in own else shape for name, shape in input_shape.items()}

    def _image_shape(self, shape: Shape) -> Shape:
        """Returns the shape of changed images."""
        return shape

    def _resized_shape(self, shape: Shape, height: int, width: int) -> Shape:
        """Returns the shape of images with another height and width."""
        if len(shape) not in (3, 4):
            raise ShapeError(
                f"{self._where()} expects the shape of an image, with 3 sizes, or of a batch of images, with 4. "
                f"Received: {shape}"
            )
        axes, sizes = axes_of(type(self).__name__, self.data_format), list(shape)
        sizes[axes.height], sizes[axes.width] = height, width
        return tuple(sizes)

    def compute_output_spec(self, data: Any, training: bool = True) -> Any:
        """Returns symbolic outputs: of images by `compute_output_shape`, of a dict by tracing the call."""
        if isinstance(data, dict):
            return Operation.compute_output_spec(self, data, training=training)
        dtype = dtype_of(data) if self.keeps_dtype else self.compute_dtype
        return KerasTensor(self.compute_output_shape(tuple(data.shape)), dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "data_format": self.data_format}
        if self.bounding_box_format is not None:
            config["bounding_box_format"] = self.bounding_box_format
        return config


def _as_batch(value: TensorLike) -> Tensor:
    return ops.expand_dims(value, 0)


def _without_batch(value: Tensor) -> Tensor:
    return ops.squeeze(value, 0)


def _as_array(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, (list, tuple)) else value
