"""Segmentation losses as classes."""

from collections.abc import Sequence

from ..typing import DTypeLike
from .functions import dice, tversky
from .wrapper import FunctionLoss


class Dice(FunctionLoss):
    """Dice loss: 1 minus the Dice coefficient of predicted and true regions.

    `1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + epsilon)`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        axis: The axes of a region; all by default.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/segmentation_losses/

    Example:
        >>> print(Dice()([[0.0, 1.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]))
        0.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "dice",
        axis: int | Sequence[int] | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(dice, reduction=reduction, name=name, dtype=dtype, axis=axis)
        self.axis = axis


class Tversky(FunctionLoss):
    """Tversky loss: a Dice loss with separate weights for false negatives and false positives.

    `1 - c / (c + alpha sum(y_true (1 - y_pred)) + beta sum(y_pred (1 - y_true)) + epsilon)`,
    with `c = sum(y_true y_pred)`

    Args:
        alpha: Weight of false negatives: what is in `y_true` alone.
        beta: Weight of false positives: what is in `y_pred` alone.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        axis: The axes of a region; all by default.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://arxiv.org/abs/1706.05721

    Example:
        >>> print(Tversky(alpha=1.0)([[0.0, 1.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]))
        0.6666666
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "tversky",
        axis: int | Sequence[int] | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(tversky, reduction=reduction, name=name, dtype=dtype, alpha=alpha, beta=beta, axis=axis)
        self.alpha = alpha
        self.beta = beta
        self.axis = axis
