"""Regression metrics."""

from typing import Any

from .. import ops
from ..losses import (
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from ..losses.reduction import check_labels, squeeze_or_expand_to_same_rank
from ..typing import DTypeLike, Tensor, TensorLike
from .reduction import FunctionMetric, Mean


class MeanSquaredError(FunctionMetric):
    """Mean squared error.

    `mean((y_true - y_pred)^2)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#meansquarederror-class

    Example:
        >>> print(MeanSquaredError()([[0.0, 1.0]], [[2.0, 1.0]]))
        2.0
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_squared_error", dtype: DTypeLike | None = None):
        super().__init__(mean_squared_error, name=name, dtype=dtype)


class MeanAbsoluteError(FunctionMetric):
    """Mean absolute error.

    `mean(|y_true - y_pred|)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#meanabsoluteerror-class

    Example:
        >>> print(MeanAbsoluteError()([[0.0, 1.0]], [[2.0, 1.0]]))
        1.0
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_absolute_error", dtype: DTypeLike | None = None):
        super().__init__(mean_absolute_error, name=name, dtype=dtype)


class MeanAbsolutePercentageError(FunctionMetric):
    """Mean absolute percentage error.

    `100 mean(|(y_true - y_pred) / y_true|)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#meanabsolutepercentageerror-class

    Example:
        >>> print(MeanAbsolutePercentageError()([[2.0, 4.0]], [[3.0, 4.0]]))
        25.0
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_absolute_percentage_error", dtype: DTypeLike | None = None):
        super().__init__(mean_absolute_percentage_error, name=name, dtype=dtype)


class MeanSquaredLogarithmicError(FunctionMetric):
    """Mean squared logarithmic error.

    `mean((ln(y_true + 1) - ln(y_pred + 1))^2)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#meansquaredlogarithmicerror-class

    Example:
        >>> print(MeanSquaredLogarithmicError()([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]))
        0.24022643
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_squared_logarithmic_error", dtype: DTypeLike | None = None):
        super().__init__(mean_squared_logarithmic_error, name=name, dtype=dtype)


class LogCoshError(FunctionMetric):
    """Mean log-cosh error: quadratic for small errors, linear for large ones.

    `mean(ln(cosh(y_pred - y_true)))`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#logcosherror-class

    Example:
        >>> print(LogCoshError()([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]))
        0.1084452
    """

    _direction = "down"

    def __init__(self, name: str | None = "logcosh", dtype: DTypeLike | None = None):
        super().__init__(log_cosh, name=name, dtype=dtype)


class RootMeanSquaredError(Mean):
    """Root mean squared error.

    `sqrt(mean((y_true - y_pred)^2))`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/regression_metrics/#rootmeansquarederror-class

    Example:
        >>> print(RootMeanSquaredError()([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]))
        0.70710677
    """

    _direction = "down"

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: DTypeLike | None = None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: True values of any shape.
            y_pred: Predicted values, of the same shape.
            sample_weight: Weights that broadcast with the errors; ones by default.

        Raises:
            ShapeError: If the shapes do not fit together.
        """
        y_true, y_pred = (ops.convert_to_tensor(value, self.dtype) for value in (y_true, y_pred))
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        check_labels(f"Metric '{self.name}'", y_true, y_pred)
        super().update_state(ops.square(y_pred - y_true), sample_weight)

    def result(self) -> Tensor:
        """Returns the root mean squared error so far; 0 if there is no value yet."""
        return ops.sqrt(super().result())


def cosine_similarity(y_true: TensorLike, y_pred: TensorLike, axis: int = -1) -> Tensor:
    """Returns the cosine similarity of labels and predictions; the loss of that name is its negative.

    `sum(y_true y_pred) / (|y_true| |y_pred|)`

    Args:
        y_true: True vectors of any shape.
        y_pred: Predicted vectors, of the same shape.
        axis: The axis of the vectors.

    Returns:
        The shape without the axis: 1 for the same direction, 0 for orthogonal vectors or a vector of zeros.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/regression_metrics/#cosinesimilarity-class

    Example:
        >>> cosine_similarity([[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [2.0, 2.0]])
        array([0.        , 0.99999994], dtype=float32)
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    check_labels("`cosine_similarity`", y_true, y_pred)
    return ops.sum(ops.multiply(ops.normalize(y_true, axis=axis), ops.normalize(y_pred, axis=axis)), axis=axis)


class CosineSimilarity(FunctionMetric):
    """Mean cosine similarity of labels and predictions.

    `sum(y_true y_pred) / (|y_true| |y_pred|)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        axis: The axis of the vectors.

    Source: https://keras.io/api/metrics/regression_metrics/#cosinesimilarity-class

    Example:
        >>> print(CosineSimilarity()([[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 1.0]]))
        0.49999997
    """

    _direction = "up"

    def __init__(self, name: str | None = "cosine_similarity", dtype: DTypeLike | None = None, axis: int = -1):
        super().__init__(cosine_similarity, name=name, dtype=dtype, axis=axis)
        self.axis = axis

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        config = super().get_config()
        if self.axis == -1:
            del config["axis"]  # Keras always omits it; an axis other than the default must not be lost
        return config
