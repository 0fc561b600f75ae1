"""Segmentation masks drawn over images."""

from collections.abc import Mapping, Sequence

import numpy as np

from .. import ops
from ..argument_checks import check_int, check_number
from ..config import resolved_data_format
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..tracebacks import filtered
from ..typing import TensorLike

_WHERE = "draw_segmentation_masks"
_PALETTE = (2**25 - 1, 2**15 - 1, 2**21 - 1)


@filtered
def draw_segmentation_masks(
    images: TensorLike,
    segmentation_masks: TensorLike,
    num_classes: int | None = None,
    color_mapping: Mapping[int, Sequence[float]] | None = None,
    alpha: float = 0.8,
    blend: bool = True,
    ignore_index: int = -1,
    data_format: str | None = None,
) -> np.ndarray:
    """Colors the pixels of images by their class.

    `result = (1 - alpha) * image + alpha * color[class]`

    Args:
        images: A batch of images of shape (batch, height, width, channels), or as `data_format` says, with values from
            0 to 255.
        segmentation_masks: Class indices of shape (batch, height, width, 1), with the axis of channels first if images
            have them there, or (batch, height, width).
        num_classes: The classes 0 to `num_classes - 1` are colored; by default the largest index of the masks, which is
            not colored, as in Keras.
        color_mapping: The colors by class. Without a color of class 0, classes 1 to `num_classes` are colored. By
            default, Keras's palette, in which class 0 is black.
        alpha: The opacity of the colors, from 0 to 1.
        blend: False to draw the colors opaquely.
        ignore_index: The class whose pixels stay as they are.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images with the channels last: bytes, or float32 without `blend`.

    Raises:
        ShapeError: If the shapes do not match.
        ArgumentTypeError: If the masks are not integers.
        ArgumentError: If an argument is invalid, or a class has no color.

    Source: https://github.com/keras-team/keras/blob/v3.15.1/keras/src/visualization/draw_segmentation_masks.py

    Example:
        >>> image, mask = np.full((1, 1, 3, 1), 100.0), np.array([[[0, 1, 2]]])
        >>> draw_segmentation_masks(image, mask, 3, {0: [0], 1: [200], 2: [250]}, alpha=0.5, ignore_index=0)[0, :, :, 0]
        array([[100, 150, 175]], dtype=uint8)
    """
    alpha = check_number(_WHERE, "alpha", alpha, minimum=0, maximum=1)
    check_int(_WHERE, "ignore_index", ignore_index)
    x, masks = _checked(images, segmentation_masks, resolved_data_format(_WHERE, data_format) == "channels_first")
    if num_classes is None:
        num_classes = max(int(masks.max(initial=0)), 0)
    check_int(_WHERE, "num_classes", num_classes, minimum=0)
    colored = x.copy()
    for label, color in _colors(num_classes, color_mapping, x.shape[-1]).items():
        if label != ignore_index:
            colored[masks == label] = color
    if not blend:
        return colored
    mixed = x * np.float32(1 - alpha) + colored * np.float32(alpha)
    mixed = np.where((masks == ignore_index)[..., None], x, mixed)
    return np.clip(mixed, 0, 255).astype("uint8")


def _checked(images: TensorLike, masks: TensorLike, is_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Returns images with the channels last, as float32, and masks without an axis of channels."""
    x = np.array(ops.convert_to_numpy(images), dtype="float32")
    labels = ops.convert_to_numpy(masks)
    if x.ndim != 4:
        raise ShapeError(f"`{_WHERE}` expects a batch of images, of 4 axes. Received: shape {x.shape}")
    if labels.dtype.kind not in "iu":
        raise ArgumentTypeError(
            f"{_WHERE}: `segmentation_masks` must be integers, class indices. Received: dtype {labels.dtype}"
        )
    x = x.transpose(0, 2, 3, 1) if is_first else x
    channel = 1 if is_first else -1
    if labels.ndim == 4 and labels.shape[channel] == 1:
        labels = labels.squeeze(channel)
    if labels.shape != x.shape[:3]:
        raise ShapeError(
            f"{_WHERE}: expected masks of shape {x.shape[:3]}, or with an axis of one channel, for images of shape "
            f"(channels last) {x.shape}. Received: shape {ops.convert_to_numpy(masks).shape}"
        )
    return x, labels


def _colors(num_classes: int, mapping: Mapping | None, channels: int) -> dict[int, np.ndarray]:
    if mapping is None:
        colors = {label: [label * part % 255 for part in _PALETTE][:channels] for label in range(num_classes)}
    else:
        labels = range(num_classes) if 0 in mapping else range(1, num_classes + 1)
        missing = [label for label in labels if label not in mapping]
        if missing:
            raise ArgumentError(f"{_WHERE}: `color_mapping` has no color of the classes {missing}. Add them.")
        colors = {label: mapping[label] for label in labels}
    for label, color in colors.items():
        if np.shape(color) not in ((), (1,), (channels,)):
            raise ArgumentError(
                f"{_WHERE}: expected colors of {channels} numbers, as the images have channels. Received for class "
                f"{label}: {brief(color)}"
            )
    return {label: np.asarray(color, "float32") for label, color in colors.items()}
