"""The `MaxNumBoundingBoxes` layer."""

from typing import Any

from .... import ops
from ....argument_checks import as_int, check_int
from ....errors import ArgumentError
from ....typing import Tensor
from .base_image_preprocessing_layer import BaseImagePreprocessingLayer


class MaxNumBoundingBoxes(BaseImagePreprocessingLayer):
    """Gives all images the same number of bounding boxes: leaves out those that are too many, fills up with others.

    Args:
        max_number: The number of boxes.
        fill_value: The coordinates and the labels of boxes that fill up.
        **kwargs: `data_format`, `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/max_num_bounding_boxes/

    Example:
        >>> data = {"images": np.ones((1, 4, 4, 3)), "bounding_boxes": {"boxes": [[[0, 0, 1, 2]]], "labels": [[7]]}}
        >>> MaxNumBoundingBoxes(2, bounding_box_format="xyxy")(data)["bounding_boxes"]["labels"]
        array([[ 7, -1]], dtype=int32)
    """

    is_random = False

    def __init__(self, max_number: int, fill_value: int = -1, **kwargs: Any):
        super().__init__(**kwargs)
        self.max_number = check_int(
            "MaxNumBoundingBoxes", "max_number", as_int("MaxNumBoundingBoxes", "max_number", max_number), minimum=1
        )
        self.fill_value = as_int("MaxNumBoundingBoxes", "fill_value", fill_value)

    def transform_images(self, images: Tensor, transformation: Any = None, training: bool = True) -> Tensor:
        """Returns the images as they are."""
        return images

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Any = None, training: bool = True
    ) -> dict[str, Any]:
        """Returns as many boxes for each image."""
        result = dict(bounding_boxes)
        for name in ("boxes", "labels"):
            value = ops.convert_to_tensor(bounding_boxes[name])[:, : self.max_number]
            missing = self.max_number - value.shape[1]
            widths = [(0, 0), (0, missing), *[(0, 0)] * (len(value.shape) - 2)]
            result[name] = ops.pad(value, widths, constant_values=self.fill_value) if missing else value
        return result

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shapes, with the number of boxes."""
        if not isinstance(input_shape, dict) or "bounding_boxes" not in input_shape:
            return input_shape
        boxes = dict(input_shape["bounding_boxes"])
        extra = sorted(set(boxes) - {"boxes", "labels"})
        if extra:
            raise ArgumentError(f"{self._where()} knows 'boxes' and 'labels' of 'bounding_boxes'. Received: {extra}")
        shapes = {name: (shape[0], self.max_number, *tuple(shape)[2:]) for name, shape in boxes.items()}
        return {**input_shape, "bounding_boxes": shapes}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "max_number": self.max_number}
        # Keras forgets it, and so fills up with -1 after loading.
        return config if self.fill_value == -1 else {**config, "fill_value": self.fill_value}
