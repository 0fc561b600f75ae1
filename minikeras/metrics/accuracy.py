"""Accuracy: functions and metrics."""

from .. import ops
from ..errors import ShapeError
from ..losses.functions.checks import equal_sizes
from ..losses.reduction import check_labels, squeeze_or_expand_to_same_rank
from ..ops.searching import argmax_last_axis
from ..tracebacks import filtered
from ..typing import DTypeLike, Tensor, TensorLike
from .reduction import FunctionMetric


def accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns 1 where labels and predictions are equal, else 0.

    Args:
        y_true: Labels of any shape.
        y_pred: Predicted labels of the same shape.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/accuracy_metrics/#accuracy-class

    Example:
        >>> accuracy([1, 2], [1, 3])
        array([1., 0.], dtype=float32)
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    return _matches("accuracy", y_true, y_pred)


@filtered
def binary_accuracy(y_true: TensorLike, y_pred: TensorLike, threshold: float = 0.5) -> Tensor:
    """Returns 1 where a thresholded prediction equals the binary label, else 0.

    Args:
        y_true: Labels 0 and 1, of any shape.
        y_pred: Predicted probabilities, of the same shape.
        threshold: Predictions above it mean 1.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class

    Example:
        >>> binary_accuracy([1, 0], [0.9, 0.6])
        array([1., 0.], dtype=float32)
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    predicted = ops.greater(y_pred, ops.convert_to_tensor(threshold))
    return _matches("binary_accuracy", y_true, ops.cast(predicted, y_true.dtype))


@filtered
def categorical_accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns 1 where the class with the largest prediction is the true one, else 0.

    `argmax(y_true) == argmax(y_pred)`

    Args:
        y_true: One-hot labels, shape (batch, ..., classes).
        y_pred: Probabilities or logits of the classes, of the same shape.

    Raises:
        ShapeError: If the labels are not one-hot, or the shapes do not fit together.

    Source: https://keras.io/api/metrics/accuracy_metrics/#categoricalaccuracy-class

    Example:
        >>> categorical_accuracy([[0, 1], [1, 0]], [[0.4, 0.6], [0.2, 0.8]])
        array([1., 0.], dtype=float32)
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    labels, outputs = ops.shape(y_true), ops.shape(y_pred)
    if len(labels) < len(outputs) or not equal_sizes(labels[-1:], outputs[-1:]):
        raise ShapeError(
            f"`categorical_accuracy` expects one-hot labels of shape {outputs}, like y_pred. Received: y_true of shape "
            f"{labels}. For integer labels, use `sparse_categorical_accuracy`."
        )
    y_true = argmax_last_axis(y_true)
    sizes = ops.shape(y_true)
    if len(sizes) == len(outputs):  # an axis of size 1 between batch and classes, which the result keeps
        matches = _matches("categorical_accuracy", ops.squeeze(y_true, -1), argmax_last_axis(y_pred))
        return ops.reshape(matches, sizes)
    return _matches("categorical_accuracy", y_true, argmax_last_axis(y_pred))


@filtered
def sparse_categorical_accuracy(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns 1 where the class with the largest prediction is the true one, else 0.

    `y_true == argmax(y_pred)`

    Args:
        y_true: Integer class labels, shape (batch, ...) or (batch, ..., 1).
        y_pred: Probabilities or logits of the classes, shape (batch, ..., classes).

    Raises:
        ShapeError: If there is not one label per example.

    Source: https://keras.io/api/metrics/accuracy_metrics/#sparsecategoricalaccuracy-class

    Example:
        >>> sparse_categorical_accuracy([1, 0], [[0.4, 0.6], [0.2, 0.8]])
        array([1., 0.], dtype=float32)
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    labels, outputs = ops.shape(y_true), ops.shape(y_pred)
    squeezed = len(labels) == len(outputs) and labels[-1:] == (1,)
    if squeezed:
        y_true = ops.squeeze(y_true, -1)
    if len(ops.shape(y_true)) >= len(outputs):
        raise ShapeError(
            f"`sparse_categorical_accuracy` expects one class index per example: for y_pred of shape {outputs}, "
            f"y_true of shape {outputs[:-1]}. Received: y_true of shape {labels}. "
            "One-hot labels go with `categorical_accuracy`."
        )
    matches = _matches("sparse_categorical_accuracy", y_true, argmax_last_axis(y_pred))
    if not squeezed and len(ops.shape(matches)) > 1 and ops.shape(matches)[-1] == 1:
        matches = ops.squeeze(matches, -1)
    return matches


FUNCTIONS = (accuracy, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy)


def _matches(name: str, y_true: object, y_pred: object) -> object:
    check_labels(f"`{name}`", y_true, y_pred)
    return ops.cast(ops.equal(y_true, y_pred), None)


class Accuracy(FunctionMetric):
    """Accuracy: the fraction of predicted labels that equal the true ones.

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/accuracy_metrics/#accuracy-class

    Example:
        >>> print(Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]))
        0.75
    """

    _direction = "up"

    def __init__(self, name: str | None = "accuracy", dtype: DTypeLike | None = None):
        super().__init__(accuracy, name=name, dtype=dtype)


class BinaryAccuracy(FunctionMetric):
    """Binary accuracy: the fraction of thresholded predictions that equal the labels.

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        threshold: Predictions above it mean 1.

    Source: https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class

    Example:
        >>> print(BinaryAccuracy()([1, 1, 0, 0], [0.98, 1.0, 0.0, 0.6]))
        0.75
    """

    _direction = "up"

    def __init__(self, name: str | None = "binary_accuracy", dtype: DTypeLike | None = None, threshold: float = 0.5):
        super().__init__(binary_accuracy, name=name, dtype=dtype, threshold=threshold)
        self.threshold = threshold


class CategoricalAccuracy(FunctionMetric):
    """Categorical accuracy: the fraction of examples whose largest prediction is the true class; one-hot labels.

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/accuracy_metrics/#categoricalaccuracy-class

    Example:
        >>> print(CategoricalAccuracy()([[0, 1], [1, 0]], [[0.4, 0.6], [0.2, 0.8]]))
        0.5
    """

    _direction = "up"

    def __init__(self, name: str | None = "categorical_accuracy", dtype: DTypeLike | None = None):
        super().__init__(categorical_accuracy, name=name, dtype=dtype)


class SparseCategoricalAccuracy(FunctionMetric):
    """Sparse categorical accuracy: the fraction of examples whose largest prediction is the true class; integer labels.

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/accuracy_metrics/#sparsecategoricalaccuracy-class

    Example:
        >>> print(SparseCategoricalAccuracy()([1, 0], [[0.4, 0.6], [0.2, 0.8]]))
        0.5
    """

    _direction = "up"

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: DTypeLike | None = None):
        super().__init__(sparse_categorical_accuracy, name=name, dtype=dtype)
