"""Filters of images: Gaussian blur and the edges of Sobel. Both are separable."""

from collections.abc import Sequence

import numpy as np

from ...argument_checks import check_sizes
from ...engine.dtypes import dtype_of, is_float
from ...engine.memory_budget import charge_list
from ...engine.registry import op
from ...errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ...typing import Tensor, TensorLike
from ..arithmetic import multiply, true_divide
from ..common.arguments import as_value, static_shape
from ..conversion import cast
from ..exponents import exp, square
from ..joining import stack
from ..reductions import sum
from .axes import Axes, axes_of, checked_images
from .contractions import correlate
from .dtypes import computable


def gaussian(size: int, sigma: TensorLike, dtype: str) -> Tensor:
    """Returns the weights of a Gaussian window; their sum is 1.

    `w_i = exp(-(i - (size - 1) / 2)^2 / (2 sigma^2)) / sum`

    Example:
        >>> gaussian(3, 1e9, "float64").round(4)
        array([0.3333, 0.3333, 0.3333])
    """
    places = np.arange(size, dtype=dtype) - np.asarray((size - 1) / 2, dtype)
    weights = exp(multiply(square(true_divide(places, cast(sigma, dtype))), np.asarray(-0.5, dtype)))
    return true_divide(weights, sum(weights))


def blurred(images: Tensor, size: Sequence[int], sigma: Sequence[TensorLike], axes: Axes) -> Tensor:
    """Returns images filtered by Gaussian windows.

    Args:
        images: Images of dtype float32 or float64, with any axes besides height and width.
        size: The sizes of the window along the width and the height.
        sigma: Its standard deviations along them.
        axes: The axes of the images.
    """
    dtype = dtype_of(images)
    for axis, each_size, each_sigma in zip((axes.height, axes.width), reversed(size), reversed(sigma), strict=True):
        images = correlate(images, gaussian(each_size, each_sigma, dtype), axis)
    return images


@op("image.GaussianBlur", settings="kernel_size sigma data_format")
def gaussian_blur(
    images: TensorLike,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Sequence[float] = (1.0, 1.0),
    data_format: str | None = None,
) -> Tensor:
    """Blurs images by a Gaussian window; outside they are 0.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        kernel_size: The sizes of the window along the width and the height.
        sigma: Its standard deviations along the width and the height, in pixels.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images, in their shape and dtype.

    Raises:
        ArgumentError: If an argument is invalid.
        ArgumentTypeError: If the images are not floats.
        ShapeError: If the images do not have 3 or 4 axes.

    Source: https://keras.io/api/ops/image/#gaussian_blur-function

    Example:
        >>> gaussian_blur([[[0.0], [1.0], [0.0]]])[0, :, 0].round(4)
        array([0.1238, 0.2042, 0.1238], dtype=float32)
    """
    axes = axes_of("gaussian_blur", data_format)
    images = checked_images("gaussian_blur", images)
    dtype = dtype_of(images)
    if not is_float(dtype):
        raise ArgumentTypeError(f"`gaussian_blur` expects images of a floating-point dtype. Received: {dtype}")
    size = check_sizes("gaussian_blur", "kernel_size", kernel_size, 2)
    charge_list(size[0] + size[1], f"`gaussian_blur` with kernel_size={brief(kernel_size)}")
    if len(sigma) != 2:
        raise ArgumentError(f"`gaussian_blur` expects two numbers as `sigma`. Received: sigma={brief(sigma)}")
    return cast(blurred(computable(images), size, tuple(sigma), axes), dtype)


@op("image.SobelEdges", settings="data_format")
def sobel_edges(images: TensorLike, data_format: str | None = None) -> Tensor:
    """Computes the vertical and horizontal derivatives of images by the filter of Sobel; outside they are 0.

    Args:
        images: A batch of images of shape (batch, height, width, channels), or with "channels_first" (batch, channels,
            height, width).
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The derivatives along the height and the width, as a last axis of size 2, in the dtype of the images.

    Raises:
        ShapeError: If the images do not have 4 axes.
        ArgumentTypeError: If the images are unsigned integers, which hold no derivatives.

    Source: https://keras.io/api/ops/image/#sobel_edges-function

    Example:
        >>> sobel_edges(np.float32([1, 2, 4]).reshape(1, 1, 3, 1))[0, 0, :, 0, 1]
        array([ 4.,  6., -4.], dtype=float32)
    """
    axes = axes_of("sobel_edges", data_format)
    images = as_value(images)
    dtype = dtype_of(images)
    if len(static_shape(images)) != 4:
        raise ShapeError(f"`sobel_edges` expects a batch of images, of 4 axes. Received: shape {static_shape(images)}")
    if dtype == "bool" or dtype.startswith("u"):
        raise ArgumentTypeError(f"`sobel_edges` expects images of a signed dtype. Received: {dtype}")
    slope, smooth = np.array([-1, 0, 1]), np.array([1, 2, 1])
    edges = [
        correlate(correlate(images, first, axes.height), second, axes.width)
        for first, second in ((slope, smooth), (smooth, slope))
    ]
    return stack(edges, -1)
