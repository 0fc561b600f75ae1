"""Bounding boxes relative to anchors, as detectors predict them."""

from collections.abc import Sequence
from typing import Any

from ... import config, ops
from ...errors import ArgumentError, brief
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .formats import convert_format

_ENCODINGS = ("center_xywh", "center_yxhw")


def _checked(where: str, name: str, encoding: object, variance: TensorLike | None) -> Tensor | None:
    """Returns the variance as a tensor."""
    if encoding not in _ENCODINGS:
        raise ArgumentError(f"`{where}`: `{name}` must be one of {_ENCODINGS}. Received: {name}={brief(encoding)}")
    if variance is None:
        return None
    variance = ops.convert_to_tensor(variance, "float32")
    if tuple(variance.shape)[-1:] != (4,):
        raise ArgumentError(f"`{where}`: `variance` must be four numbers. Received: variance={brief(variance)}")
    return variance


@filtered
def encode_box_to_deltas(
    anchors: TensorLike,
    boxes: TensorLike,
    anchor_format: str,
    box_format: str,
    encoding_format: str = "center_yxhw",
    variance: TensorLike | None = None,
    image_shape: Sequence[int] | None = None,
) -> Tensor:
    """Encodes bounding boxes by what is to be added to anchors.

    `[(center - center of the anchor) / size of the anchor, log(size / size of the anchor)] / variance`

    Args:
        anchors: The anchors, shape (boxes, 4).
        boxes: The boxes, shape (boxes, 4) or (batch, boxes, 4).
        anchor_format: The format of the anchors.
        box_format: That of the boxes.
        encoding_format: "center_yxhw" or "center_xywh": the order of the result.
        variance: Four numbers that the result is divided by.
        image_shape: (height, width, channels) of the image; needed if a format is relative.

    Returns:
        The deltas, in the shape of the boxes.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> encode_box_to_deltas([[0.0, 0.0, 2.0, 4.0]], [[1.0, 0.0, 3.0, 4.0]], "xyxy", "xyxy", "center_xywh")
        array([[0.5, 0. , 0. , 0. ]], dtype=float32)
    """
    variance = _checked("encode_box_to_deltas", "encoding_format", encoding_format, variance)
    height, width = (None, None) if image_shape is None else tuple(image_shape)[:2]
    anchors = convert_format(anchors, anchor_format, encoding_format, height, width)
    boxes = convert_format(boxes, box_format, encoding_format, height, width)
    own, new = (ops.maximum(each[..., 2:], config.epsilon()) for each in (anchors, boxes))
    deltas = ops.concatenate([(boxes[..., :2] - anchors[..., :2]) / own, ops.log(new / own)], axis=-1)
    return deltas if variance is None else deltas / variance


@filtered
def decode_deltas_to_boxes(
    anchors: Any,
    boxes_delta: Any,
    anchor_format: str,
    box_format: str,
    encoded_format: str = "center_yxhw",
    variance: TensorLike | None = None,
    image_shape: Sequence[int] | None = None,
) -> Any:
    """Returns the bounding boxes that were encoded by `encode_box_to_deltas`.

    Args:
        anchors: The anchors, shape (boxes, 4), or a dict of those of each level.
        boxes_delta: The deltas, shape (boxes, 4) or (batch, boxes, 4), or a dict of those of each level.
        anchor_format: The format of the anchors.
        box_format: The format of the result.
        encoded_format: "center_yxhw" or "center_xywh": the order of the deltas.
        variance: Four numbers that the deltas were divided by.
        image_shape: (height, width, channels) of the image; needed if a format is relative.

    Returns:
        The boxes, in the shape of the deltas; a dict for dicts.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> decode_deltas_to_boxes([[0.0, 0.0, 2.0, 4.0]], [[0.5, 0.0, 0.0, 0.0]], "xyxy", "xyxy", "center_xywh")
        array([[1., 0., 3., 4.]], dtype=float32)
    """
    variance = _checked("decode_deltas_to_boxes", "encoded_format", encoded_format, variance)
    height, width = (None, None) if image_shape is None else tuple(image_shape)[:2]

    def decoded(anchors: TensorLike, deltas: TensorLike) -> Tensor:
        anchors = convert_format(anchors, anchor_format, encoded_format, height, width)
        deltas = ops.convert_to_tensor(deltas) if variance is None else ops.convert_to_tensor(deltas) * variance
        center = deltas[..., :2] * anchors[..., 2:] + anchors[..., :2]
        boxes = ops.concatenate([center, ops.exp(deltas[..., 2:]) * anchors[..., 2:]], axis=-1)
        return convert_format(boxes, encoded_format, box_format, height, width)

    if isinstance(anchors, dict) and isinstance(boxes_delta, dict):
        return {level: decoded(each, boxes_delta[level]) for level, each in anchors.items()}
    return decoded(anchors, boxes_delta)
