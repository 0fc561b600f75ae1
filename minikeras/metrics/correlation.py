"""Correlation of predictions with labels."""

from .. import config, ops
from ..losses.reduction import check_labels, squeeze_or_expand_to_same_rank
from ..tracebacks import filtered
from ..typing import DTypeLike, Tensor, TensorLike
from .reduction import FunctionMetric


@filtered
def pearson_correlation(y_true: TensorLike, y_pred: TensorLike, axis: int = -1) -> Tensor:
    """Returns the Pearson correlation coefficient along an axis.

    `mean((y_true - mean(y_true)) (y_pred - mean(y_pred))) / (std(y_true) std(y_pred))`

    Args:
        y_true: True values of any shape.
        y_pred: Predicted values, of the same shape.
        axis: The axis along which to correlate.

    Returns:
        The shape without the axis; NaN where values are constant.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/regression_metrics/

    Example:
        >>> pearson_correlation([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.5], [1.0, 0.9, 0.2]])
        array([1.       , 0.9933992], dtype=float32)
    """
    y_true, y_pred = _pair("pearson_correlation", y_true, y_pred)
    y_true, y_pred = (_centered(value, axis) for value in (y_true, y_pred))
    y_true, y_pred = (ops.divide(value, ops.sqrt(_variance(value, axis))) for value in (y_true, y_pred))
    return ops.mean(ops.multiply(y_true, y_pred), axis=axis)


@filtered
def concordance_correlation(y_true: TensorLike, y_pred: TensorLike, axis: int = -1) -> Tensor:
    """Returns Lin's concordance correlation coefficient along an axis: 1 only if predictions equal labels.

    `2 mean((y_true - mean(y_pred)) (y_pred - mean(y_pred)))
    / (var(y_true) + var(y_pred) + (mean(y_true) - mean(y_pred))^2)`

    Args:
        y_true: True values of any shape.
        y_pred: Predicted values, of the same shape.
        axis: The axis along which to correlate.

    Returns:
        The shape without the axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/regression_metrics/

    Example:
        >>> concordance_correlation([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.5], [1.0, 0.9, 0.2]])
        array([0.9756095, 0.9876539], dtype=float32)
    """
    y_true, y_pred = _pair("concordance_correlation", y_true, y_pred)
    true_mean, pred_mean = (ops.mean(value, axis=axis, keepdims=True) for value in (y_true, y_pred))
    together = ops.multiply(ops.subtract(y_true, pred_mean), ops.subtract(y_pred, pred_mean))
    spread = ops.add(_variance(_centered(y_true, axis), axis), _variance(_centered(y_pred, axis), axis))
    apart = ops.square(ops.subtract(true_mean, pred_mean))
    return ops.mean(ops.divide(2 * together, ops.add(spread, apart) + config.epsilon()), axis=axis)


FUNCTIONS = (concordance_correlation, pearson_correlation)


def _pair(name: str, y_true: object, y_pred: object) -> tuple:
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    check_labels(f"`{name}`", y_true, y_pred)
    return y_true, y_pred


def _centered(value: object, axis: int) -> object:
    return ops.subtract(value, ops.mean(value, axis=axis, keepdims=True))


def _variance(value: object, axis: int) -> object:
    return ops.mean(ops.square(_centered(value, axis)), axis=axis, keepdims=True)


class PearsonCorrelation(FunctionMetric):
    """Mean Pearson correlation coefficient of the examples.

    `mean((y_true - mean(y_true)) (y_pred - mean(y_pred))) / (std(y_true) std(y_pred))`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        axis: The axis along which to correlate.

    Source: https://keras.io/api/metrics/regression_metrics/

    Example:
        >>> print(PearsonCorrelation()([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.5], [1.0, 0.9, 0.2]]))
        0.9966996
    """

    _direction = "up"

    def __init__(self, name: str | None = "pearson_correlation", dtype: DTypeLike | None = None, axis: int = -1):
        super().__init__(pearson_correlation, name=name, dtype=dtype, axis=axis)
        self.axis = axis


class ConcordanceCorrelation(FunctionMetric):
    """Mean concordance correlation coefficient of the examples.

    `2 mean((y_true - mean(y_pred)) (y_pred - mean(y_pred)))
    / (var(y_true) + var(y_pred) + (mean(y_true) - mean(y_pred))^2)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        axis: The axis along which to correlate.

    Source: https://keras.io/api/metrics/regression_metrics/

    Example:
        >>> print(ConcordanceCorrelation()([[0.0, 1.0, 0.5], [1.0, 1.0, 0.2]], [[0.1, 0.9, 0.5], [1.0, 0.9, 0.2]]))
        0.9816317
    """

    _direction = "up"

    def __init__(self, name: str | None = "concordance_correlation", dtype: DTypeLike | None = None, axis: int = -1):
        super().__init__(concordance_correlation, name=name, dtype=dtype, axis=axis)
        self.axis = axis
