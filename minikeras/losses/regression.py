"""Regression losses as classes."""

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
    """Mean squared error.

    `mean((y_true - y_pred)^2)`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
    """Mean absolute error.

    `mean(|y_true - y_pred|)`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
    """Mean absolute percentage error.

    `100 mean(|y_true - y_pred| / max(|y_true|, epsilon))`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
    """Mean squared logarithmic error; negative values are clipped to 0.

    `mean((ln(1 + y_true) - ln(1 + y_pred))^2)`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
    """Negative cosine similarity: -1 for vectors of the same direction.

    `-sum(y_true / |y_true| * y_pred / |y_pred|)`

    Args:
        axis: The axis of the vectors.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
    """Huber loss: quadratic for small errors, linear for large ones.

    `mean(e^2 / 2 if |e| <= delta else delta |e| - delta^2 / 2)  with  e = y_pred - y_true`

    Args:
        delta: The error at which the loss turns from quadratic to linear.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
    """Log-cosh loss: the logarithm of the hyperbolic cosine of the error.

    `mean(ln(cosh(y_pred - y_true)))`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
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
