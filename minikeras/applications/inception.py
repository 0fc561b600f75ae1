"""Pieces of the Inception models: branches of convolutions, side by side."""

from collections.abc import Sequence
from typing import NamedTuple

from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, AveragePooling2D, BatchNormalization, Concatenate, Conv2D, MaxPooling2D
from .blocks import channel_axis


class Conv(NamedTuple):
    """A convolution of a branch.

    Args:
        filters: The number of filters.
        kernel_size: The size of the kernel: one for both axes, or height and width.
        strides: The stride.
        padding: "same" or "valid".
    """

    filters: int
    kernel_size: int | tuple[int, int] = 1
    strides: int = 1
    padding: str = "same"


def conv(x: KerasTensor, *parts: object, name: str | None = None) -> KerasTensor:
    """Returns a convolution, batch-normalized and activated.

    Args:
        x: The images.
        *parts: The arguments of `Conv`.
        name: The name of the convolution, from which those of the other layers are derived.
    """
    filters, kernel_size, strides, padding = Conv(*parts)  # type: ignore[arg-type]
    settings = {"strides": strides, "padding": padding, "use_bias": False, "name": name}
    x = Conv2D(filters, kernel_size, **settings)(x)
    x = BatchNormalization(axis=channel_axis(3), scale=False, name=name and f"{name}_bn")(x)
    return Activation("relu", name=name and f"{name}_ac")(x)


def branch(x: KerasTensor, *convs: Sequence) -> KerasTensor:
    """Returns one convolution after the other.

    Args:
        x: The images.
        *convs: For each convolution, the arguments of `Conv`.
    """
    for parts in convs:
        x = conv(x, *parts)
    return x


def stem(image: KerasTensor) -> KerasTensor:
    """Returns the first layers: an eighth of the height and width, 192 channels."""
    x = branch(image, (32, 3, 2, "valid"), (32, 3, 1, "valid"), (64, 3))
    x = MaxPooling2D(3, strides=2)(x)
    x = branch(x, (80, 1, 1, "valid"), (192, 3, 1, "valid"))
    return MaxPooling2D(3, strides=2)(x)


def averaged(x: KerasTensor, filters: int) -> KerasTensor:
    """Returns the branch that averages its surroundings before a convolution of 1 x 1.

    Args:
        x: The images.
        filters: The number of filters.
    """
    return conv(AveragePooling2D(3, strides=1, padding="same")(x), filters)


def joined(branches: Sequence[KerasTensor], name: str | None = None) -> KerasTensor:
    """Returns the channels of several branches as one.

    Args:
        branches: The branches.
        name: The name of the layer.
    """
    return Concatenate(axis=channel_axis(3), name=name)(list(branches))
