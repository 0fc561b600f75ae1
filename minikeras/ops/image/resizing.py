"""Resizing of images, and scaling with translation."""

from collections.abc import Sequence

import numpy as np

from ...argument_checks import check_number, check_sizes
from ...engine.dtypes import dtype_of
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError, brief, unknown_name
from ...typing import ShapeLike, Tensor, TensorLike
from ..common.arguments import as_float, as_sizes, as_value, normalize_axes, promoted, static_shape
from ..conversion import cast
from ..indexing import get_item, take
from ..padding import pad
from .axes import Axes, axes_of, checked_images
from .contractions import contract
from .dtypes import computable, restored
from .resampling import resample
from .sampling import KERNELS, sampling_matrix

INTERPOLATIONS = ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")


@op(
    "image.Resize",
    settings="size interpolation antialias crop_to_aspect_ratio pad_to_aspect_ratio fill_mode fill_value data_format",
)
def resize(
    images: TensorLike,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Tensor:
    """Resizes images, with pixels at half-pixel centers.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        size: The new height and width.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5".
        antialias: Whether to smooth an image that is made smaller; without effect on "nearest".
        crop_to_aspect_ratio: Whether to keep the aspect ratio by cropping to the largest centered part that has the
            one of `size`.
        pad_to_aspect_ratio: Whether to keep the aspect ratio by padding on both sides before resizing.
        fill_mode: How to pad; only "constant".
        fill_value: The padding value.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The images in their dtype; integers are rounded, and clipped to the limits of the dtype.

    Raises:
        ArgumentError: If an argument is invalid.
        ShapeError: If the images do not have 3 or 4 axes, or have no pixels.

    Source: https://keras.io/api/ops/image/#resize-function

    Example:
        >>> resize([[[1.0], [3.0]]], (1, 4))[0, :, 0]
        array([1. , 1.5, 2.5, 3. ], dtype=float32)
    """
    size = check_sizes("resize", "size", size, 2)
    if interpolation not in INTERPOLATIONS:
        raise unknown_name("`interpolation` of `resize`", interpolation, INTERPOLATIONS)
    if fill_mode != "constant":
        raise ArgumentError(f"`resize` supports only `fill_mode='constant'`. Received: fill_mode={brief(fill_mode)}")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ArgumentError("`resize`: only one of `crop_to_aspect_ratio` and `pad_to_aspect_ratio` can be True.")
    fill_value = check_number("resize", "fill_value", fill_value, finite=False, error=ArgumentError)
    axes = axes_of("resize", data_format)
    images = checked_images("resize", images)
    dtype = dtype_of(images)
    sizes = static_shape(images)
    if 0 in (sizes[axes.height], sizes[axes.width]):
        raise ShapeError(f"`resize` expects images with pixels. Received: shape {sizes}")
    if crop_to_aspect_ratio:
        images = _cropped(images, size, axes)
    elif pad_to_aspect_ratio:
        images = _padded(images, size, axes, fill_value)
    for axis, new_size in ((axes.height, size[0]), (axes.width, size[1])):
        images = _resized(images, axis, new_size, interpolation, bool(antialias))
    return restored(images, dtype)


def _resized(images: Tensor, axis: int, new_size: int, interpolation: str, antialias: bool) -> Tensor:
    size = static_shape(images)[axis]
    if size == new_size:
        return images
    if interpolation == "nearest":
        return take(images, (2 * np.arange(new_size) + 1) * size // (2 * new_size), axis)
    return resample(computable(images), new_size, interpolation, antialias, axis)


def fitted_window(height: int, width: int, size: Sequence[int], is_padded: bool) -> tuple[int, int, int, int]:
    """Returns the part of an image that has about the aspect ratio of a size: as (top, left, height, width).

    Args:
        height: The height of the image.
        width: Its width.
        size: A height and a width.
        is_padded: Whether the part contains the image, so that it begins outside; otherwise it is the largest one
            inside.

    Example:
        >>> fitted_window(4, 8, (2, 2), is_padded=False), fitted_window(4, 8, (2, 2), is_padded=True)
        ((0, 2, 4, 4), (-2, 0, 8, 8))
    """
    parts = []
    for length, other, ratio in ((height, width, (size[0], size[1])), (width, height, (size[1], size[0]))):
        fitting = int(other * ratio[0] / ratio[1])
        side = (max(length, fitting) - length) // 2
        part = length + 2 * side if is_padded else max(min(length, fitting), 1)
        parts.append((-side if is_padded else (length - part) // 2, part))
    (top, rows), (left, columns) = parts
    return top, left, rows, columns


def _cropped(images: Tensor, size: tuple, axes: Axes) -> Tensor:
    """Returns the largest centered part with the aspect ratio of a size."""
    sizes = static_shape(images)
    top, left, rows, columns = fitted_window(sizes[axes.height], sizes[axes.width], size, is_padded=False)
    key = [slice(None)] * len(sizes)
    key[axes.height], key[axes.width] = slice(top, top + rows), slice(left, left + columns)
    return get_item(images, tuple(key))


def _padded(images: Tensor, size: tuple, axes: Axes, fill_value: float) -> Tensor:
    """Pads both sides equally, to about the aspect ratio of a size."""
    sizes = static_shape(images)
    top, left, _, _ = fitted_window(sizes[axes.height], sizes[axes.width], size, is_padded=True)
    widths = [(0, 0)] * len(sizes)
    widths[axes.height], widths[axes.width] = (-top, -top), (-left, -left)
    return pad(computable(images), widths, constant_values=fill_value) if any(map(any, widths)) else images


_METHODS = {
    **{name: name for name in KERNELS},
    "cubic": "bicubic",
    "linear": "bilinear",
    "tricubic": "bicubic",
    "trilinear": "bilinear",
}


@op("image.ScaleAndTranslate", settings="spatial_dims method antialias")
def scale_and_translate(
    images: TensorLike,
    output_shape: ShapeLike,
    scale: TensorLike,
    translation: TensorLike,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Tensor:
    """Scales and translates images along some of their axes.

    A sample at x of the input is at `(x + 0.5) scale + translation - 0.5` in the result, which is 0 outside the input.

    Args:
        images: Input tensor, of any shape.
        output_shape: The shape of the result.
        scale: The scale along each axis of `spatial_dims`; a vector.
        translation: The translation along each of them, in pixels of the result; a vector.
        spatial_dims: The axes.
        method: "linear", "bilinear" or "trilinear"; "cubic", "bicubic" or "tricubic"; "lanczos3" or "lanczos5". The
            number of axes has no influence.
        antialias: Whether to smooth along axes with a scale below 1.

    Returns:
        The result, in a floating-point dtype.

    Raises:
        UnknownNameError: If there is no such method.
        ShapeError: If shapes or numbers of axes do not match.

    Source: https://keras.io/api/ops/image/#scale_and_translate-function

    Example:
        >>> scale_and_translate(np.float32([1, 3]), (4,), [1.0], [1.0], (0,), "linear")
        array([0., 1., 3., 0.], dtype=float32)
    """
    if method not in _METHODS:
        raise unknown_name("`method` of `scale_and_translate`", method, _METHODS)
    images = as_value(images)
    dtype = dtype_of(as_float(images))
    images = computable(images)
    sizes = static_shape(images)
    new_sizes = as_sizes(output_shape, "scale_and_translate", "output_shape")
    numbers = as_sizes(spatial_dims, "scale_and_translate", "spatial_dims")
    axes = [axis for number in numbers for axis in normalize_axes(number, len(sizes))]
    scale, translation = map(computable, promoted(as_value(scale), as_value(translation), to_float=True))
    if len(new_sizes) != len(sizes) or any(
        size not in (None, new)
        for axis, (size, new) in enumerate(zip(sizes, new_sizes, strict=True))
        if axis not in axes
    ):
        raise ShapeError(
            "`scale_and_translate` expects `output_shape` to differ from the shape of the images in `spatial_dims` "
            f"only. Received: output_shape={new_sizes}, images of shape {sizes}, spatial_dims={brief(spatial_dims)}"
        )
    for name, given in (("scale", scale), ("translation", translation)):
        if static_shape(given) != (len(axes),):
            raise ShapeError(
                f"`scale_and_translate` expects a value of `{name}` for each of {len(axes)} axes. "
                f"Received: {name} of shape {static_shape(given)}"
            )
    for number, axis in enumerate(axes):
        matrix = sampling_matrix(
            sizes[axis],
            new_sizes[axis],
            get_item(scale, number),
            get_item(translation, number),
            _METHODS[method],
            bool(antialias),
        )
        images = contract(images, cast(matrix, dtype_of(images)), axis - len(sizes))
    return cast(images, dtype)
