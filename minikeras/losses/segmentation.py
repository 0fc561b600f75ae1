"""Losses of overlapping regions as classes."""

from collections.abc import Sequence

from ..typing import DTypeLike
from .functions import dice, tversky
from .wrapper import FunctionLoss


class Dice(FunctionLoss):
    """1 minus the overlap of two regions, relative to the mean of their sizes.

    `1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + epsilon)`

    Args:
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        axis: The axes of a region; None: all.
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
    """1 minus the overlap of two regions, with weights for what each has alone.

    `1 - c / (c + alpha sum(y_true (1 - y_pred)) + beta sum(y_pred (1 - y_true)) + epsilon)`,
    with `c = sum(y_true y_pred)`

    Args:
        alpha: The weight of what is in `y_true` alone.
        beta: The weight of what is in `y_pred` alone.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        axis: The axes of a region; None: all.
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
