"""Cropping and padding of images."""

from ...argument_checks import check_optional_int
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError
from ...typing import Tensor, TensorLike
from ..common.arguments import static_shape
from ..indexing import get_item
from ..padding import pad
from .axes import axes_of, checked_images


@op(
    "image.CropImages",
    settings="top_cropping left_cropping bottom_cropping right_cropping target_height target_width data_format",
)
def crop_images(
    images: TensorLike,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Crops images.

    For each axis, two of the three numbers are given: how much to crop on either side, and the new size.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        top_cropping: Rows to crop at the top.
        left_cropping: Columns to crop on the left.
        bottom_cropping: Rows to crop at the bottom.
        right_cropping: Columns to crop on the right.
        target_height: The new height.
        target_width: The new width.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Raises:
        ArgumentError: If an argument is negative, or not two are given for an axis.
        ShapeError: If the images are smaller than what is cropped, or do not have 3 or 4 axes.

    Source: https://keras.io/api/ops/image/#crop_images-function

    Example:
        >>> crop_images([[[1], [2], [3]]], 0, 1, 0, target_width=1)
        array([[[2]]], dtype=int32)
    """
    axes = axes_of("crop_images", data_format)
    images = checked_images("crop_images", images)
    sizes = static_shape(images)
    rows = _two_of_three(
        "crop_images", top_cropping=top_cropping, bottom_cropping=bottom_cropping, target_height=target_height
    )
    columns = _two_of_three(
        "crop_images", left_cropping=left_cropping, right_cropping=right_cropping, target_width=target_width
    )
    key = [slice(None)] * len(sizes)
    for axis, (before, after, target) in ((axes.height, rows), (axes.width, columns)):
        size = sizes[axis]
        before = size - target - after if before is None else before
        stop = size - after if target is None else before + target
        if not 0 <= before <= stop <= size:
            raise ShapeError(
                f"`crop_images` cannot take {before} to {stop} of an axis of size {size}: it crops more than there is."
            )
        key[axis] = slice(before, stop)
    return get_item(images, tuple(key))


@op(
    "image.PadImages",
    settings="top_padding left_padding bottom_padding right_padding target_height target_width data_format",
)
def pad_images(
    images: TensorLike,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Pads images with zeros.

    For each axis, two of the three numbers are given: the padding on either side, and the new size.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        top_padding: Rows to add at the top.
        left_padding: Columns to add on the left.
        bottom_padding: Rows to add at the bottom.
        right_padding: Columns to add on the right.
        target_height: The new height.
        target_width: The new width.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Raises:
        ArgumentError: If an argument is negative, or not two are given for an axis.
        ShapeError: If the images are larger than the new size, or do not have 3 or 4 axes.

    Source: https://keras.io/api/ops/image/#pad_images-function

    Example:
        >>> pad_images([[[1], [2]]], 0, 1, 0, target_width=4)[0, :, 0]
        array([0, 1, 2, 0], dtype=int32)
    """
    axes = axes_of("pad_images", data_format)
    images = checked_images("pad_images", images)
    sizes = static_shape(images)
    rows = _two_of_three(
        "pad_images", top_padding=top_padding, bottom_padding=bottom_padding, target_height=target_height
    )
    columns = _two_of_three(
        "pad_images", left_padding=left_padding, right_padding=right_padding, target_width=target_width
    )
    widths = [(0, 0)] * len(sizes)
    for axis, (before, after, target) in ((axes.height, rows), (axes.width, columns)):
        size = sizes[axis]
        before = target - size - after if before is None else before
        after = target - size - before if after is None else after
        if before < 0 or after < 0:
            raise ShapeError(
                f"`pad_images` cannot pad an axis of size {size} by {before} and {after}: it is larger than the "
                "new size."
            )
        widths[axis] = (before, after)
    return pad(images, widths)


def _two_of_three(where: str, **given: int | None) -> list[int | None]:
    """Returns the numbers for an axis: before, after, and the new size, of which one is None."""
    if list(given.values()).count(None) != 1:
        listing = ", ".join(f"{name}={value}" for name, value in given.items())
        raise ArgumentError(f"`{where}` expects two of {', '.join(given)}. Received: {listing}")
    return [check_optional_int(where, name, value, 0) for name, value in given.items()]
