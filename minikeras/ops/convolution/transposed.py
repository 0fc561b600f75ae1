"""Transposed convolution."""

from collections.abc import Sequence

from ...argument_checks import check_sizes
from ...config import resolved_data_format
from ...engine.dispatch import apply
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError, brief, unknown_name
from ...typing import Tensor, TensorLike
from ..common.arguments import static_shape
from ..common.sliding_windows import extent
from ..common.spatial import as_saved, from_channels_last, to_channels_last, with_kernel
from .primitives import CONV_INPUT

IntOrInts = int | Sequence[int]


def _in_keras(
    inputs: TensorLike, kernel: TensorLike, padding: str, data_format: str | None, **others: object
) -> dict[str, str]:
    return as_saved("conv_transpose", data_format, padding)


@op("nn.ConvTranspose", settings="strides padding output_padding data_format dilation_rate", as_in_keras=_in_keras)
def conv_transpose(
    inputs: TensorLike,
    kernel: TensorLike,
    strides: IntOrInts = 1,
    padding: str = "valid",
    output_padding: IntOrInts | None = None,
    data_format: str | None = None,
    dilation_rate: IntOrInts = 1,
) -> Tensor:
    """Transposed convolution over 1 to 3 spatial axes: the gradient of `conv` with respect to its inputs.

    Each input adds the kernel, times its value, to the outputs, `strides` apart. With `extent = (size - 1) *
    dilation_rate + 1` of the kernel, the spatial sizes n become

    - "valid": `(n - 1) * strides + extent + output_padding`, by default `(n - 1) * strides + max(extent, strides)`;
    - "same": `(n - 1) * strides + extent % 2 + output_padding`, by default `n * strides`; what is cropped is cropped on
      both sides, one more at the end if its number is odd.

    Args:
        inputs: Shape (batch, *spatial, channels), or (batch, channels, *spatial) with "channels_first".
        kernel: Shape (*size, filters, channels).
        strides: The distance at which neighbouring inputs act; an integer, or one for each spatial axis.
        padding: "valid" or "same".
        output_padding: The number of additional outputs at the end, less than the stride; an integer, or one for each
            spatial axis.
        data_format: "channels_last" or "channels_first"; by default as configured.
        dilation_rate: The distance at which neighbouring elements of the kernel act; an integer, or one for each
            spatial axis.

    Returns:
        The outputs, with as many channels as there are filters.

    Raises:
        ShapeError: If the shapes do not fit.
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> conv_transpose([[[1.0], [2.0]]], [[[1.0]], [[10.0]]], strides=2)
        array([[[ 1.],
                [10.],
                [ 2.],
                [20.]]], dtype=float32)
    """
    where = "conv_transpose"
    layout = resolved_data_format(where, data_format)
    inputs, kernel = with_kernel(where, inputs, kernel)
    x = to_channels_last(inputs, layout)
    channels, own = static_shape(x)[-1], static_shape(kernel)[-1]
    if None not in (channels, own) and channels != own:
        raise ShapeError(
            f"`{where}`: the number of input channels must match the kernel's, of shape (*size, filters, channels). "
            f"Received: {channels} channels, a kernel of shape {static_shape(kernel)}"
        )
    count = len(static_shape(x)) - 2
    strides = check_sizes(where, "strides", strides, count)
    dilation = check_sizes(where, "dilation_rate", dilation_rate, count)
    extra = _output_padding(output_padding, strides)
    mode = padding.lower() if isinstance(padding, str) else padding
    if mode not in ("valid", "same"):
        raise unknown_name(f"padding of {where}", padding, ("valid", "same"))
    sizes, pairs = [], []
    for axis, (length, width) in enumerate(zip(static_shape(x)[1:-1], static_shape(kernel)[:-2], strict=True)):
        reach = None if width is None else extent(width, dilation[axis])
        size, pair = _cropped(mode, length, reach, strides[axis], extra[axis])
        sizes.append(size)
        pairs.append(pair)
    y = apply(
        CONV_INPUT,
        *(x, kernel),
        **{"sizes": tuple(sizes), "strides": strides, "padding": tuple(pairs), "dilation": dilation, "groups": 1},
    )
    return from_channels_last(y, layout)


def _output_padding(output_padding: IntOrInts | None, strides: tuple[int, ...]) -> tuple:
    if output_padding is None:
        return (None,) * len(strides)
    extra = check_sizes("conv_transpose", "output_padding", output_padding, len(strides), minimum=0)
    if any(each >= stride for each, stride in zip(extra, strides, strict=True)):
        raise ArgumentError(
            "conv_transpose: `output_padding` must be less than the stride along the same axis. "
            f"Received: output_padding={brief(output_padding)}, strides={strides}"
        )
    return extra


def _cropped(
    mode: str, length: int | None, reach: int | None, stride: int, extra: int | None
) -> tuple[int | None, tuple[int, int]]:
    """Returns the size of the outputs along an axis, and what is cropped from those of all inputs before and after."""
    if mode == "same" and extra is None and length is not None:
        size = length * stride
    elif length is None or reach is None:
        return None, (0, 0)
    elif mode == "same":
        size = (length - 1) * stride + reach % 2 + extra
    else:
        size = (length - 1) * stride + (max(reach, stride) if extra is None else reach + extra)
    if mode == "valid" or reach is None:
        return size, (0, 0)
    if size < 1 and length:
        raise ShapeError(
            f"`conv_transpose` would have no outputs. Expected a larger `output_padding` than {extra} for a spatial "
            f"size of {length}, a stride of {stride} and a kernel that spans {reach} elements."
        )
    crop = max((length - 1) * stride + reach - size, 0)
    return max(size, 0), (crop // 2, crop - crop // 2)
