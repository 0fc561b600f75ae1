"""Conversion between color spaces."""

from functools import reduce

from ...engine.dtypes import LOW_PRECISION, dtype_of, is_float, limits_of
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError
from ...typing import Tensor, TensorLike
from ..arithmetic import abs, add, mod, multiply, subtract, true_divide
from ..common.arguments import as_float, static_shape
from ..conversion import cast
from ..extrema import clip, maximum, minimum
from ..joining import stack
from ..selection import where
from ..shaping import expand_dims
from ..splitting import unstack
from .axes import axes_of, checked_images

_WEIGHTS = (0.2989, 0.5870, 0.1140)


@op("image.RGBToGrayscale", settings="data_format")
def rgb_to_grayscale(images: TensorLike, data_format: str | None = None) -> Tensor:
    """Converts RGB images to grayscale.

    `0.2989 red + 0.587 green + 0.114 blue`

    Args:
        images: An image of shape (height, width, 3) or a batch of them, or with "channels_first" (3, height, width).
            Images with one channel are returned as they are.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images with one channel, in their dtype; integers are truncated.

    Raises:
        ShapeError: If the images do not have 3 or 4 axes, or 1 or 3 channels.

    Source: https://keras.io/api/ops/image/#rgb_to_grayscale-function

    Example:
        >>> rgb_to_grayscale([[[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]])
        array([[[0.2989],
                [0.8859]]], dtype=float32)
    """
    axis = axes_of("rgb_to_grayscale", data_format).channels
    images = checked_images("rgb_to_grayscale", images)
    count = static_shape(images)[axis]
    if count == 1:
        return images
    _check_channels("rgb_to_grayscale", images, axis, "1 or 3 channels")
    planes = [
        multiply(plane, weight) for plane, weight in zip(unstack(as_float(images), 3, axis), _WEIGHTS, strict=True)
    ]
    return cast(expand_dims(reduce(add, planes), axis), dtype_of(images))


@op("image.RGBToHSV", settings="data_format")
def rgb_to_hsv(images: TensorLike, data_format: str | None = None) -> Tensor:
    """Converts RGB images to HSV: hue, saturation and value, all from 0 to 1.

    Args:
        images: An image of shape (height, width, 3) or a batch of them, or with "channels_first" (3, height, width),
            with values from 0 to 1.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Raises:
        ShapeError: If the images do not have 3 or 4 axes, or 3 channels.
        ArgumentError: If their dtype is not a floating-point dtype.

    Source: https://keras.io/api/ops/image/#rgb_to_hsv-function

    Example:
        >>> rgb_to_hsv([[[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]]])
        array([[[0.33333334, 1.        , 1.        ],
                [0.        , 0.5       , 0.5       ]]], dtype=float32)
    """
    images, axis = _checked("rgb_to_hsv", images, data_format)
    dtype = dtype_of(images)
    images = where(abs(images) < float(limits_of(dtype).eps), 0, images)
    images = cast(images, "float32") if dtype in LOW_PRECISION else images
    red, green, blue = unstack(images, 3, axis)
    value = maximum(maximum(red, green), blue)
    spread = subtract(value, minimum(minimum(red, green), blue))
    saturation = where(value > 0, true_divide(spread, where(value > 0, value, 1)), 0)
    sixth = true_divide(1, multiply(6, where(spread > 0, spread, 1)))
    second, third = multiply(sixth, subtract(blue, red)), multiply(sixth, subtract(red, green))
    hue = where(value == green, add(second, 2 / 6), add(third, 4 / 6))
    hue = where(value == red, multiply(sixth, subtract(green, blue)), hue)
    hue = where(spread > 0, hue, 0)
    return cast(stack([where(hue < 0, add(hue, 1), hue), saturation, value], axis), dtype)


@op("image.HSVToRGB", settings="data_format")
def hsv_to_rgb(images: TensorLike, data_format: str | None = None) -> Tensor:
    """Converts HSV images to RGB, with values from 0 to 1.

    Args:
        images: An image of shape (height, width, 3) or a batch of them, or with "channels_first" (3, height, width),
            with values from 0 to 1; the hue is periodic.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Raises:
        ShapeError: If the images do not have 3 or 4 axes, or 3 channels.
        ArgumentError: If their dtype is not a floating-point dtype.

    Source: https://keras.io/api/ops/image/#hsv_to_rgb-function

    Example:
        >>> hsv_to_rgb([[[0.0, 1.0, 0.75], [0.5, 0.5, 1.0]]])
        array([[[0.75, 0.  , 0.  ],
                [0.5 , 1.  , 1.  ]]], dtype=float32)
    """
    images, axis = _checked("hsv_to_rgb", images, data_format)
    hue, saturation, value = unstack(images, 3, axis)
    sector = multiply(mod(hue, 1), 6)
    red, green, blue = (abs(subtract(sector, place)) for place in (3, 2, 4))
    shares = (subtract(red, 1), subtract(2, green), subtract(2, blue))
    rest = subtract(1, saturation)
    return stack([multiply(value, add(rest, multiply(saturation, clip(each, 0, 1)))) for each in shares], axis)


def _checked(where: str, images: TensorLike, data_format: str | None) -> tuple[Tensor, int]:
    axis = axes_of(where, data_format).channels
    images = checked_images(where, images)
    if not is_float(dtype_of(images)):
        raise ArgumentError(f"`{where}` expects images of a floating-point dtype. Received: {dtype_of(images)}")
    _check_channels(where, images, axis, "3 channels")
    return images, axis


def _check_channels(where: str, images: Tensor, axis: int, expected: str) -> None:
    if static_shape(images)[axis] not in (None, 3):
        raise ShapeError(
            f"`{where}` expects images with {expected}, along axis {axis}. Received: shape {static_shape(images)}"
        )
