"""Hinge metrics."""

from ..losses import categorical_hinge, hinge, squared_hinge
from ..typing import DTypeLike
from .reduction import FunctionMetric


class Hinge(FunctionMetric):
    """Mean hinge loss.

    `mean(max(1 - y_true y_pred, 0))`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/hinge_metrics/#hinge-class

    Example:
        >>> print(Hinge()([[-1, 1]], [[0.5, 3.0]]))  # labels 0 and 1 are taken for -1 and 1
        0.75
    """

    _direction = "down"

    def __init__(self, name: str | None = "hinge", dtype: DTypeLike | None = None):
        super().__init__(hinge, name=name, dtype=dtype)


class SquaredHinge(FunctionMetric):
    """Mean squared hinge loss.

    `mean(max(1 - y_true y_pred, 0)^2)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/hinge_metrics/#squaredhinge-class

    Example:
        >>> print(SquaredHinge()([[-1, 1]], [[0.5, 3.0]]))  # labels 0 and 1 are taken for -1 and 1
        1.125
    """

    _direction = "down"

    def __init__(self, name: str | None = "squared_hinge", dtype: DTypeLike | None = None):
        super().__init__(squared_hinge, name=name, dtype=dtype)


class CategoricalHinge(FunctionMetric):
    """Mean categorical hinge loss.

    `max(1 + max_i((1 - y_true_i) y_pred_i) - sum_i(y_true_i y_pred_i), 0)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/hinge_metrics/#categoricalhinge-class

    Example:
        >>> print(CategoricalHinge()([[0, 1], [1, 0]], [[0.5, 0.25], [2.0, 0.5]]))
        0.625
    """

    _direction = "down"

    def __init__(self, name: str | None = "categorical_hinge", dtype: DTypeLike | None = None):
        super().__init__(categorical_hinge, name=name, dtype=dtype)
