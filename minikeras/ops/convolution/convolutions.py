"""Convolutions: ordinary and grouped, depthwise, and separable into both."""

from collections.abc import Sequence

from ...config import resolved_data_format
from ...engine.dispatch import apply
from ...engine.memory_budget import check_value
from ...engine.registry import op
from ...errors import ShapeError
from ...typing import Tensor, TensorLike
from ..common.arguments import static_shape
from ..common.sliding_windows import Pairs
from ..common.spatial import (
    as_saved,
    from_channels_last,
    to_channels_last,
    window_parameters,
    with_kernel,
)
from ..shaping import reshape
from .primitives import CONV

IntOrInts = int | Sequence[int]


def _in_keras(
    inputs: TensorLike, kernel: TensorLike, padding: str, data_format: str | None, **others: object
) -> dict[str, str]:
    return as_saved("conv", data_format, padding)


@op("nn.Conv", settings="strides padding data_format dilation_rate", as_in_keras=_in_keras)
def conv(
    inputs: TensorLike,
    kernel: TensorLike,
    strides: IntOrInts = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: IntOrInts = 1,
) -> Tensor:
    """Convolution (in fact cross-correlation) over 1 to 3 spatial axes.

    `y[n, o, f] = sum_k sum_c x[n, o * strides + k * dilation_rate, c] kernel[k, c, f]`

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first".
        kernel: Shape (*size, channels / groups, filters). If it has fewer channels than the inputs, these are split
            into groups, each of which has its own share of the filters.
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: "valid": no padding; "same": zeros such that the spatial sizes become ceil(size / strides), more at the
            end if their number is odd; "causal", for one spatial axis: zeros before, so that outputs do not depend on
            later inputs.
        data_format: "channels_last" or "channels_first"; by default as configured.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.

    Returns:
        The outputs, in the layout of the inputs and the dtype of the kernel.

    Raises:
        ShapeError: If the shapes do not fit, or the kernel is larger than the padded inputs.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> conv([[[1.0], [2.0], [3.0]]], [[[1.0]], [[10.0]]])
        array([[[21.],
                [32.]]], dtype=float32)
    """
    return _convolved("conv", inputs, kernel, strides, padding, data_format, dilation_rate)


def _convolved(
    where: str,
    inputs: TensorLike,
    kernel: TensorLike,
    strides: IntOrInts,
    padding: str,
    data_format: str | None,
    dilation_rate: IntOrInts,
) -> Tensor:
    layout = resolved_data_format(where, data_format)
    inputs, kernel = with_kernel(where, inputs, kernel)
    x = to_channels_last(inputs, layout)
    groups = _groups(where, static_shape(x)[-1], *static_shape(kernel)[-2:])
    sizes, size = static_shape(x)[1:-1], static_shape(kernel)[:-2]
    allowed = ("valid", "same", "causal") if len(sizes) == 1 else ("valid", "same")
    strides, pairs, dilation = window_parameters(where, sizes, size, strides, padding, dilation_rate, allowed)
    _check_padded(sizes, pairs, static_shape(x)[-1])
    y = apply(CONV, x, kernel, strides=strides, padding=pairs, dilation=dilation, groups=groups)
    return from_channels_last(y, layout)


def _check_padded(sizes: Sequence[int | None], pairs: Pairs, channels: int | None) -> None:
    """Refuses inputs that take terabytes once they are padded, if a config is being deserialized."""
    check_value((None, *((n or 0) + sum(pair) for n, pair in zip(sizes, pairs, strict=True)), channels))


def _groups(where: str, channels: int | None, each: int | None, filters: int | None) -> int:
    """Returns the number of groups; 1 if it cannot be known yet."""
    if channels is None or each is None:
        return 1
    if channels == each:
        return 1
    if each == 0 or channels % each:
        raise ShapeError(
            f"`{where}`: the number of input channels must match the kernel's, or be a multiple of it. "
            f"Received: {channels} input channels, a kernel for {each}"
        )
    groups = channels // each
    if filters is not None and filters % groups:
        raise ShapeError(
            f"`{where}`: {groups} groups (of {each} of {channels} channels) need a multiple of {groups} filters. "
            f"Received: {filters} filters"
        )
    return groups


def _depthwise_in_keras(
    inputs: TensorLike, kernel: TensorLike, padding: str, data_format: str | None, **others: object
) -> dict[str, str]:
    return as_saved("depthwise_conv", data_format, padding)


@op("nn.DepthwiseConv", settings="strides padding data_format dilation_rate", as_in_keras=_depthwise_in_keras)
def depthwise_conv(
    inputs: TensorLike,
    kernel: TensorLike,
    strides: IntOrInts = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: IntOrInts = 1,
) -> Tensor:
    """Convolution of each channel on its own.

    `y[n, o, c * multiplier + m] = sum_k x[n, o * strides + k * dilation_rate, c] kernel[k, c, m]`

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first".
        kernel: Shape (*size, channels, multiplier).
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: "valid" or "same"; see `conv`.
        data_format: "channels_last" or "channels_first"; by default as configured.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.

    Returns:
        The outputs, with channels * multiplier channels.

    Raises:
        ShapeError: If the shapes do not fit, or the kernel is larger than the padded inputs.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> depthwise_conv([[[1.0, 5.0], [2.0, 6.0]]], [[[1.0], [1.0]], [[10.0], [100.0]]])
        array([[[ 21., 605.]]], dtype=float32)
    """
    return _depthwise("depthwise_conv", inputs, kernel, strides, padding, data_format, dilation_rate)


def _depthwise(
    where: str,
    inputs: TensorLike,
    kernel: TensorLike,
    strides: IntOrInts,
    padding: str,
    data_format: str | None,
    dilation_rate: IntOrInts,
) -> Tensor:
    layout = resolved_data_format(where, data_format)
    inputs, kernel = with_kernel(where, inputs, kernel)
    x = to_channels_last(inputs, layout)
    sizes, channels = static_shape(x)[1:-1], static_shape(x)[-1]
    *size, own, multiplier = static_shape(kernel)
    _check_channels(where, channels, own, "the depthwise kernel" if where == "separable_conv" else "the kernel")
    strides, pairs, dilation = window_parameters(where, sizes, size, strides, padding, dilation_rate)
    _check_padded(sizes, pairs, channels)
    own = channels if own is None else own
    filters = None if None in (own, multiplier) else own * multiplier
    kernel = reshape(kernel, (*size, 0 if own == 0 else 1, filters))
    y = apply(CONV, x, kernel, strides=strides, padding=pairs, dilation=dilation, groups=1 if own == 0 else own)
    return from_channels_last(y, layout)


def _check_channels(where: str, channels: int | None, own: int | None, what: str) -> None:
    if None not in (channels, own) and channels != own:
        raise ShapeError(
            f"`{where}`: the number of input channels must match the kernel's. "
            f"Received: {channels} channels, {what} for {own}"
        )


def _separable_in_keras(
    inputs: TensorLike,
    depthwise_kernel: TensorLike,
    pointwise_kernel: TensorLike,
    padding: str,
    data_format: str | None,
    **others: object,
) -> dict[str, str]:
    return as_saved("separable_conv", data_format, padding)


@op("nn.SeparableConv", settings="strides padding data_format dilation_rate", as_in_keras=_separable_in_keras)
def separable_conv(
    inputs: TensorLike,
    depthwise_kernel: TensorLike,
    pointwise_kernel: TensorLike,
    strides: IntOrInts = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: IntOrInts = 1,
) -> Tensor:
    """Depthwise convolution, followed by a convolution with a window of one element that mixes the channels.

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first".
        depthwise_kernel: Shape (*size, channels, multiplier).
        pointwise_kernel: Shape (1, ..., 1, channels * multiplier, filters).
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: "valid" or "same"; see `conv`.
        data_format: "channels_last" or "channels_first"; by default as configured.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.

    Returns:
        The outputs, with as many channels as there are filters.

    Raises:
        ShapeError: If the shapes do not fit, or the kernel is larger than the padded inputs.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> separable_conv([[[1.0], [2.0]]], [[[1.0]], [[10.0]]], [[[2.0, 3.0]]])
        array([[[42., 63.]]], dtype=float32)
    """
    where = "separable_conv"
    *size, each, _ = static_shape(pointwise_kernel)
    if any(length not in (1, None) for length in size):
        raise ShapeError(
            f"`{where}` expects a pointwise kernel with a window of one element, of shape (1, ..., 1, channels, "
            f"filters). Received: shape {static_shape(pointwise_kernel)}"
        )
    y = _depthwise(where, inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    axis = -1 if resolved_data_format(where, data_format) == "channels_last" else 1
    _check_channels(where, static_shape(y)[axis], each, "a pointwise kernel")
    return _convolved(where, y, pointwise_kernel, 1, "valid", data_format, 1)
