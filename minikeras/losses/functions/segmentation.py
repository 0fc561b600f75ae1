"""Segmentation losses as functions, not yet weighted or reduced."""

from collections.abc import Sequence

from ... import config, ops
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .checks import fitted


@filtered
def dice(y_true: TensorLike, y_pred: TensorLike, axis: int | Sequence[int] | None = None) -> Tensor:
    """Returns the Dice loss: 1 minus the Dice coefficient of predicted and true regions.

    `1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + epsilon)`

    Args:
        y_true: True probabilities, e.g. 0 and 1, of any shape.
        y_pred: Predicted probabilities, of the same shape.
        axis: The axes of a region; all by default.

    Returns:
        One value; with an axis, the shape without it.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient

    Example:
        >>> print(dice([[0.0, 1.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]))
        0.5
    """
    y_true, y_pred = fitted("dice", y_true, y_pred)
    overlap = ops.sum(y_true * y_pred, axis=axis)
    sizes = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis)
    return 1.0 - ops.divide(2.0 * overlap, sizes + config.epsilon())


@filtered
def tversky(
    y_true: TensorLike,
    y_pred: TensorLike,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: int | Sequence[int] | None = None,
) -> Tensor:
    """Returns the Tversky loss: a Dice loss with separate weights for false negatives and false positives.

    `1 - c / (c + alpha sum(y_true (1 - y_pred)) + beta sum(y_pred (1 - y_true)) + epsilon)`,
    with `c = sum(y_true y_pred)`

    Args:
        y_true: True probabilities, e.g. 0 and 1, of any shape.
        y_pred: Predicted probabilities, of the same shape.
        alpha: Weight of false negatives: what is in `y_true` alone.
        beta: Weight of false positives: what is in `y_pred` alone.
        axis: The axes of a region; all by default.

    Returns:
        One value; with an axis, the shape without it.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://arxiv.org/abs/1706.05721

    Example:
        >>> print(tversky([[0.0, 1.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]], alpha=1.0))
        0.6666666
    """
    y_true, y_pred = fitted("tversky", y_true, y_pred)
    overlap = ops.sum(y_true * y_pred, axis=axis)
    missed = ops.sum((1.0 - y_pred) * y_true, axis=axis)
    wrong = ops.sum(y_pred * (1.0 - y_true), axis=axis)
    return 1.0 - ops.divide(overlap, overlap + missed * float(alpha) + wrong * float(beta) + config.epsilon())
