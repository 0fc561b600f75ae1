"""The axes of images, by data format."""

from typing import NamedTuple

from ...config import resolved_data_format
from ...errors import ShapeError
from ...typing import Tensor, TensorLike
from ..common.arguments import as_value, check_real, static_shape


class Axes(NamedTuple):
    """The positions of the axes of an image or a batch of images, counted from the end."""

    height: int
    width: int
    channels: int


_AXES = {"channels_last": Axes(-3, -2, -1), "channels_first": Axes(-2, -1, -3)}


def axes_of(where: str, data_format: str | None) -> Axes:
    """Returns the axes of a data format, by default that of `config.image_data_format()`; case does not matter.

    Raises:
        UnknownNameError: If there is no such data format.

    Example:
        >>> axes_of("resize", "channels_first")
        Axes(height=-2, width=-1, channels=-3)
    """
    return _AXES[resolved_data_format(where, data_format)]


def checked_images(where: str, images: TensorLike, name: str = "images") -> Tensor:
    """Returns images as a tensor.

    Args:
        where: The name of the op, for error messages.
        images: An image, with 3 axes, or a batch of images, with 4.
        name: The name of the argument, for error messages.

    Raises:
        DTypeError: If they are complex.
        ShapeError: If they have another number of axes.
    """
    images = as_value(images)
    check_real(where, images)
    if len(static_shape(images)) not in (3, 4):
        raise ShapeError(
            f"`{where}` expects an image, of 3 axes, or a batch of images, of 4. "
            f"Received: {name} of shape {static_shape(images)}"
        )
    return images
