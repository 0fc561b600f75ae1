"""Hinge losses as classes."""

from ..typing import DTypeLike
from .functions import categorical_hinge, hinge, squared_hinge
from .wrapper import FunctionLoss


class Hinge(FunctionLoss):
    """Hinge loss for binary labels -1 and 1, or 0 and 1.

    `mean(max(1 - y_true y_pred, 0))`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/hinge_losses/#hinge-class

    Example:
        >>> print(Hinge()([[-1.0, 1.0]], [[-0.5, -1.0]]))
        1.25
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "hinge",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(hinge, reduction=reduction, name=name, dtype=dtype)


class SquaredHinge(FunctionLoss):
    """Squared hinge loss for binary labels -1 and 1, or 0 and 1.

    `mean(max(1 - y_true y_pred, 0)^2)`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/hinge_losses/#squaredhinge-class

    Example:
        >>> print(SquaredHinge()([[-1.0, 1.0]], [[-0.5, -1.0]]))
        2.125
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "squared_hinge",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(squared_hinge, reduction=reduction, name=name, dtype=dtype)


class CategoricalHinge(FunctionLoss):
    """Categorical hinge loss for one-hot labels.

    `max(max((1 - y_true) y_pred) - sum(y_true y_pred) + 1, 0)`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/hinge_losses/#categoricalhinge-class

    Example:
        >>> print(CategoricalHinge()([[0.0, 1.0, 0.0]], [[0.5, 1.0, 0.25]]))
        0.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_hinge",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(categorical_hinge, reduction=reduction, name=name, dtype=dtype)
