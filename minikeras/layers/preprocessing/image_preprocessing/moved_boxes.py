"""Bounding boxes that follow the pixels of an image."""

from collections.abc import Callable
from typing import Any

from .... import ops
from ....typing import Tensor
from ....utils.bounding_boxes import clip_to_image_size, convert_format


def moved_boxes(
    bounding_boxes: dict[str, Any],
    move: Callable,
    format: str | None,
    size: tuple[int, int],
    new_size: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Returns bounding boxes that are moved, and clipped to the image; labels of those outside become -1.

    Args:
        bounding_boxes: A dict of "boxes" of shape (batch, boxes, 4), and their "labels".
        move: Takes left, top, right and bottom of the boxes, each of shape (batch, boxes), and returns the new ones.
        format: The format of the boxes, before and after.
        size: The height and the width of the images.
        new_size: Those of the images afterwards; the same by default.

    Example:
        >>> import numpy as np
        >>> boxes = {"boxes": np.float32([[[0, 1, 2, 3]]]), "labels": np.array([[7]])}
        >>> moved_boxes(boxes, lambda *sides: [side + 2 for side in sides], "xyxy", (4, 4))["boxes"]
        array([[[2., 3., 4., 4.]]], dtype=float32)
    """
    new_size = size if new_size is None else new_size
    bounding_boxes = convert_format(bounding_boxes, format or "xyxy", "xyxy", *size)
    boxes = bounding_boxes["boxes"]
    boxes = ops.stack(move(*(boxes[..., number] for number in range(4))), axis=-1)
    bounding_boxes = clip_to_image_size({**bounding_boxes, "boxes": boxes}, *new_size)
    return convert_format(bounding_boxes, "xyxy", format or "xyxy", *new_size)


def projected(sides: tuple, matrices: Tensor) -> list:
    """Returns the sides of the boxes around boxes whose corners are moved by projective maps.

    Args:
        sides: Left, top, right and bottom of boxes, each of shape (batch, boxes); pixels have the size 1.
        matrices: Shape (batch, 8), as for `ops.image.affine_transform`: which pixel of an image each of the result
            comes from. So boxes are moved by the inverse.
    """
    a0, a1, a2, b0, b1, b2, c0, c1 = (matrices[:, number, None] for number in range(8))
    # The adjugate: a projective map may be multiplied by any number.
    rows = (
        (b1 - b2 * c1, a2 * c1 - a1, a1 * b2 - a2 * b1),
        (b2 * c0 - b0, a0 - a2 * c0, a2 * b0 - a0 * b2),
        (b0 * c1 - b1 * c0, a1 * c0 - a0 * c1, a0 * b1 - a1 * b0),
    )
    # The maps are those of the centers of pixels, which are half a pixel from their sides.
    left, top, right, bottom = (ops.cast(side, matrices.dtype) - 0.5 for side in sides)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    points = [[first * x + second * y + third for first, second, third in rows] for x, y in corners]
    xs, ys = ([point[axis] / point[2] + 0.5 for point in points] for axis in range(2))
    return [_fold(ops.minimum, xs), _fold(ops.minimum, ys), _fold(ops.maximum, xs), _fold(ops.maximum, ys)]


def _fold(combine: Callable, values: list) -> Tensor:
    return combine(combine(values[0], values[1]), combine(values[2], values[3]))


def in_window(sides: tuple, window: tuple, size: tuple[int, int]) -> list:
    """Returns the sides of boxes in a part of the image that is resized.

    Args:
        sides: Left, top, right and bottom of boxes, each of shape (batch, boxes).
        window: The part: (top, left, height, width).
        size: The height and the width that it is resized to.
    """
    top, left, height, width = window
    starts, scales = (left, top, left, top), (size[1] / width, size[0] / height) * 2
    starts = [ops.cast(start, sides[0].dtype) for start in starts]
    return [(side - start) * scale for side, start, scale in zip(sides, starts, scales, strict=True)]
