"""The shapes of images that a model takes: the default, what the caller asked for, and what is refused."""

from collections.abc import Sequence
from typing import Any

from ..argument_checks import bad_argument, is_int
from ..config import image_data_format
from ..errors import ShapeError, warn_user

IMAGENET = "imagenet"


def split_shape(shape: Sequence[Any]) -> tuple[int | None, int | None, int | None]:
    """Returns height, width and channels of a shape without the batch axis, in the layout that is set.

    Example:
        >>> split_shape((224, 192, 3))
        (224, 192, 3)
    """
    if image_data_format() == "channels_first":
        channels, height, width = shape
    else:
        height, width, channels = shape
    return height, width, channels


def joined_shape(height: int | None, width: int | None, channels: int | None) -> tuple[int | None, ...]:
    """Returns a shape without the batch axis, in the layout that is set.

    Example:
        >>> joined_shape(224, 192, 3)
        (224, 192, 3)
    """
    return (channels, height, width) if image_data_format() == "channels_first" else (height, width, channels)


def checked_shape(where: str, shape: Any) -> tuple[int | None, ...] | None:
    """Returns the argument `input_shape` as a tuple of three sizes, or None.

    Raises:
        ShapeError: If it is anything else.

    Example:
        >>> checked_shape("VGG16", [32, None, 3])
        (32, None, 3)
    """
    if shape is None:
        return None
    sizes = tuple(shape) if isinstance(shape, Sequence) and not isinstance(shape, str) else ()
    if len(sizes) != 3 or not all(size is None or is_int(size, 1) for size in sizes):
        expected = f"three positive integers, such as {joined_shape(224, 224, 3)}, None for a free size"
        raise bad_argument(where, "input_shape", shape, expected, ShapeError)
    return tuple(None if size is None else int(size) for size in sizes)


def obtain_input_shape(
    where: str,
    shape: tuple[int | None, ...] | None,
    default_size: int,
    min_size: int,
    is_fixed: bool,
    weights: Any,
) -> tuple[int | None, ...]:
    """Returns the shape of the images that a model takes, without the batch axis.

    Args:
        where: The function, for the messages.
        shape: What the caller asked for, checked; None for the default.
        default_size: Height and width in pixels by default.
        min_size: The smallest height and width in pixels.
        is_fixed: Whether the sizes must be known, since the model has a classifier.
        weights: The argument `weights`.

    Raises:
        ShapeError: If the images are too small, have free sizes that must be known, or do not fit the weights.

    Example:
        >>> obtain_input_shape("VGG16", None, 224, 32, True, None)
        (224, 224, 3)
        >>> obtain_input_shape("VGG16", None, 224, 32, False, None)
        (None, None, 3)
    """
    default = joined_shape(default_size, default_size, 3)
    if shape is None:
        return default if is_fixed else joined_shape(None, None, 3)
    height, width, channels = split_shape(shape)
    if weights == IMAGENET:
        if is_fixed and shape != default:
            expected = f"{default} with `include_top=True` and the weights of ImageNet"
            raise bad_argument(where, "input_shape", shape, expected, ShapeError)
        if channels != 3:
            raise bad_argument(where, "input_shape", shape, "of 3 channels for the weights of ImageNet", ShapeError)
    elif channels not in (1, 3):
        warn_user(f"{where}: images have 1 or 3 channels, as a rule. Received: input_shape={shape}", UserWarning)
    if any(size is not None and size < min_size for size in (height, width)):
        raise bad_argument(where, "input_shape", shape, f"at least {min_size} x {min_size} pixels", ShapeError)
    if is_fixed and None in shape:
        raise bad_argument(where, "input_shape", shape, "without None if `include_top` is True", ShapeError)
    return shape


def rows_with_weights(where: str, shape: tuple[int | None, ...], sizes: Sequence[int], weights: Any) -> int | None:
    """Returns the height of the images that a model's name and its weights of ImageNet are for.

    Args:
        where: The function, for the warning.
        shape: The shape of the images.
        sizes: The sizes that there are weights for.
        weights: The argument `weights`; a warning says so if those of ImageNet are for another size.

    Example:
        >>> rows_with_weights("MobileNet", (160, 160, 3), [160, 224], "imagenet")
        160
    """
    height, width, _ = split_shape(shape)
    if weights != IMAGENET or (height == width and height in sizes):
        return height
    warn_user(
        f"{where}: there are weights of ImageNet for square images of {', '.join(map(str, sizes))} pixels; those for "
        f"224 are loaded. Received: input_shape={shape}",
        UserWarning,
    )
    return 224
