"""The formats of bounding boxes, and the conversion between them."""

from typing import Any, NamedTuple

from ... import ops
from ...errors import ArgumentError, ShapeError, brief, unknown_name
from ...tracebacks import filtered
from ...typing import DTypeLike, Tensor, TensorLike


class _Format(NamedTuple):
    """How four numbers describe a box.

    Args:
        kind: What the first and the second pair of numbers are: two "corners"; a corner and the "size"; or the "center"
            and the size.
        is_vertical_first: Whether y comes before x, and the height before the width.
        is_relative: Whether they are fractions of the size of the image.
    """

    kind: str
    is_vertical_first: bool = False
    is_relative: bool = False


FORMATS = {
    "xyxy": _Format("corners"),
    "yxyx": _Format("corners", True),
    "xywh": _Format("size"),
    "center_xywh": _Format("center"),
    "center_yxhw": _Format("center", True),
    "rel_xyxy": _Format("corners", False, True),
    "rel_yxyx": _Format("corners", True, True),
    "rel_xywh": _Format("size", False, True),
    "rel_center_xywh": _Format("center", False, True),
}


def check_format(where: str, name: str, value: object) -> str:
    """Returns the name of a format in lower case.

    Raises:
        UnknownNameError: If there is no such format.

    Example:
        >>> check_format("convert_format", "source", "XYXY")
        'xyxy'
    """
    known = value.lower() if isinstance(value, str) else value
    if not isinstance(known, str) or known not in FORMATS:
        raise unknown_name(f"`{name}` of {where}", value, FORMATS)
    return str(known)


def check_boxes(where: str, boxes: TensorLike) -> Tensor:
    """Returns boxes as a tensor.

    Raises:
        ShapeError: If their last axis does not hold four numbers.
    """
    boxes = ops.convert_to_tensor(boxes)
    if len(boxes.shape) == 0 or boxes.shape[-1] != 4:
        raise ShapeError(f"`{where}` expects boxes of shape (..., 4). Received: shape {tuple(boxes.shape)}")
    return boxes


@filtered
def convert_format(
    boxes: Any,
    source: str,
    target: str,
    height: Any = None,
    width: Any = None,
    dtype: DTypeLike = "float32",
) -> Any:
    """Converts bounding boxes from one format to another.

    The formats are "xyxy" (left, top, right, bottom), "yxyx" (top, left, bottom, right), "xywh" (left, top, width,
    height), "center_xywh" (center x, center y, width, height), "center_yxhw" (center y, center x, height, width), and
    "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh", which are fractions of the width and the height of the image.

    Args:
        boxes: Boxes of shape (..., 4), or a dict with them under "boxes".
        source: Their format; case does not matter.
        target: The format to convert to.
        height: The height of the image, in pixels: a number, or an array that broadcasts with `boxes[..., :1]`; needed
            if a format is relative.
        width: Its width, likewise.
        dtype: The dtype of the result.

    Returns:
        The boxes; of a dict, a new one with the converted boxes.

    Raises:
        ShapeError: If the last axis does not hold four numbers.
        UnknownNameError: If there is no such format.
        ArgumentError: If a format is relative, and the size of the image is missing.

    Source: https://keras.io/api/utils/bounding_boxes/

    Example:
        >>> convert_format([[1.0, 2.0, 5.0, 4.0]], "xyxy", "center_xywh")
        array([[3., 3., 4., 2.]], dtype=float32)
        >>> convert_format([[1.0, 2.0, 5.0, 4.0]], "xyxy", "rel_yxyx", height=8, width=10)
        array([[0.25, 0.1 , 0.5 , 0.5 ]], dtype=float32)
    """
    if isinstance(boxes, dict):
        return {**boxes, "boxes": convert_format(boxes["boxes"], source, target, height, width, dtype)}
    source, target = (check_format("convert_format", *each) for each in (("source", source), ("target", target)))
    boxes = ops.cast(check_boxes("convert_format", boxes), dtype)
    own, new = FORMATS[source], FORMATS[target]
    if (own.is_relative or new.is_relative) and (height is None or width is None):
        raise ArgumentError(
            "`convert_format` needs `height` and `width` of the image for relative formats. Received: "
            f"source={source!r}, target={target!r}, height={brief(height)}, width={brief(width)}"
        )
    if source == target:
        return boxes
    sizes = [None if size is None else ops.cast(size, dtype) for size in (width, height)]
    is_scaled = own.is_relative is not new.is_relative
    first, second = _corners(ops.split(boxes, 4, axis=-1), own)
    if is_scaled and own.is_relative:
        first, second = ([x * size for x, size in zip(pair, sizes, strict=True)] for pair in (first, second))
    first, second = _described(first, second, new.kind)
    if is_scaled and new.is_relative:
        first, second = ([x / size for x, size in zip(pair, sizes, strict=True)] for pair in (first, second))
    order = slice(None, None, -1) if new.is_vertical_first else slice(None)
    return ops.concatenate([*first[order], *second[order]], axis=-1)


def _corners(numbers: list, own: _Format) -> tuple[list, list]:
    """Returns both corners of boxes, each as [x, y]."""
    order = slice(None, None, -1) if own.is_vertical_first else slice(None)
    first, second = numbers[:2][order], numbers[2:][order]
    if own.kind == "center":
        halves = [size / 2.0 for size in second]
        return [c - half for c, half in zip(first, halves, strict=True)], [
            c + half for c, half in zip(first, halves, strict=True)
        ]
    if own.kind == "size":
        second = [low + size for low, size in zip(first, second, strict=True)]
    return first, second


def _described(first: list, second: list, kind: str) -> tuple[list, list]:
    """Returns the two pairs of numbers that describe boxes with these corners."""
    if kind == "corners":
        return first, second
    sizes = [high - low for low, high in zip(first, second, strict=True)]
    if kind == "center":
        first = [low + size / 2.0 for low, size in zip(first, sizes, strict=True)]
    return first, sizes
