"""The errors of regression as metrics."""

from ..losses.functions import mean_absolute_error, mean_squared_error
from .reduction import FunctionMetric


class MeanSquaredError(FunctionMetric):
    """Mean of the squared errors.

    `mean((y_true - y_pred)^2)`

    Args:
        name: The metric's name.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#meansquarederror-class

    Example:
        >>> print(MeanSquaredError()([[0.0, 1.0]], [[2.0, 1.0]]))
        2.0
    """

    def __init__(self, name: str | None = "mean_squared_error", dtype: object = None):
        super().__init__(mean_squared_error, name=name, dtype=dtype)


class MeanAbsoluteError(FunctionMetric):
    """Mean of the absolute errors.

    `mean(|y_true - y_pred|)`

    Args:
        name: The metric's name.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#meanabsoluteerror-class

    Example:
        >>> print(MeanAbsoluteError()([[0.0, 1.0]], [[2.0, 1.0]]))
        1.0
    """

    def __init__(self, name: str | None = "mean_absolute_error", dtype: object = None):
        super().__init__(mean_absolute_error, name=name, dtype=dtype)
