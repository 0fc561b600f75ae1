"""Pieces of which several architectures are made."""

from ..config import image_data_format
from ..graph.keras_tensor import KerasTensor


def channel_axis(last: int = -1) -> int:
    """Returns the axis of the channels, in the layout that is set.

    Args:
        last: What it is called if it is the last one: -1 or 3. Keras's configs have either.

    Example:
        >>> channel_axis()
        -1
    """
    return 1 if image_data_format() == "channels_first" else last


def spatial_sizes(x: KerasTensor) -> tuple[int | None, int | None]:
    """Returns the height and the width of images."""
    return x.shape[2:4] if image_data_format() == "channels_first" else x.shape[1:3]


def correct_pad(x: KerasTensor, kernel_size: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Returns the padding before a convolution of stride 2 that centers its windows as "same" does.

    An image of an even size gets one row less at its start. With a free size, both are taken for even ones.

    Args:
        x: The images.
        kernel_size: The size of the window.

    Example:
        >>> from minikeras.layers import Input
        >>> correct_pad(Input((224, 75, 3)), 5)
        ((1, 2), (2, 2))
    """
    sizes = spatial_sizes(x)
    if None in sizes:
        sizes = (0, 0)
    half = kernel_size // 2
    first, second = ((half - (1 - size % 2), half) for size in sizes)
    return first, second


def make_divisible(value: float, divisor: int = 8) -> int:
    """Returns the multiple of a divisor that is nearest to a number of filters, and at most 10 % below it.

    Args:
        value: The number of filters.
        divisor: The divisor, which is the least result, too.

    Example:
        >>> make_divisible(37), make_divisible(11)
        (40, 16)
    """
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded
