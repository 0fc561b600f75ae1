"""Geometric transformations of images: affine, perspective and elastic."""

from collections.abc import Callable

import numpy as np

from ...argument_checks import check_number
from ...engine.dtypes import dtype_of, is_float
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError, unknown_name
from ...lazy import namespace
from ...typing import Seed, Tensor, TensorLike
from ..arithmetic import add, multiply, negative
from ..common.arguments import as_real, static_shape
from ..conversion import cast
from ..creation import ones_like, zeros_like
from ..joining import concatenate, stack
from ..linalg import solve
from ..shaping import expand_dims, moveaxis, reshape, squeeze
from ..splitting import unstack
from .axes import Axes, axes_of, checked_images
from .dtypes import computable
from .filters import blurred
from .interpolation import ORDERS, sample
from .neighbors import FILL_MODES
from .projection import project


def _order(where: str, interpolation: str) -> int:
    if interpolation not in ORDERS:
        raise unknown_name(f"`interpolation` of `{where}`", interpolation, ORDERS)
    return ORDERS[interpolation]


def _check_fill_mode(where: str, fill_mode: str) -> None:
    if fill_mode not in FILL_MODES:
        raise unknown_name(f"`fill_mode` of `{where}`", fill_mode, FILL_MODES)


def _check_pixels(where: str, images: Tensor, axes: Axes, count: int | None) -> None:
    """Raises if images have no pixels, or there is neither one transformation nor one for each of them."""
    sizes = static_shape(images)
    if 0 in (sizes[axes.height], sizes[axes.width]):
        raise ShapeError(f"`{where}` expects images with pixels. Received: shape {sizes}")
    batch = sizes[0] if len(sizes) == 4 else 1
    if count != 1 and None not in (count, batch) and count != batch:
        raise ShapeError(
            f"`{where}` expects one transformation, or one for each image. Received: {count}, images of shape {sizes}"
        )


def channels_last(images: Tensor, axes: Axes, changed: Callable[[Tensor], Tensor]) -> Tensor:
    """Returns what a function makes of images, which it gets and returns as a batch with the channels last."""
    is_batch = len(static_shape(images)) == 4
    images = images if is_batch else expand_dims(images, 0)
    result = changed(images) if axes.channels == -1 else moveaxis(changed(moveaxis(images, 1, -1)), -1, 1)
    return result if is_batch else squeeze(result, 0)


@op("image.AffineTransform", settings="interpolation fill_mode fill_value data_format")
def affine_transform(
    images: TensorLike,
    transform: TensorLike,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Tensor:
    """Applies affine or projective transformations to images.

    The pixel (x, y) of the result is taken from `((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)` of the image, where
    `k = c0 x + c1 y + 1`.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        transform: `[a0, a1, a2, b0, b1, b2, c0, c1]`, or one for each image: shape (8,) or (batch, 8).
        interpolation: "nearest" or "bilinear".
        fill_mode: What is outside of an image: "constant", "nearest", "reflect", "mirror" or "wrap", as in
            `map_coordinates`.
        fill_value: The value of "constant".
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images, in their shape and dtype.

    Raises:
        ArgumentError: If an argument is invalid.
        ShapeError: If shapes do not fit.

    Source: https://keras.io/api/ops/image/#affine_transform-function

    Example:
        >>> affine_transform([[[1.0], [2.0], [3.0]]], [1, 0, 1, 0, 1, 0, 0, 0])[0, :, 0]
        array([2., 3., 0.], dtype=float32)
    """
    order = _order("affine_transform", interpolation)
    _check_fill_mode("affine_transform", fill_mode)
    fill_value = check_number("affine_transform", "fill_value", fill_value, finite=False, error=ArgumentError)
    axes = axes_of("affine_transform", data_format)
    images = checked_images("affine_transform", images)
    transform = computable(as_real(transform, "affine_transform"))
    shape = static_shape(transform)
    if len(shape) not in (1, 2) or shape[-1] != 8:
        raise ShapeError(f"`affine_transform` expects `transform` of shape (8,) or (batch, 8). Received: shape {shape}")
    transform = reshape(transform, (1, 8)) if len(shape) == 1 else transform
    _check_pixels("affine_transform", images, axes, static_shape(transform)[0])
    return channels_last(images, axes, lambda batch: project(batch, transform, order, fill_mode, fill_value))


@op("image.PerspectiveTransform", settings="interpolation fill_value data_format")
def perspective_transform(
    images: TensorLike,
    start_points: TensorLike,
    end_points: TensorLike,
    interpolation: str = "bilinear",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Tensor:
    """Applies the perspective transformations that map four points to four others.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        start_points: Four points (x, y) of the image, or four of each image: shape (4, 2) or (batch, 4, 2).
        end_points: The points that they are moved to, in the same shape.
        interpolation: "nearest" or "bilinear".
        fill_value: The value outside of an image.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images, in their shape and dtype.

    Raises:
        ArgumentError: If an argument is invalid, or no transformation maps the points.
        ShapeError: If shapes do not fit.

    Source: https://keras.io/api/ops/image/#perspective_transform-function

    Example:
        >>> corners = np.float32([[0, 0], [2, 0], [0, 1], [2, 1]])
        >>> perspective_transform([[[1.0], [2.0], [3.0]]], corners + [1, 0], corners)[0, :, 0]
        array([2., 3., 0.], dtype=float32)
    """
    order = _order("perspective_transform", interpolation)
    fill_value = check_number("perspective_transform", "fill_value", fill_value, finite=False, error=ArgumentError)
    axes = axes_of("perspective_transform", data_format)
    images = checked_images("perspective_transform", images)
    start, end = [computable(as_real(points, "perspective_transform")) for points in (start_points, end_points)]
    shapes = static_shape(start), static_shape(end)
    if shapes[0] != shapes[1] or len(shapes[0]) not in (2, 3) or shapes[0][-2:] != (4, 2):
        raise ShapeError(
            "`perspective_transform` expects `start_points` and `end_points` of the same shape, (4, 2) or "
            f"(batch, 4, 2). Received: shapes {shapes[0]} and {shapes[1]}"
        )
    start, end = (reshape(each, (1, 4, 2)) if len(shapes[0]) == 2 else each for each in (start, end))
    _check_pixels("perspective_transform", images, axes, static_shape(start)[0])
    maps = homographies(start, end)
    return channels_last(images, axes, lambda batch: project(batch, maps, order, "constant", fill_value))


def homographies(start: Tensor, end: Tensor) -> Tensor:
    """Returns the 8 numbers of the projective maps from the end points back to the start points, of shape (n, 8)."""
    start_x, start_y = unstack(start, 2, -1)
    x, y = unstack(end, 2, -1)
    zero, one = zeros_like(x), ones_like(x)
    first = stack([x, y, one, zero, zero, zero, negative(multiply(start_x, x)), negative(multiply(start_x, y))], -1)
    second = stack([zero, zero, zero, x, y, one, negative(multiply(start_y, x)), negative(multiply(start_y, y))], -1)
    return squeeze(solve(concatenate([first, second], 1), expand_dims(concatenate([start_x, start_y], -1), -1)), -1)


@op("image.ElasticTransform", settings="alpha sigma interpolation fill_mode fill_value seed data_format")
def elastic_transform(
    images: TensorLike,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: float = 0.0,
    seed: Seed = None,
    data_format: str | None = None,
) -> Tensor:
    """Distorts images by random displacements of their pixels.

    The displacements along either axis are `alpha sigma n`, where n is normally distributed noise, blurred with the
    standard deviation `sigma`.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        alpha: The strength of the distortion.
        sigma: Its smoothness, in pixels; positive.
        interpolation: "nearest" or "bilinear".
        fill_mode: What is outside of an image: "constant", "nearest", "reflect", "mirror" or "wrap", as in
            `map_coordinates`.
        fill_value: The value of "constant".
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images, in their shape and dtype.

    Raises:
        ArgumentError: If an argument is invalid.
        ShapeError: If the images do not have 3 or 4 axes, or have no pixels.

    Source: https://keras.io/api/ops/image/#elastic_transform-function

    Example:
        >>> elastic_transform(np.eye(4)[..., None], alpha=0.0)[..., 0].tolist() == np.eye(4).tolist()
        True
    """
    order = _order("elastic_transform", interpolation)
    _check_fill_mode("elastic_transform", fill_mode)
    alpha = check_number("elastic_transform", "alpha", alpha, error=ArgumentError)
    sigma = check_number("elastic_transform", "sigma", sigma, above=0, error=ArgumentError)
    fill_value = check_number("elastic_transform", "fill_value", fill_value, finite=False, error=ArgumentError)
    axes = axes_of("elastic_transform", data_format)
    images = checked_images("elastic_transform", images)
    _check_pixels("elastic_transform", images, axes, 1)
    sizes = static_shape(images)
    batch, height, width = (sizes[0] if len(sizes) == 4 else 1), sizes[axes.height], sizes[axes.width]
    dtype = dtype_of(images) if is_float(dtype_of(images)) else "float32"
    # As in Keras's numpy backend, whose draws are ours: first those of x, then those of y.
    noise = namespace("random").normal((2, batch, height, width), dtype=dtype, seed=seed)
    noise = computable(multiply(noise, cast(sigma, dtype)))
    size = int(6 * sigma) | 1
    shift = multiply(blurred(noise, (size, size), (sigma, sigma), Axes(-2, -1, 0)), cast(alpha, dtype_of(noise)))
    x, y = unstack(shift, 2)
    y = add(y, np.arange(height, dtype=dtype_of(noise))[:, None])
    coordinates = stack([y, add(x, np.arange(width, dtype=dtype_of(noise)))], 1)
    return channels_last(images, axes, lambda batch: sample(batch, coordinates, order, fill_mode, fill_value))
