"""Probabilistic losses as classes."""

from ..typing import DTypeLike
from .functions import kl_divergence, poisson
from .wrapper import FunctionLoss


class KLDivergence(FunctionLoss):
    """Kullback-Leibler divergence of predicted from true probabilities.

    `sum(y_true ln(y_true / y_pred))`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/probabilistic_losses/#kldivergence-class

    Example:
        >>> print(KLDivergence()([[0.0, 1.0]], [[0.5, 0.5]]))
        0.69314563
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "kl_divergence",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(kl_divergence, reduction=reduction, name=name, dtype=dtype)


class Poisson(FunctionLoss):
    """Poisson loss for counts and their predicted rates.

    `mean(y_pred - y_true ln(y_pred + epsilon))`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/probabilistic_losses/#poisson-class

    Example:
        >>> print(Poisson()([[2.0, 0.0]], [[1.0, 3.0]]))
        1.9999999
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "poisson",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(poisson, reduction=reduction, name=name, dtype=dtype)
