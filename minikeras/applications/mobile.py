"""What the MobileNets share: the factor of their filters, and the sizes of images that there are weights for."""

from collections.abc import Collection
from typing import Any

from ..argument_checks import bad_argument, check_number
from .application import Application
from .blocks import spatial_sizes
from .input_shapes import split_shape


def check_alpha(application: Application, alpha: Any, alphas: Collection[float]) -> None:
    """Checks the factor of the number of filters.

    Args:
        application: What the caller asked for.
        alpha: The factor.
        alphas: Those that there are weights of ImageNet for.

    Raises:
        ArgumentError: If there are no weights for it.
        ArgumentTypeError: If it is not a positive number.
    """
    check_number(application.where, "alpha", alpha, above=0)
    if application.is_imagenet and alpha not in alphas:
        expected = f"one of {sorted(alphas)} for the weights of ImageNet"
        raise bad_argument(application.where, "alpha", alpha, expected)


def default_size(application: Application, sizes: Collection[int]) -> int:
    """Returns the height and width of images by default: those asked for if there are weights for them, else 224.

    Args:
        application: What the caller asked for.
        sizes: The sizes that there are weights for.
    """
    if application.asked_shape is not None:
        height, width, _ = split_shape(application.asked_shape)
    elif application.input_tensor is not None:
        height, width = spatial_sizes(application.input_tensor)
    else:
        return 224
    return height if height is not None and height == width and height in sizes else 224
