"""Ways to keep gradients small, shared by all optimizers."""

from collections.abc import Sequence

from .. import ops
from ..typing import Tensor, TensorLike


def clip_by_norm(gradient: TensorLike, norm: float) -> Tensor:
    """Shrinks a gradient so that its length is at most `norm`.

    `g * norm / max(|g|, norm)`, where `|g|` is the root of the sum of the squares of all elements.

    Args:
        gradient: A value of any shape.
        norm: The greatest length; positive.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> clip_by_norm(np.float32([3.0, 4.0]), 2.5)
        array([1.5, 2. ], dtype=float32)
    """
    length = ops.sqrt(ops.sum(ops.square(gradient)))
    return ops.multiply(gradient, ops.divide(norm, ops.maximum(length, norm)))


def clip_by_global_norm(gradients: Sequence, norm: float) -> list:
    """Shrinks gradients by one factor so that the length of all of them together is at most `norm`.

    If that length is infinite or NaN, so is every element of the result.

    Args:
        gradients: Values of any shapes.
        norm: The greatest length; positive.

    Source: https://arxiv.org/abs/1211.5063

    Example:
        >>> clip_by_global_norm([np.float32([3.0]), np.float32([4.0])], 2.5)
        [array([1.5], dtype=float32), array([2.], dtype=float32)]
    """
    total = None
    for gradient in gradients:
        squares = ops.sum(ops.square(gradient))
        total = squares if total is None else ops.add(total, squares)
    length = ops.sqrt(total)
    factor = ops.divide(norm, ops.maximum(length, norm))
    # length - length is 0, but NaN for an infinite length, whose factor 0 would hide that something is wrong.
    factor = ops.add(factor, ops.subtract(length, length))
    return [ops.multiply(gradient, factor) for gradient in gradients]
