"""F-scores: means of precision and recall."""

from typing import Any

from .. import config, ops
from ..engine.phases import in_phase
from ..errors import ArgumentError, ShapeError, StateError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .metric import Metric

_AVERAGES = (None, "micro", "macro", "weighted")
_COUNTS = ("true_positives", "false_positives", "false_negatives", "intermediate_weights")
_ZERO = 1e-9  # smaller predictions are never the predicted class


class FBetaScore(Metric):
    """F-beta score: the weighted harmonic mean of precision and recall.

    `(1 + beta^2) precision recall / (beta^2 precision + recall)`

    Args:
        average: None: one score per class. "macro": their mean. "weighted": their mean, weighted by the number of
            labels of each class. "micro": one score from the counts of all classes.
        beta: Weight of recall relative to precision, a Python float above 0.
        threshold: Predictions above it, a Python float in (0, 1], are positive; the largest per example by default.
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If an argument has a value that is not possible.

    Source: https://keras.io/api/metrics/classification_metrics/#fbetascore-class

    Example:
        >>> metric = FBetaScore(beta=2.0, threshold=0.5)
        >>> metric.update_state([[1, 1], [1, 0], [1, 1]], [[0.2, 0.6], [0.7, 0.6], [0.6, 0.8]])
        >>> print(metric.result())
        [0.71428573 0.90909094]
    """

    _direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        if average not in _AVERAGES:
            raise ArgumentError(f"Invalid `average`: expected one of {_AVERAGES}. Received: average={brief(average)}")
        if not isinstance(beta, float) or beta <= 0:
            raise ArgumentError(f"Invalid `beta`: expected a Python float above 0. Received: beta={brief(beta)}")
        if threshold is not None and (not isinstance(threshold, float) or not 0 < threshold <= 1):
            raise ArgumentError(
                f"Invalid `threshold`: expected a Python float in (0, 1]. Received: threshold={brief(threshold)}"
            )
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self.axis = None if average == "micro" else 0  # what is added up: all, or the examples
        self._classes: int | None = None

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels 0 and 1, shape (batch, classes).
            y_pred: Predictions, of the same shape.
            sample_weight: One weight per example; ones by default.

        Raises:
            ShapeError: If the shapes differ from that.
        """
        y_true, y_pred = ops.convert_to_tensor(y_true, self.dtype), ops.convert_to_tensor(y_pred, self.dtype)
        self._check_shapes(ops.shape(y_true), ops.shape(y_pred))
        weights = None if sample_weight is None else self._weights(sample_weight, ops.shape(y_pred)[0])
        chosen = ops.cast(self._chosen(y_pred), self.dtype)
        batch = (chosen * y_true, chosen * (1 - y_true), (1 - chosen) * y_true, y_true)
        for name, values in zip(_COUNTS, batch, strict=True):
            values = values if weights is None else values * weights
            getattr(self, name).assign_add(ops.sum(values, axis=self.axis))

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the score so far; one per class if there is no average."""
        if self._classes is None:
            raise StateError(f"Metric '{self.name}' does not know the number of classes before its first batch.")
        hits, epsilon = self.true_positives, config.epsilon()
        precision = hits / (hits + self.false_positives + epsilon)
        recall = hits / (hits + self.false_negatives + epsilon)
        mean = ops.divide(ops.multiply(precision, recall), self.beta**2 * precision + recall + epsilon)
        score = ops.multiply(mean, 1 + self.beta**2)
        if self.average == "weighted":
            weights = self.intermediate_weights
            return ops.sum(ops.multiply(score, ops.divide(weights, ops.sum(weights) + epsilon)))
        return score if self.average is None else ops.mean(score)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return {**super().get_config(), "average": self.average, "beta": self.beta, "threshold": self.threshold}

    def _check_shapes(self, labels: tuple, outputs: tuple) -> None:
        if len(outputs) != 2 or labels != outputs or outputs[1] != (self._classes or outputs[1]):
            classes = "classes" if self._classes is None else self._classes
            raise ShapeError(
                f"Metric '{self.name}': expected labels and predictions of shape (batch, {classes}). "
                f"Received: y_true of shape {labels}, y_pred of shape {outputs}"
            )
        if self._classes is None:
            self._classes = outputs[1]
            for name in _COUNTS:
                shape = () if self.average == "micro" else (self._classes,)
                setattr(self, name, self.add_variable(shape, "zeros", self.dtype, name=name))

    def _weights(self, sample_weight: object, batch: int) -> object:
        weights = ops.convert_to_tensor(sample_weight, self.dtype)
        if ops.shape(weights) not in ((batch,), (batch, 1)):
            raise ShapeError(
                f"Metric '{self.name}': expected one sample weight for each of {batch} examples. "
                f"Received: sample weights of shape {ops.shape(weights)}"
            )
        return ops.reshape(weights, (batch, 1))

    def _chosen(self, y_pred: object) -> object:
        if self.threshold is not None:
            return ops.greater(y_pred, self.threshold)
        largest = ops.greater_equal(y_pred, ops.max(y_pred, axis=-1, keepdims=True))
        return ops.logical_and(largest, ops.absolute(y_pred) > _ZERO)


class F1Score(FBetaScore):
    """F1 score: the harmonic mean of precision and recall.

    `2 precision recall / (precision + recall)`

    Args:
        average: None: one score per class. "macro": their mean. "weighted": their mean, weighted by the number of
            labels of each class. "micro": one score from the counts of all classes.
        threshold: Predictions above it, a Python float in (0, 1], are positive; the largest per example by default.
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If an argument has a value that is not possible.

    Source: https://keras.io/api/metrics/classification_metrics/#f1score-class

    Example:
        >>> metric = F1Score(threshold=0.5)
        >>> metric.update_state([[1, 1], [1, 0], [1, 1]], [[0.2, 0.6], [0.7, 0.6], [0.6, 0.8]])
        >>> print(metric.result())
        [0.79999995 0.79999995]
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(average=average, beta=1.0, threshold=threshold, name=name, dtype=dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        config = super().get_config()
        del config["beta"]
        return config
