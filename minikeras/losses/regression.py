"""The losses of regression as classes."""

from ..typing import DTypeLike
from .functions import (
    cosine_similarity,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
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
        dtype: DTypeLike | None = None,
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
        dtype: DTypeLike | None = None,
    ):
        super().__init__(mean_absolute_error, reduction=reduction, name=name, dtype=dtype)


class MeanAbsolutePercentageError(FunctionLoss):
    """Mean of the absolute errors, in percent of the true values.

    `100 mean(|y_true - y_pred| / max(|y_true|, epsilon))`

    Args:
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class

    Example:
        >>> print(MeanAbsolutePercentageError()([[2.0, 4.0]], [[3.0, 4.0]]))
        25.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_percentage_error",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(mean_absolute_percentage_error, reduction=reduction, name=name, dtype=dtype)


class MeanSquaredLogarithmicError(FunctionLoss):
    """Mean of the squared errors of logarithms; negative values count as 0.

    `mean((ln(1 + y_true) - ln(1 + y_pred))^2)`

    Args:
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class

    Example:
        >>> print(MeanSquaredLogarithmicError()([[0.0, 3.0]], [[1.0, 3.0]]))
        0.24022643
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_logarithmic_error",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(mean_squared_logarithmic_error, reduction=reduction, name=name, dtype=dtype)


class CosineSimilarity(FunctionLoss):
    """Negative cosine of the angle between vectors: -1 if they point the same way.

    `-sum(y_true / |y_true| * y_pred / |y_pred|)`

    Args:
        axis: The axis along which a vector lies.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/regression_losses/#cosinesimilarity-class

    Example:
        >>> print(CosineSimilarity()([[0.0, 1.0], [1.0, 0.0]], [[0.0, 2.0], [0.0, 1.0]]))
        -0.5
    """

    unwritten = {"axis": -1}

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "cosine_similarity",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(cosine_similarity, reduction=reduction, name=name, dtype=dtype, axis=axis)
        self.axis = axis


class Huber(FunctionLoss):
    """Mean of errors that are squared if small, and grow like straight lines if not.

    `mean(e^2 / 2 if |e| <= delta else delta |e| - delta^2 / 2)  with  e = y_pred - y_true`

    Args:
        delta: From which size on an error is a large one.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://en.wikipedia.org/wiki/Huber_loss

    Example:
        >>> print(Huber()([[0.0, 0.0]], [[1.0, 3.0]]))
        1.5
    """

    unwritten = {"delta": 1.0}

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "huber_loss",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(huber, reduction=reduction, name=name, dtype=dtype, delta=delta)
        self.delta = delta


class LogCosh(FunctionLoss):
    """Mean of the logarithms of the hyperbolic cosines of the errors.

    `mean(ln(cosh(y_pred - y_true)))`

    Args:
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/regression_losses/#logcosh-class

    Example:
        >>> print(LogCosh()([[0.0, 0.0]], [[0.0, 100.0]]))
        49.653427
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "log_cosh",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(log_cosh, reduction=reduction, name=name, dtype=dtype)
