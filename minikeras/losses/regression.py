"""The losses of regression as classes."""

from .functions import mean_absolute_error, mean_squared_error
from .wrapper import FunctionLoss


class MeanSquaredError(FunctionLoss):
    """Mean of the squared errors.

    `mean((y_true - y_pred)^2)`

    Args:
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/regression_losses/#meansquarederror-class

    Example:
        >>> print(MeanSquaredError()([[0.0, 1.0]], [[2.0, 1.0]]))
        2.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_error",
        dtype: object = None,
    ):
        super().__init__(mean_squared_error, reduction=reduction, name=name, dtype=dtype)


class MeanAbsoluteError(FunctionLoss):
    """Mean of the absolute errors.

    `mean(|y_true - y_pred|)`

    Args:
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class

    Example:
        >>> print(MeanAbsoluteError()([[0.0, 1.0]], [[2.0, 1.0]]))
        1.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_error",
        dtype: object = None,
    ):
        super().__init__(mean_absolute_error, reduction=reduction, name=name, dtype=dtype)
