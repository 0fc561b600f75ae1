"""Top-k accuracy: functions and metrics."""

from typing import Any

from .. import ops
from ..errors import ShapeError
from ..tracebacks import filtered
from ..typing import DTypeLike, Tensor, TensorLike
from .counts import checked_count
from .reduction import FunctionMetric


@filtered
def top_k_categorical_accuracy(y_true: TensorLike, y_pred: TensorLike, k: int = 5) -> Tensor:
    """Returns 1 where the true class is among the `k` largest predictions, else 0.

    Args:
        y_true: One-hot labels, shape (batch, ..., classes).
        y_pred: Probabilities or logits of the classes, of the same shape.
        k: Number of largest predictions to consider.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class

    Example:
        >>> top_k_categorical_accuracy([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.0, 0.1]], k=2)
        array([1., 0.], dtype=float32)
    """
    y_pred = ops.convert_to_tensor(y_pred)
    _check("top_k_categorical_accuracy", ops.shape(y_true), ops.shape(y_pred), ops.shape(y_pred))
    return _in_top_k(ops.argmax(y_true, axis=-1), y_pred, k)


@filtered
def sparse_top_k_categorical_accuracy(
    y_true: TensorLike, y_pred: TensorLike, k: int = 5, from_sorted_ids: bool = False
) -> Tensor:
    """Returns 1 where the true class is among the `k` largest predictions, else 0.

    Args:
        y_true: Integer class labels, shape (batch, ...).
        y_pred: Probabilities or logits of the classes, shape (batch, ..., classes).
        k: Number of largest predictions to consider.
        from_sorted_ids: Whether the predictions are class indices instead, from the most to the least likely.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/metrics/accuracy_metrics/#sparsetopkcategoricalaccuracy-class

    Example:
        >>> sparse_top_k_categorical_accuracy([2, 1], [[0.1, 0.9, 0.8], [0.05, 0.0, 0.1]], k=2)
        array([1., 0.], dtype=float32)
        >>> sparse_top_k_categorical_accuracy([2, 1], [[1, 0, 3], [1, 2, 0]], k=2, from_sorted_ids=True)
        array([0., 1.], dtype=float32)
    """
    y_pred, labels = ops.convert_to_tensor(y_pred), ops.shape(y_true)
    if labels[-1:] == (1,) and len(labels) == len(ops.shape(y_pred)):
        expected = (*ops.shape(y_pred)[:-1], 1)
    else:
        expected = ops.shape(y_pred)[:-1]
    _check("sparse_top_k_categorical_accuracy", labels, expected, ops.shape(y_pred))
    if not from_sorted_ids:
        return _in_top_k(ops.cast(y_true, "int32"), y_pred, k)
    y_true = ops.reshape(ops.convert_to_tensor(y_true, y_pred.dtype), (*ops.shape(y_pred)[:-1], 1))
    matches = ops.any(ops.equal(y_true, y_pred[..., :k]), axis=-1)
    return ops.reshape(ops.cast(matches, None), labels)


FUNCTIONS = (sparse_top_k_categorical_accuracy, top_k_categorical_accuracy)


def _check(name: str, labels: tuple, expected: tuple, outputs: tuple) -> None:
    if labels != expected or not expected:
        raise ShapeError(
            f"`{name}` expects labels of shape {expected} for predictions of shape {outputs}. "
            f"Received: y_true of shape {labels}"
        )


def _in_top_k(numbers: object, y_pred: object, k: int) -> object:
    rows = ops.reshape(y_pred, (-1, ops.shape(y_pred)[-1]))
    matches = ops.in_top_k(ops.ravel(numbers), rows, k=k)
    return ops.reshape(ops.cast(matches, None), ops.shape(numbers))


class TopKCategoricalAccuracy(FunctionMetric):
    """Top-k accuracy: how often the true class is among the `k` largest predictions; one-hot labels.

    Args:
        k: Number of largest predictions to consider.
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If `k` is less than 1.

    Source: https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class

    Example:
        >>> print(TopKCategoricalAccuracy(k=1)([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]]))
        0.5
    """

    _direction = "up"

    def __init__(self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: DTypeLike | None = None):
        super().__init__(top_k_categorical_accuracy, name=name, dtype=dtype, k=checked_count("k", k))
        self.k = k


class SparseTopKCategoricalAccuracy(FunctionMetric):
    """Top-k accuracy: how often the true class is among the `k` largest predictions; integer labels.

    Args:
        k: Number of largest predictions to consider.
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        from_sorted_ids: Whether the predictions are class indices instead, from the most to the least likely.

    Raises:
        ArgumentError: If `k` is less than 1.

    Source: https://keras.io/api/metrics/accuracy_metrics/#sparsetopkcategoricalaccuracy-class

    Example:
        >>> print(SparseTopKCategoricalAccuracy(k=1)([2, 1], [[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]]))
        0.5
    """

    _direction = "up"

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: DTypeLike | None = None,
        from_sorted_ids: bool = False,
    ):
        super().__init__(
            sparse_top_k_categorical_accuracy,
            name=name,
            dtype=dtype,
            k=checked_count("k", k),
            from_sorted_ids=from_sorted_ids,
        )
        self.k = k
        self.from_sorted_ids = from_sorted_ids

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        config = super().get_config()
        if not self.from_sorted_ids:
            del config["from_sorted_ids"]  # as Keras, which knows it only since a later version
        return config
