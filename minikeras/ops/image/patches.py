"""Patches of images and volumes."""

import itertools
import math
from collections.abc import Sequence

import numpy as np

from ...argument_checks import check_sizes, check_string
from ...engine.batch_rules import Batching, leading, resized
from ...engine.dispatch import apply
from ...engine.memory_budget import charge_list
from ...engine.primitive import Primitive, Spec
from ...engine.registry import op
from ...errors import ArgumentError, ArgumentTypeError, ShapeError, brief, unknown_name
from ...typing import Tensor, TensorLike
from ..common.arguments import as_value, static_shape
from ..padding import pad
from ..shaping import expand_dims, moveaxis, squeeze
from .axes import axes_of


def _places(sizes: Sequence[int], size: tuple, strides: tuple, dilation: tuple) -> tuple[int, ...]:
    """Returns how many patches fit along each axis; none if an axis is too short."""
    return tuple(
        max(0, (length - (each - 1) * apart - 1) // stride + 1)
        for length, each, stride, apart in zip(sizes, size, strides, dilation, strict=True)
    )


def _patches_kernel(x: np.ndarray, size: tuple, strides: tuple, dilation: tuple) -> np.ndarray:
    batch, *sizes, channels = x.shape
    counts = _places(sizes, size, strides, dilation)
    steps = x.strides[1:-1]
    view = np.lib.stride_tricks.as_strided(
        x,
        (batch, *counts, *size, channels),
        (
            x.strides[0],
            *(step * stride for step, stride in zip(steps, strides, strict=True)),
            *(step * apart for step, apart in zip(steps, dilation, strict=True)),
            x.strides[-1],
        ),
        writeable=False,
    )
    return view.reshape(batch, *counts, math.prod(size) * channels)


def _patches_rule(x: Spec, size: tuple, strides: tuple, dilation: tuple) -> tuple:
    batch, *sizes, channels = x.shape
    counts = (
        None if length is None else _places((length,), (each,), (stride,), (apart,))[0]
        for length, each, stride, apart in zip(sizes, size, strides, dilation, strict=True)
    )
    return (batch, *counts, None if channels is None else math.prod(size) * channels), x.dtype


def _summed_kernel(g: np.ndarray, shape: tuple, size: tuple, strides: tuple, dilation: tuple) -> np.ndarray:
    batch, *counts, _ = g.shape
    result = np.zeros(shape, g.dtype)
    parts = g.reshape(batch, *counts, math.prod(size), shape[-1])
    for number, place in enumerate(itertools.product(*map(range, size))):
        key = tuple(
            slice(first * apart, first * apart + (count - 1) * stride + 1, stride) if count else slice(0, 0)
            for first, apart, count, stride in zip(place, dilation, counts, strides, strict=True)
        )
        result[:, *key] += parts[..., number, :]
    return result


def _summed_batch(axes: tuple, g: Spec, shape: tuple, **params: tuple) -> Batching | None:
    return Batching(axes, 0, resized(shape, 0, "shape", params)) if axes == (0,) else None


_PATCHES = Primitive(
    "extract_patches",
    _patches_kernel,
    shape=_patches_rule,
    batch=leading,
    vjps=(lambda g, y, x, **params: apply(_SUMMED, g, shape=tuple(x.shape), **params),),
)
_SUMMED = Primitive(
    "sum_patches",
    _summed_kernel,
    shape=lambda g, shape, **params: (shape, g.dtype),
    vjps=(lambda g, y, x, shape, **params: apply(_PATCHES, g, **params),),
    batch=_summed_batch,
)


def _extracted(
    where: str,
    x: TensorLike,
    size: tuple,
    strides: int | Sequence[int] | None,
    dilation_rate: int | Sequence[int],
    padding: str,
    data_format: str | None,
) -> Tensor:
    rank = len(size)
    x = as_value(x)
    strides = size if strides is None else check_sizes(where, "strides", strides, rank)
    dilation = check_sizes(where, "dilation_rate", dilation_rate, rank)
    mode = check_string(where, "padding", padding).lower()
    if mode not in ("same", "valid"):
        raise unknown_name(f"`padding` of `{where}`", padding, ("same", "valid"))
    is_last = axes_of(where, data_format).channels == -1
    if len(static_shape(x)) not in (rank + 1, rank + 2):
        raise ShapeError(
            f"`{where}` expects a tensor of {rank + 1} axes, or a batch of them, for patches of {rank} axes. "
            f"Received: shape {static_shape(x)}, size={size}"
        )
    is_batch = len(static_shape(x)) == rank + 2
    x = x if is_batch else expand_dims(x, 0)
    x = x if is_last else moveaxis(x, 1, -1)
    x = _padded(x, size, strides, dilation) if mode == "same" else x
    sizes = static_shape(x)[1:-1]
    if None not in sizes and 0 in _places(sizes, size, strides, dilation):
        raise ShapeError(
            f"`{where}`: no patch of size {size} fits. Received: axes of sizes {sizes}, dilation_rate={dilation_rate}"
        )
    y = apply(_PATCHES, x, size=size, strides=strides, dilation=dilation)
    y = y if is_last else moveaxis(y, -1, 1)
    return y if is_batch else squeeze(y, 0)


def _padded(x: Tensor, size: tuple, strides: tuple, dilation: tuple) -> Tensor:
    """Pads with zeros so that ceil(length / stride) patches fit; the odd one at the end."""
    widths = [(0, 0)]
    for length, each, stride, apart in zip(static_shape(x)[1:-1], size, strides, dilation, strict=True):
        missing = max(0, (-(-length // stride) - 1) * stride + (each - 1) * apart + 1 - length)
        widths.append((missing // 2, missing - missing // 2))
    return pad(x, [*widths, (0, 0)])


@op("image.ExtractPatches", settings="size strides dilation_rate padding data_format")
def extract_patches(
    images: TensorLike,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Extracts patches from images, or from volumes if the size has three numbers.

    Args:
        images: An image of shape (height, width, channels) or a batch of them, or with "channels_first" (channels,
            height, width).
        size: The height and width of the patches; a single number for both.
        strides: The distance of neighboring patches along each axis; by default their size, so that they touch.
        dilation_rate: The distance of neighboring pixels of a patch.
        padding: "valid", or "same" to pad with zeros so that `ceil(size / strides)` patches fit.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The patches, which take the place of the pixels; their pixels are in the axis of the channels: channels vary
        fastest, rows slowest.

    Raises:
        ArgumentError: If an argument is invalid.
        ArgumentTypeError: If the size is neither an integer nor a tuple of them.
        ShapeError: If no patch fits, or the images do not have 3 or 4 axes.

    Source: https://keras.io/api/ops/image/#extract_patches-function

    Example:
        >>> extract_patches([[[1], [2], [3]]], (1, 2), strides=1)
        array([[[1, 2],
                [2, 3]]], dtype=int32)
    """
    if not isinstance(size, (int, np.integer, tuple, list)):
        raise ArgumentTypeError(f"`extract_patches` expects `size` as an integer or a tuple. Received: {brief(size)}")
    rank = 2 if isinstance(size, (int, np.integer)) else len(size)
    if rank not in (2, 3):
        raise ArgumentError(f"`extract_patches` expects a `size` of 2 or 3 numbers. Received: size={brief(size)}")
    sizes = _sizes("extract_patches", size, rank)
    return _extracted("extract_patches", images, sizes, strides, dilation_rate, padding, data_format)


def _volumes_in_keras(size: int | Sequence[int], strides: object, **others: object) -> dict:
    """Keras's class takes a single number for two axes."""
    size = (size,) * 3 if isinstance(size, int) else size
    return {"size": size, "strides": size if strides is None else strides}


@op(
    "image.ExtractPatches",
    settings="size strides dilation_rate padding data_format",
    as_in_keras=_volumes_in_keras,
)
def extract_patches_3d(
    volumes: TensorLike,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Extracts patches from volumes.

    Args:
        volumes: A volume of shape (depth, height, width, channels) or a batch of them, or with "channels_first"
            (channels, depth, height, width).
        size: The depth, height and width of the patches; a single number for all.
        strides: The distance of neighboring patches along each axis; by default their size, so that they touch.
        dilation_rate: The distance of neighboring voxels of a patch.
        padding: "valid", or "same" to pad with zeros so that `ceil(size / strides)` patches fit.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.

    Returns:
        The patches, which take the place of the voxels; their voxels are in the axis of the channels, which vary
        fastest.

    Raises:
        ArgumentError: If an argument is invalid.
        ShapeError: If no patch fits, or the volumes do not have 4 or 5 axes.

    Source: https://keras.io/api/ops/image/#extract_patches_3d-function

    Example:
        >>> extract_patches_3d(np.arange(8).reshape(2, 2, 2, 1), (2, 1, 2)).tolist()
        [[[[0, 1, 4, 5]], [[2, 3, 6, 7]]]]
    """
    sizes = _sizes("extract_patches_3d", size, 3)
    return _extracted("extract_patches_3d", volumes, sizes, strides, dilation_rate, padding, data_format)


def _sizes(where: str, size: int | Sequence[int], rank: int) -> tuple[int, ...]:
    sizes = check_sizes(where, "size", size, rank)
    charge_list(math.prod(sizes), f"`{where}` with size={brief(size)}")
    return sizes
