"""The gradient of broadcasting."""

from ...engine.registry import call
from ...typing import Tensor, TensorLike


def unbroadcast(gradient: TensorLike, like: TensorLike) -> Tensor:
    """Sums a gradient over the axes along which its input was broadcast.

    Args:
        gradient: The gradient with respect to the result, in the broadcast shape.
        like: The input before broadcasting.

    Returns:
        The gradient in the shape of `like`.
    """
    target = tuple(like.shape)
    if tuple(gradient.shape) == target:
        return gradient
    extra = len(gradient.shape) - len(target)
    axes = tuple(range(extra))
    axes += tuple(extra + axis for axis, size in enumerate(target) if size == 1 != gradient.shape[extra + axis])
    summed = call("sum", gradient, axis=axes) if axes else gradient
    return call("reshape", summed, target)
