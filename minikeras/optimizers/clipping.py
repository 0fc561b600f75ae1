"""Gradient clipping by norm."""

from collections.abc import Sequence

from .. import ops
from ..typing import Tensor, TensorLike


def clip_by_norm(gradient: TensorLike, norm: float) -> Tensor:
    """Scales a gradient down to an L2 norm of at most `norm`.

    `g * norm / max(|g|, norm)`, where `|g|` is the L2 norm.

    Args:
        gradient: A gradient of any shape.
        norm: Maximum norm; positive.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> clip_by_norm(np.float32([3.0, 4.0]), 2.5)
        array([1.5, 2. ], dtype=float32)
    """
    length = ops.sqrt(ops.sum(ops.square(gradient)))
    return ops.multiply(gradient, ops.divide(norm, ops.maximum(length, norm)))


def clip_by_global_norm(gradients: Sequence, norm: float) -> list:
    """Scales gradients down by a common factor to a global L2 norm of at most `norm`.

    If the global norm is infinite or NaN, all elements of the results are NaN.

    Args:
        gradients: Gradients of any shapes.
        norm: Maximum global norm; positive.

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
    # `norm - norm` is 0, but NaN for an infinite norm, whose factor 0 would hide the divergence.
    factor = ops.add(factor, ops.subtract(length, length))
    return [ops.multiply(gradient, factor) for gradient in gradients]
