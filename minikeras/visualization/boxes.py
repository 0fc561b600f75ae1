"""Bounding boxes drawn into images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import ops
from ..argument_checks import check_int, check_number
from ..config import resolved_data_format
from ..errors import ArgumentError, ArgumentTypeError, DataError, ShapeError, brief
from ..tracebacks import filtered
from ..typing import TensorLike
from ..utils.bounding_boxes import convert_format
from .shapes import draw_rectangle, draw_text

_WHERE = "draw_bounding_boxes"


@filtered
def draw_bounding_boxes(
    images: TensorLike,
    bounding_boxes: Mapping[str, TensorLike],
    bounding_box_format: str,
    class_mapping: Mapping[int, str] | None = None,
    color: Sequence[float] = (128, 128, 128),
    line_thickness: int = 2,
    text_thickness: int | None = 1,
    font_scale: float = 1.0,
    data_format: str | None = None,
) -> np.ndarray:
    """Draws bounding boxes on images, and names of classes beside them.

    Rectangles have the pixels that Keras draws with OpenCV. Texts are where Keras has them, in Pillow's font.

    Args:
        images: A batch of images of shape (batch, height, width, channels), or as `data_format` says. Floats are taken
            as fractions of 255 if none is larger than 1.
        bounding_boxes: A dict with `boxes` of shape (batch, boxes, 4), `labels` of shape (batch, boxes), and optionally
            `confidences` of that shape. Boxes of label -1 are not drawn.
        bounding_box_format: The format of the boxes, as in `utils.bounding_boxes.convert_format`.
        class_mapping: The names of classes by label; classes without one have no text.
        color: The color of boxes and texts, a number for each channel from 0 to 255.
        line_thickness: The thickness of lines, in pixels; negative to fill the boxes.
        text_thickness: The thickness of the strokes of texts; `line_thickness` if None or 0.
        font_scale: The size of texts; capital letters have 21 pixels at 1.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images as bytes, in the shape of `images`.

    Raises:
        ShapeError: If the shapes do not match.
        ArgumentTypeError: If `bounding_boxes` is not a dict.
        ArgumentError: If an argument is invalid, or `boxes` or `labels` are missing.
        ImportError: If names are to be written, and Pillow is not installed.

    Source: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/visualization/draw_bounding_boxes.py

    Example:
        >>> boxes = {"boxes": [[[1, 1, 3, 4]]], "labels": [[0]]}
        >>> draw_bounding_boxes(np.zeros((1, 6, 5, 1)), boxes, "xyxy", color=(9,), line_thickness=1)[0, :, :, 0]
        array([[0, 0, 0, 0, 0],
               [0, 9, 9, 9, 0],
               [0, 9, 0, 9, 0],
               [0, 9, 0, 9, 0],
               [0, 9, 9, 9, 0],
               [0, 0, 0, 0, 0]], dtype=uint8)
    """
    check_int(_WHERE, "line_thickness", line_thickness)
    if not line_thickness:
        raise ArgumentError(f"{_WHERE}: `line_thickness` must not be 0. Received: line_thickness=0")
    text_thickness = check_int(_WHERE, "text_thickness", text_thickness or abs(line_thickness), minimum=1)
    check_number(_WHERE, "font_scale", font_scale, above=0)
    is_first = resolved_data_format(_WHERE, data_format) == "channels_first"
    drawn = as_bytes(_WHERE, images)
    drawn = np.ascontiguousarray(drawn.transpose(0, 2, 3, 1)) if is_first else drawn
    paint = _color(color, drawn.shape[-1])
    boxes, labels, confidences = _checked(bounding_boxes, bounding_box_format, drawn.shape)
    names = class_mapping or {}
    for index, image in enumerate(drawn):
        for number, label in enumerate(labels[index]):
            if label == -1:
                continue
            corners = [int(end) for end in boxes[index, number]]
            draw_rectangle(image, corners, paint, line_thickness)
            if label in names:
                more = "" if confidences is None else f" | {confidences[index, number]:.2f}"
                place = _text_place(corners[0], corners[1], font_scale, text_thickness)
                draw_text(image, f"{names[label]}{more}", place, paint, font_scale, text_thickness)
    return drawn.transpose(0, 3, 1, 2) if is_first else drawn


def as_bytes(where: str, images: TensorLike) -> np.ndarray:
    """Returns a copy of a batch of images as bytes: floats of at most 1 are taken as fractions of 255.

    Args:
        where: The function, for errors.
        images: The images.

    Raises:
        ShapeError: If it is not a batch of images.
    """
    x = ops.convert_to_numpy(images)
    if x.ndim != 4:
        raise ShapeError(f"`{where}` expects a batch of images, of 4 axes. Received: shape {x.shape}")
    if x.dtype.kind == "f" and x.size:
        x = np.clip(x, 0, 1) * 255 if x.max() <= 1 else np.clip(x, 0, 255)
    return x.astype("uint8")


def _color(color: Sequence[float], channels: int) -> np.ndarray:
    """Returns a byte for each channel; those without a number are 0, as in OpenCV."""
    numbers = np.asarray(color, dtype="float64") if np.ndim(color) == 1 else None
    if numbers is None or not 1 <= len(numbers) <= 4 or not np.isfinite(numbers).all():
        raise ArgumentError(f"{_WHERE}: `color` must be one to four numbers from 0 to 255. Received: {brief(color)}")
    padded = np.zeros(max(channels, 4))
    padded[: len(numbers)] = np.clip(np.rint(numbers), 0, 255)
    return padded[:channels].astype("uint8")


def _checked(
    bounding_boxes: Any, bounding_box_format: str, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Returns corners as integers, labels, and confidences or None."""
    if not isinstance(bounding_boxes, Mapping):
        raise ArgumentTypeError(f"{_WHERE}: `bounding_boxes` must be a dict. Received: {brief(bounding_boxes)}")
    if not {"boxes", "labels"} <= bounding_boxes.keys():
        raise ArgumentError(
            f"{_WHERE}: `bounding_boxes` must have 'boxes' and 'labels'. Received: {brief(list(bounding_boxes))}"
        )
    boxes = convert_format(bounding_boxes["boxes"], bounding_box_format, "xyxy", shape[1], shape[2])
    boxes = ops.convert_to_numpy(boxes)
    labels = ops.convert_to_numpy(bounding_boxes["labels"]).astype("int32")
    confidences = bounding_boxes.get("confidences")
    confidences = None if confidences is None else ops.convert_to_numpy(confidences)
    for name, part in (("labels", labels), ("confidences", confidences)):
        if part is not None and (boxes.shape != (*part.shape, 4) or len(part) != shape[0] or part.ndim != 2):
            raise ShapeError(
                f"{_WHERE}: expected boxes of shape ({shape[0]}, boxes, 4) and {name} of shape ({shape[0]}, boxes). "
                f"Received: shapes {boxes.shape} and {part.shape}"
            )
    if not np.isfinite(boxes[labels != -1]).all():
        raise DataError(f"{_WHERE}: boxes must be finite; label those that are padding with -1.")
    limit = 1 << 30  # far outside of any image
    return np.clip(np.nan_to_num(boxes), -limit, limit).astype("int32"), labels, confidences


def _text_place(x: int, y: int, font_scale: float, thickness: int) -> tuple[int, int]:
    """Returns where the baseline of a text starts: above the box, or inside of it if there is no room above."""
    height = int(font_scale * 12)
    if y - 8 - 2 * height > 0:
        return x, y - 8
    return x + 3, y + 2 * height + thickness + 3
