"""How much bounding boxes overlap."""

import math
from collections.abc import Sequence

from ... import config, ops
from ...errors import ArgumentError, ShapeError
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .formats import check_boxes, convert_format


def _in_pixels(where: str, boxes: TensorLike, source: str, image_shape: Sequence[int] | None) -> Tensor:
    """Returns boxes as left, top, right, bottom."""
    if "rel" in source and image_shape is None:
        raise ArgumentError(f"`{where}` needs `image_shape` for boxes in a relative format. Received: {source!r}")
    height, width = (None, None) if image_shape is None else tuple(image_shape)[:2]
    return convert_format(boxes, source, "xyxy", height, width)


@filtered
def compute_iou(
    boxes1: TensorLike,
    boxes2: TensorLike,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Sequence[int] | None = None,
) -> Tensor:
    """Computes the intersection over union of each pair of bounding boxes.

    Args:
        boxes1: Boxes of shape (n, 4) or (batch, n, 4).
        boxes2: Boxes of shape (m, 4) or (batch, m, 4).
        bounding_box_format: The format of both.
        use_masking: Whether to return `mask_val` for boxes of negative numbers, with which lists of boxes are padded.
        mask_val: That value.
        image_shape: (height, width, channels) of the image; needed if the format is relative.

    Returns:
        Shape (n, m) or (batch, n, m).

    Raises:
        ShapeError: If the boxes do not have 2 or 3 axes, the last of size 4.
        ArgumentError: If the format is relative, and `image_shape` is missing.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> compute_iou([[0.0, 0.0, 2.0, 2.0]], [[1.0, 0.0, 3.0, 2.0], [5.0, 5.0, 6.0, 6.0]], "xyxy").round(4)
        array([[0.3333, 0.    ]], dtype=float32)
    """
    given = [check_boxes("compute_iou", boxes) for boxes in (boxes1, boxes2)]
    for name, boxes in zip(("boxes1", "boxes2"), given, strict=True):
        if len(boxes.shape) not in (2, 3):
            raise ShapeError(
                f"`compute_iou` expects `{name}` of shape (boxes, 4) or (batch, boxes, 4). "
                f"Received: shape {tuple(boxes.shape)}"
            )
    first, second = (_in_pixels("compute_iou", boxes, bounding_box_format, image_shape) for boxes in given)
    one = [ops.expand_dims(first[..., number], -1) for number in range(4)]
    other = [ops.expand_dims(second[..., number], -2) for number in range(4)]
    sides = [
        ops.maximum(ops.minimum(one[axis + 2], other[axis + 2]) - ops.maximum(one[axis], other[axis]), 0)
        for axis in range(2)
    ]
    areas = [(each[3] - each[1]) * (each[2] - each[0]) for each in (one, other)]
    shared = sides[1] * sides[0]
    result = shared / (areas[0] + areas[1] - shared + config.epsilon())
    if not use_masking:
        return result
    is_padding = [ops.max(boxes, axis=-1) < 0 for boxes in (first, second)]
    is_masked = ops.logical_or(ops.expand_dims(is_padding[0], -1), ops.expand_dims(is_padding[1], -2))
    return ops.where(is_masked, ops.cast(mask_val, result.dtype), result)


@filtered
def compute_ciou(
    boxes1: TensorLike, boxes2: TensorLike, bounding_box_format: str, image_shape: Sequence[int] | None = None
) -> Tensor:
    """Computes the complete intersection over union of pairs of bounding boxes.

    `IoU - d^2 / c^2 - a v`, where d is the distance of the centers, c the diagonal of the smallest box around both,
    `v = (4 / pi^2) (atan(w2 / h2) - atan(w1 / h1))^2`, and `a = v / (1 - IoU + v)`.

    Args:
        boxes1: Boxes of shape (..., 4).
        boxes2: Boxes of the same shape.
        bounding_box_format: The format of both.
        image_shape: (height, width, channels) of the image; needed if the format is relative.

    Returns:
        Shape (...).

    Raises:
        ShapeError: If the last axis of boxes does not hold four numbers.
        ArgumentError: If the format is relative, and `image_shape` is missing.

    Source: https://keras.io/api/utils/bounding_boxes/, Zheng et al. 2020, https://arxiv.org/abs/1911.08287

    Example:
        >>> compute_ciou([[0.0, 0.0, 2.0, 2.0]], [[0.0, 0.0, 2.0, 2.0]], "xyxy").round(4)
        array([1.], dtype=float32)
    """
    epsilon = config.epsilon()
    given = [check_boxes("compute_ciou", boxes) for boxes in (boxes1, boxes2)]
    first, second = (_in_pixels("compute_ciou", boxes, bounding_box_format, image_shape) for boxes in given)
    one, other = ([boxes[..., number] for number in range(4)] for boxes in (first, second))
    widths = [each[2] - each[0] for each in (one, other)]
    heights = [each[3] - each[1] + epsilon for each in (one, other)]
    lows, highs = [], []
    for axis in range(2):
        lows.append((ops.minimum(one[axis], other[axis]), ops.maximum(one[axis], other[axis])))
        highs.append((ops.minimum(one[axis + 2], other[axis + 2]), ops.maximum(one[axis + 2], other[axis + 2])))
    shared = ops.maximum(highs[0][0] - lows[0][1], 0) * ops.maximum(highs[1][0] - lows[1][1], 0)
    union = widths[0] * heights[0] + widths[1] * heights[1] - shared + epsilon
    iou = shared / (union + epsilon)
    diagonal = (highs[0][1] - lows[0][0]) ** 2 + (highs[1][1] - lows[1][0]) ** 2 + epsilon
    distance = sum(((one[axis] + one[axis + 2]) / 2 - (other[axis] + other[axis + 2]) / 2) ** 2 for axis in range(2))
    angles = [ops.arctan(width / height) for width, height in zip(widths, heights, strict=True)]
    v = (angles[1] - angles[0]) ** 2 * (4 / math.pi**2)
    alpha = v / (v - iou + (1 + epsilon))
    return iou - (distance / diagonal + v * alpha)
