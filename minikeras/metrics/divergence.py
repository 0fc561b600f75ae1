"""Probabilistic metrics other than cross-entropy."""

from ..losses import kl_divergence, poisson
from ..typing import DTypeLike
from .reduction import FunctionMetric


class KLDivergence(FunctionMetric):
    """Mean Kullback-Leibler divergence of predicted from true probabilities.

    `sum_i y_true_i ln(y_true_i / y_pred_i)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/probabilistic_metrics/#kldivergence-class

    Example:
        >>> print(KLDivergence()([[0.0, 1.0]], [[0.5, 0.5]]))
        0.69314563
    """

    def __init__(self, name: str | None = "kl_divergence", dtype: DTypeLike | None = None):
        super().__init__(kl_divergence, name=name, dtype=dtype)


class Poisson(FunctionMetric):
    """Mean Poisson loss: the negative log-likelihood of counts, up to a constant, for predicted rates.

    `mean(y_pred - y_true ln(y_pred))`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/probabilistic_metrics/#poisson-class

    Example:
        >>> print(Poisson()([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]))
        0.75
    """

    def __init__(self, name: str | None = "poisson", dtype: DTypeLike | None = None):
        super().__init__(poisson, name=name, dtype=dtype)
