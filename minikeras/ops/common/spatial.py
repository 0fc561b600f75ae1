"""The arguments of ops on spatial axes, such as convolution and pooling: layouts, sizes and padding."""

from collections.abc import Sequence

from ...argument_checks import check_sizes
from ...config import resolved_data_format
from ...engine.dtypes import dtype_of
from ...errors import ShapeError, brief, unknown_name
from ...typing import Shape, Tensor, TensorLike
from ..conversion import cast
from ..shaping import transpose
from .arguments import as_value, promoted, static_shape
from .sliding_windows import Pairs, Sizes, extent, window_counts


def as_saved(where: str, data_format: str | None, padding: str | None = None) -> dict[str, str]:
    """Returns the settings of Keras's class that have defaults or variants: `data_format`, and `padding` if given."""
    saved = {"data_format": resolved_data_format(where, data_format)}
    return saved if padding is None else {**saved, "padding": padding.lower()}


def to_channels_last(x: TensorLike, data_format: str) -> Tensor:
    """Moves the axis of the channels to the end."""
    rank = len(static_shape(x))
    return x if data_format == "channels_last" else transpose(x, (0, *range(2, rank), 1))


def from_channels_last(x: TensorLike, data_format: str) -> Tensor:
    """Moves the axis of the channels from the end to its place."""
    rank = len(static_shape(x))
    return x if data_format == "channels_last" else transpose(x, (0, rank - 1, *range(1, rank - 1)))


def check_rank(where: str, shape: Shape) -> int:
    """Returns the number of spatial axes.

    Raises:
        ShapeError: If it is not 1, 2 or 3.
    """
    if len(shape) not in (3, 4, 5):
        raise ShapeError(
            f"`{where}` expects a tensor with a batch axis, 1 to 3 spatial axes and one of channels. "
            f"Received: shape {tuple(shape)}"
        )
    return len(shape) - 2


def with_kernel(where: str, inputs: TensorLike, kernel: TensorLike) -> tuple[Tensor, Tensor]:
    """Returns the inputs and the kernel of a convolution, both with the dtype of the kernel if that is a float.

    Raises:
        ShapeError: If they do not have the same number of axes.
    """
    inputs, kernel = as_value(inputs), as_value(kernel)
    check_rank(where, static_shape(inputs))
    if len(static_shape(inputs)) != len(static_shape(kernel)):
        raise ShapeError(
            f"`{where}` expects as many axes of the kernel as of the inputs. "
            f"Received: inputs of shape {static_shape(inputs)}, a kernel of shape {static_shape(kernel)}"
        )
    dtype = dtype_of(kernel)
    if "float" not in dtype:
        inputs, kernel = promoted(inputs, kernel)
    return (inputs if dtype_of(inputs) == dtype_of(kernel) else cast(inputs, dtype_of(kernel))), kernel


def window_parameters(
    where: str,
    sizes: Sequence[int | None],
    size: Sequence[int | None],
    strides: int | Sequence[int],
    padding: str,
    dilation: int | Sequence[int] = 1,
    allowed: tuple[str, ...] = ("valid", "same"),
) -> tuple[Sizes, Pairs, Sizes]:
    """Returns strides, padding and dilation for each spatial axis.

    "same" pads such that there are ceil(size / stride) windows, one more element at the end if their number is odd;
    "causal" pads as many elements as "same" does with a stride of 1, all of them before.

    Args:
        where: The op, for error messages.
        sizes: The spatial sizes of the inputs; None if unknown.
        size: The sizes of the window; None if unknown.
        strides: An integer for all axes, or one for each.
        padding: "valid", "same" or "causal".
        dilation: An integer for all axes, or one for each.
        allowed: The padding modes of the op.

    Returns:
        The strides, a pair (before, after) for each axis, and the dilation.

    Raises:
        ArgumentError: If an argument is invalid.
        ShapeError: If the window is larger than the padded inputs.

    Example:
        >>> window_parameters("conv", (5, 6), (3, 3), 2, "same")
        ((2, 2), ((1, 1), (0, 1)), (1, 1))
    """
    count = len(sizes)
    strides = check_sizes(where, "strides", strides, count)
    steps = check_sizes(where, "dilation_rate", dilation, count)
    mode = padding.lower() if isinstance(padding, str) else padding
    if mode not in allowed:
        raise unknown_name(f"padding of {where}", padding, allowed)
    pairs = []
    for length, width, stride, step in zip(sizes, size, strides, steps, strict=True):
        if mode == "valid" or None in (length, width):
            pairs.append((0, 0))
        elif mode == "causal":
            pairs.append((extent(width, step) - 1, 0))
        else:
            total = max((-(-length // stride) - 1) * stride + extent(width, step) - length, 0) if length else 0
            pairs.append((total // 2, total - total // 2))
    counts = window_counts(sizes, size, strides, tuple(pairs), steps)
    if 0 in size or any(
        number == 0 and (length or mode == "valid") for number, length in zip(counts, sizes, strict=True)
    ):
        raise ShapeError(
            f"`{where}`: a window of {tuple(size)} elements, {brief(steps)} apart, does not fit into spatial sizes of "
            f"{tuple(sizes)}. Expected a smaller window, a smaller dilation or the padding 'same'."
        )
    return strides, tuple(pairs), steps
