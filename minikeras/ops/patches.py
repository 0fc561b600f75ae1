"""Patches of images: sliding ones laid out as columns, and blocks laid out as channels."""

from collections.abc import Sequence

import numpy as np

from ..argument_checks import check_int, check_sizes
from ..config import resolved_data_format
from ..engine.batch_rules import leading
from ..engine.dispatch import apply
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ShapeError
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, static_shape
from .common.sliding_windows import Pairs, Sizes, taps, window_counts, windows
from .common.spatial import as_saved

IntOrInts = int | Sequence[int]


def _product(*sizes: int | None) -> int | None:
    return None if None in sizes else int(np.prod(sizes, dtype=object))


# ---------------------------------------------------------------- sliding patches


def _unfold_kernel(x: np.ndarray, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> np.ndarray:
    counts = window_counts(x.shape[2:], size, strides, padding, dilation)
    view = windows(np.moveaxis(x, 1, -1), size, counts, strides, padding, dilation)
    columns = view.transpose(0, 5, 3, 4, 1, 2)
    return columns.reshape(len(x), x.shape[1] * size[0] * size[1], counts[0] * counts[1])


def _unfold_rule(x: Spec, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> tuple:
    counts = window_counts(x.shape[2:], size, strides, padding, dilation)
    return (x.shape[0], _product(x.shape[1], *size), _product(*counts)), x.dtype


def _fold_kernel(
    x: np.ndarray, sizes: Sizes, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> np.ndarray:
    counts = window_counts(sizes, size, strides, padding, dilation)
    channels = x.shape[1] // (size[0] * size[1])
    columns = x.reshape(len(x), channels, *size, *counts)
    result = np.zeros((len(x), channels, *sizes), x.dtype)
    for index, inside, elements in taps(sizes, size, counts, strides, padding, dilation):
        result[(..., *elements)] += columns[(slice(None), slice(None), *index, *inside)]
    return result


def _fold_rule(x: Spec, sizes: Sizes, size: Sizes, **_: object) -> tuple:
    channels = None if x.shape[1] is None else x.shape[1] // (size[0] * size[1])
    return (x.shape[0], channels, *sizes), x.dtype


_UNFOLD = Primitive(
    "unfold",
    _unfold_kernel,
    shape=_unfold_rule,
    vjps=(lambda g, y, x, **geometry: apply(_FOLD, g, sizes=tuple(x.shape[2:]), **geometry),),
    batch=leading,
    takes_text=True,
)
_FOLD = Primitive(
    "fold",
    _fold_kernel,
    shape=_fold_rule,
    vjps=(lambda g, y, x, sizes, **geometry: apply(_UNFOLD, g, **geometry),),
    batch=leading,
)


def _geometry(
    where: str,
    sizes: Sequence[int | None],
    kernel_size: IntOrInts,
    dilation: IntOrInts,
    padding: IntOrInts,
    stride: IntOrInts,
) -> dict[str, tuple]:
    size = check_sizes(where, "kernel_size", kernel_size, 2)
    steps = check_sizes(where, "dilation", dilation, 2)
    pairs = tuple((each, each) for each in check_sizes(where, "padding", padding, 2, minimum=0))
    strides = check_sizes(where, "stride", stride, 2)
    if 0 in window_counts(sizes, size, strides, pairs, steps):
        raise ShapeError(
            f"`{where}`: patches of {size} elements, {steps} apart, do not fit into images of {tuple(sizes)} with "
            f"padding {pairs}. Expected smaller patches or more padding."
        )
    return {"size": size, "strides": strides, "padding": pairs, "dilation": steps}


@op("nn.Unfold", settings="kernel_size dilation padding stride")
def unfold(
    x: TensorLike, kernel_size: IntOrInts, dilation: IntOrInts = 1, padding: IntOrInts = 0, stride: IntOrInts = 1
) -> Tensor:
    """Lays out sliding patches of images as columns (im2col).

    Args:
        x: Images of shape (batch, channels, height, width).
        kernel_size: The size of a patch; an integer, or (height, width).
        dilation: The distance of neighbouring elements of a patch; an integer, or one for each axis.
        padding: The number of zeros on each side; an integer, or one for each axis.
        stride: The distance of neighbouring patches; an integer, or one for each axis.

    Returns:
        Shape (batch, channels * height * width of a patch, number of patches).

    Raises:
        ShapeError: If `x` does not have 4 axes, or a patch does not fit.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> unfold([[[[1, 2, 3]]]], (1, 2))
        array([[[1, 2],
                [2, 3]]], dtype=int32)
    """
    x = as_value(x)
    sizes = static_shape(x)
    if len(sizes) != 4:
        raise ShapeError(f"`unfold` expects images of shape (batch, channels, height, width). Received: shape {sizes}")
    return apply(_UNFOLD, x, **_geometry("unfold", sizes[2:], kernel_size, dilation, padding, stride))


@op("nn.Fold", settings="output_size kernel_size dilation padding stride")
def fold(
    x: TensorLike,
    output_size: IntOrInts,
    kernel_size: IntOrInts,
    dilation: IntOrInts = 1,
    padding: IntOrInts = 0,
    stride: IntOrInts = 1,
) -> Tensor:
    """Adds up sliding patches, given as columns, to images (col2im): the gradient of `unfold`.

    Args:
        x: Shape (batch, channels * height * width of a patch, number of patches).
        output_size: The size of the images; an integer, or (height, width).
        kernel_size: The size of a patch; an integer, or (height, width).
        dilation: The distance of neighbouring elements of a patch; an integer, or one for each axis.
        padding: By how much patches exceed the images on each side; an integer, or one for each axis.
        stride: The distance of neighbouring patches; an integer, or one for each axis.

    Returns:
        Images of shape (batch, channels, height, width); 0 where there is no patch.

    Raises:
        ShapeError: If the sizes do not fit.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> fold([[[1, 2], [20, 30]]], (1, 3), (1, 2))
        array([[[[ 1, 22, 30]]]], dtype=int32)
    """
    x = as_value(x)
    shape = static_shape(x)
    if len(shape) != 3:
        raise ShapeError(f"`fold` expects columns of shape (batch, elements, patches). Received: shape {shape}")
    sizes = check_sizes("fold", "output_size", output_size, 2)
    geometry = _geometry("fold", sizes, kernel_size, dilation, padding, stride)
    elements, count = _product(*geometry["size"]), _product(*window_counts(sizes, **geometry))
    fits = (shape[1] is None or shape[1] % elements == 0) and shape[2] in (None, count)
    if not fits:
        raise ShapeError(
            f"`fold`: for images of {sizes} and patches of {geometry['size']}, the second size must be a multiple of "
            f"{elements}, and there must be {count} patches. Received: shape {shape}"
        )
    return apply(_FOLD, x, sizes=sizes, **geometry)


# ---------------------------------------------------------------- blocks


def _layout(sizes: Sequence, is_first: bool) -> tuple:
    """Returns (batch, height, width, channels)."""
    return (sizes[0], sizes[2], sizes[3], sizes[1]) if is_first else tuple(sizes)


def _in_layout(batch: object, height: object, width: object, channels: object, is_first: bool) -> tuple:
    return (batch, channels, height, width) if is_first else (batch, height, width, channels)


def _to_depth_kernel(x: np.ndarray, block: int, is_first: bool) -> np.ndarray:
    batch, height, width, channels = _layout(x.shape, is_first)
    height, width = height // block, width // block
    if is_first:
        parts = x.reshape(batch, channels, height, block, width, block).transpose(0, 1, 3, 5, 2, 4)
    else:
        parts = x.reshape(batch, height, block, width, block, channels).transpose(0, 1, 3, 2, 4, 5)
    return parts.reshape(_in_layout(batch, height, width, channels * block**2, is_first))


def _to_space_kernel(x: np.ndarray, block: int, is_first: bool) -> np.ndarray:
    batch, height, width, channels = _layout(x.shape, is_first)
    channels //= block**2
    if is_first:
        parts = x.reshape(batch, channels, block, block, height, width).transpose(0, 1, 4, 2, 5, 3)
    else:
        parts = x.reshape(batch, height, width, block, block, channels).transpose(0, 1, 3, 2, 4, 5)
    return parts.reshape(_in_layout(batch, height * block, width * block, channels, is_first))


def _to_depth_rule(x: Spec, block: int, is_first: bool) -> tuple:
    batch, height, width, channels = _layout(x.shape, is_first)
    height, width = (None if size is None else size // block for size in (height, width))
    return _in_layout(batch, height, width, _product(channels, block, block), is_first), x.dtype


def _to_space_rule(x: Spec, block: int, is_first: bool) -> tuple:
    batch, height, width, channels = _layout(x.shape, is_first)
    channels = None if channels is None else channels // block**2
    return _in_layout(batch, _product(height, block), _product(width, block), channels, is_first), x.dtype


_TO_DEPTH = Primitive(
    "space_to_depth",
    _to_depth_kernel,
    shape=_to_depth_rule,
    vjps=(lambda g, y, x, **settings: apply(_TO_SPACE, g, **settings),),
    batch=leading,
    takes_text=True,
)
_TO_SPACE = Primitive(
    "depth_to_space",
    _to_space_kernel,
    shape=_to_space_rule,
    vjps=(lambda g, y, x, **settings: apply(_TO_DEPTH, g, **settings),),
    batch=leading,
    takes_text=True,
)


def _blocks_in_keras(data_format: str | None, **others: object) -> dict[str, str]:
    return as_saved("blocks", data_format)


def _checked(where: str, x: TensorLike, block_size: int, data_format: str | None) -> tuple[Tensor, dict]:
    x = as_value(x)
    if len(static_shape(x)) != 4:
        raise ShapeError(f"`{where}` expects a tensor of 4 axes. Received: shape {static_shape(x)}")
    block = check_int(where, "block_size", block_size, minimum=2)
    return x, {"block": block, "is_first": resolved_data_format(where, data_format) == "channels_first"}


@op("nn.SpaceToDepth", settings="block_size data_format", as_in_keras=_blocks_in_keras)
def space_to_depth(x: TensorLike, block_size: int, data_format: str = "channels_last") -> Tensor:
    """Lays out blocks of images as channels (pixel unshuffle); undone by `depth_to_space`.

    Args:
        x: Shape (batch, height, width, channels), or (batch, channels, height, width) with "channels_first".
        block_size: The height and width of a block, at least 2, which divides those of the images.
        data_format: "channels_last": the position in a block counts before the channel; "channels_first": the channel
            counts first. None: as configured.

    Returns:
        The blocks, with `block_size`^2 times the channels.

    Raises:
        ShapeError: If the tensor does not have 4 axes, or height and width are not multiples.
        ArgumentError: If `block_size` is less than 2.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> space_to_depth([[[[1], [2]], [[3], [4]]]], 2)
        array([[[[1, 2, 3, 4]]]], dtype=int32)
    """
    x, settings = _checked("space_to_depth", x, block_size, data_format)
    _, height, width, _ = _layout(static_shape(x), settings["is_first"])
    if any(size is not None and size % settings["block"] for size in (height, width)):
        raise ShapeError(
            f"`space_to_depth`: height and width must be divisible by block_size={settings['block']}. "
            f"Received: height {height}, width {width}"
        )
    return apply(_TO_DEPTH, x, **settings)


@op("nn.DepthToSpace", settings="block_size data_format", as_in_keras=_blocks_in_keras)
def depth_to_space(x: TensorLike, block_size: int, data_format: str = "channels_last") -> Tensor:
    """Lays out channels as blocks of images (pixel shuffle); undone by `space_to_depth`.

    Args:
        x: Shape (batch, height, width, channels), or (batch, channels, height, width) with "channels_first".
        block_size: The height and width of a block, at least 2, whose square divides the number of channels.
        data_format: "channels_last": the position in a block counts before the channel; "channels_first": the channel
            counts first. None: as configured.

    Returns:
        The images, `block_size` times as high and wide.

    Raises:
        ShapeError: If the tensor does not have 4 axes, or the number of channels is not a multiple.
        ArgumentError: If `block_size` is less than 2.

    Source: https://keras.io/api/ops/nn/, Shi et al. 2016, https://arxiv.org/abs/1609.05158

    Example:
        >>> depth_to_space([[[[1, 2, 3, 4]]]], 2)[0, :, :, 0]
        array([[1, 2],
               [3, 4]], dtype=int32)
    """
    x, settings = _checked("depth_to_space", x, block_size, data_format)
    channels = _layout(static_shape(x), settings["is_first"])[-1]
    if channels is not None and channels % settings["block"] ** 2:
        raise ShapeError(
            f"`depth_to_space`: the number of channels must be divisible by block_size^2 = {settings['block'] ** 2}. "
            f"Received: {channels} channels"
        )
    return apply(_TO_SPACE, x, **settings)
