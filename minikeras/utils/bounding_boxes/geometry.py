"""Bounding boxes of images that are transformed, cropped or padded."""

import math
from typing import Any

import numpy as np

from ... import ops
from ...errors import ArgumentError, NotSupportedError, brief
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .formats import check_boxes


def _check_is_xyxy(where: str, bounding_box_format: object, known: tuple[str, ...] = ("xyxy",)) -> None:
    if bounding_box_format not in known:
        raise NotSupportedError(
            f"`{where}` is for boxes in the format {' or '.join(map(repr, known))}, use `convert_format` first. "
            f"Received: bounding_box_format={brief(bounding_box_format)}"
        )


@filtered
def clip_to_image_size(
    bounding_boxes: dict[str, Any], height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> dict[str, Any]:
    """Clips bounding boxes to the image; the label of a box of which nothing is left becomes -1.

    Args:
        bounding_boxes: A dict of "boxes" of shape (..., 4) and, possibly, their "labels".
        height: The height of the image, in pixels; not needed for "rel_xyxy".
        width: Its width, likewise.
        bounding_box_format: "xyxy" or "rel_xyxy".

    Returns:
        A new dict.

    Raises:
        NotSupportedError: For another format.
        ArgumentError: If the size of the image is missing.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> boxes = {"boxes": [[-2.0, 1.0, 3.0, 9.0], [9.0, 0.0, 12.0, 2.0]], "labels": [5, 6]}
        >>> clipped = clip_to_image_size(boxes, height=6, width=8)
        >>> clipped["boxes"].tolist(), clipped["labels"].tolist()
        ([[0.0, 1.0, 3.0, 6.0], [8.0, 0.0, 8.0, 2.0]], [5, -1])
    """
    _check_is_xyxy("clip_to_image_size", bounding_box_format, ("xyxy", "rel_xyxy"))
    boxes = check_boxes("clip_to_image_size", bounding_boxes["boxes"])
    if bounding_box_format == "rel_xyxy":
        height = width = 1
    elif height is None or width is None:
        raise ArgumentError("`clip_to_image_size` needs `height` and `width` for boxes in the format 'xyxy'.")
    boxes = _clipped(ops.split(boxes, 4, axis=-1), ops.cast(width, boxes.dtype), ops.cast(height, boxes.dtype))
    result = {**bounding_boxes, "boxes": boxes}
    if result.get("labels") is not None:
        left, top, right, bottom = (boxes[..., number] for number in range(4))
        labels = ops.convert_to_tensor(result["labels"])
        is_there = (right - left) * (bottom - top) > 0
        is_there = ops.reshape(is_there, (*is_there.shape, *[1] * (len(labels.shape) - len(is_there.shape))))
        result["labels"] = ops.where(is_there, labels, -1)
    return result


def _clipped(numbers: list, width: Any, height: Any) -> Tensor:
    return ops.concatenate(
        [ops.clip(number, 0, limit) for number, limit in zip(numbers, (width, height) * 2, strict=True)], axis=-1
    )


@filtered
def affine_transform(
    boxes: TensorLike,
    angle: TensorLike,
    translate_x: TensorLike,
    translate_y: TensorLike,
    scale: TensorLike,
    shear_x: TensorLike,
    shear_y: TensorLike,
    height: int,
    width: int,
    center_x: Any = None,
    center_y: Any = None,
    bounding_box_format: str = "xyxy",
) -> Tensor:
    """Returns the boxes around bounding boxes that are rotated, sheared, scaled and translated with their image.

    Args:
        boxes: Boxes of shape (batch, boxes, 4).
        angle: The angle of each image, in degrees: shape (batch,); positive is counter-clockwise.
        translate_x: How far each image is moved to the right before it is turned, as a fraction of its width less 1.
        translate_y: How far it is moved down, as a fraction of its height less 1.
        scale: The factor of its size.
        shear_x: The horizontal shear, in degrees.
        shear_y: The vertical shear, in degrees.
        height: The height of the images, in pixels.
        width: Their width.
        center_x: The fixed point, as a fraction of the width less 1; 0.5 by default.
        center_y: The same of the height.
        bounding_box_format: "xyxy".

    Returns:
        Boxes in the same shape; they may be outside of the image.

    Raises:
        NotSupportedError: For another format.
        ShapeError: If the last axis of the boxes does not hold four numbers.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> none, one = np.zeros(1, "float32"), np.ones(1, "float32")
        >>> turned = affine_transform([[[0, 1, 1, 2]]], 90 * one, none, none, one, none, none, height=3, width=3)
        >>> (turned.round(4) + 0.0).tolist()
        [[[1.0, 1.0, 2.0, 2.0]]]
    """
    _check_is_xyxy("affine_transform", bounding_box_format)
    boxes = check_boxes("affine_transform", boxes)
    numbers = [ops.convert_to_tensor(each) for each in (angle, translate_x, translate_y, scale, shear_x, shear_y)]
    center = [0.5 if each is None else each for each in (center_x, center_y)]
    matrix = _matrix(numbers, center, (width - 1, height - 1))
    left, top, right, bottom = (ops.cast(boxes[..., number], matrix[0].dtype) for number in range(4))
    a0, a1, a2, b0, b1, b2 = (each[:, None] for each in matrix)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    x = ops.stack([a0 * x + a1 * y + a2 for x, y in corners])
    y = ops.stack([b0 * x + b1 * y + b2 for x, y in corners])
    return ops.stack([ops.min(x, 0), ops.min(y, 0), ops.max(x, 0), ops.max(y, 0)], axis=-1)


def _matrix(numbers: list, center: list, spans: tuple[int, int]) -> list:
    """Returns how x and y of a point follow from x, y and 1: six numbers for each image."""
    angle, translate_x, translate_y, scale, shear_x, shear_y = numbers
    turn, shear_x, shear_y = (each * np.asarray(-math.pi / 180, each.dtype) for each in (angle, shear_x, shear_y))
    x, y = (share * span for share, span in zip(center, spans, strict=True))
    from_x, from_y = x - translate_x * spans[0], y - translate_y * spans[1]
    a = ops.cos(turn - shear_y) / ops.cos(shear_y)
    c = -ops.sin(turn - shear_y) / ops.cos(shear_y)
    b, d = a * ops.tan(shear_x) + ops.sin(turn), ops.cos(turn) - c * ops.tan(shear_x)
    a0, a1, b0, b1 = d * scale, -b * scale, -c * scale, a * scale
    return [a0, a1, x - a0 * from_x - a1 * from_y, b0, b1, y - b0 * from_x - b1 * from_y]


@filtered
def crop(boxes: TensorLike, top: Any, left: Any, height: Any, width: Any, bounding_box_format: str = "xyxy") -> Tensor:
    """Returns the bounding boxes of a part that is cut out of an image, clipped to it.

    Args:
        boxes: Boxes of shape (..., 4).
        top: The first row of the part.
        left: Its first column.
        height: Its height, in pixels.
        width: Its width.
        bounding_box_format: "xyxy".

    Raises:
        NotSupportedError: For another format.
        ShapeError: If the last axis of the boxes does not hold four numbers.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> crop(np.float32([[2, 3, 6, 7]]), top=4, left=1, height=2, width=9)
        array([[1., 0., 5., 2.]], dtype=float32)
    """
    _check_is_xyxy("crop", bounding_box_format)
    numbers = ops.split(check_boxes("crop", boxes), 4, axis=-1)
    return _clipped([number - start for number, start in zip(numbers, (left, top) * 2, strict=True)], width, height)


@filtered
def pad(
    boxes: TensorLike, top: Any, left: Any, height: Any = None, width: Any = None, bounding_box_format: str = "xyxy"
) -> Tensor:
    """Returns the bounding boxes of an image that is padded.

    Args:
        boxes: Boxes of shape (..., 4).
        top: How many rows are put above the image.
        left: How many columns are put to its left.
        height: The new height. As in Keras, it has no influence: what is put below moves no box.
        width: The new width, likewise.
        bounding_box_format: "xyxy".

    Raises:
        NotSupportedError: For another format.
        ShapeError: If the last axis of the boxes does not hold four numbers.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> pad(np.float32([[2, 3, 6, 7]]), top=4, left=1)
        array([[ 3.,  7.,  7., 11.]], dtype=float32)
    """
    _check_is_xyxy("pad", bounding_box_format)
    numbers = ops.split(check_boxes("pad", boxes), 4, axis=-1)
    return ops.concatenate([x + more for x, more in zip(numbers, (left, top) * 2, strict=True)], axis=-1)
