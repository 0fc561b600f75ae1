"""The best value of one rate at which another is at least a given value."""

from typing import Any

from .. import ops
from ..argument_checks import check_number
from ..typing import DTypeLike, Tensor, TensorLike
from .confusion import CountingMetric
from .counts import COUNTS, checked_count, prepare

_RATES = {
    "precision": ("true_positives", "false_positives"),
    "recall": ("true_positives", "false_negatives"),
    "sensitivity": ("true_positives", "false_negatives"),
    "specificity": ("true_negatives", "false_positives"),
}


class _TradeOff(CountingMetric):
    """The largest value of one rate over all thresholds at which another is large enough."""

    _direction = "up"
    _counted = COUNTS
    _given: str
    _sought: str

    def __init__(
        self,
        value: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        check_number(type(self).__name__, self._given, value, minimum=0, maximum=1)
        self.num_thresholds = checked_count("num_thresholds", num_thresholds)
        self.value = value
        self.class_id = class_id
        steps = self.num_thresholds - 1
        self._count_at([index / steps for index in range(steps + 1)] if steps else [0.5], evenly=steps > 0)
        self._add_counts((self.num_thresholds,))

    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels of any shape; what is not 0 counts as 1.
            y_pred: Probabilities, of the same shape.
            sample_weight: Weights that broadcast with them; ones by default.

        Raises:
            ShapeError: If the shapes do not fit together.
            ArgumentError: If there is no class `class_id`.
        """
        self._add_batch(prepare(self, y_true, y_pred, sample_weight, class_id=self.class_id))

    def result(self) -> Tensor:
        """Returns the largest value so far; 0 if the other rate is too small at every threshold."""
        enough = ops.greater_equal(self._share(*_RATES[self._given]), self.value)
        return ops.max(ops.where(enough, self._share(*_RATES[self._sought]), 0.0), initial=0)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        own = {"class_id": self.class_id, "num_thresholds": self.num_thresholds, self._given: self.value}
        return {**super().get_config(), **own}


class SensitivityAtSpecificity(_TradeOff):
    """The best sensitivity at which the specificity is at least a given value.

    `sensitivity = true positives / (true positives + false negatives)`,
    `specificity = true negatives / (true negatives + false positives)`

    Args:
        specificity: The least specificity, in [0, 1].
        num_thresholds: Number of thresholds in [0, 1] to consider.
        class_id: The class, along the last axis, whose predictions are counted; all by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If the specificity is not in [0, 1], or there is no threshold.

    Source: https://keras.io/api/metrics/classification_metrics/#sensitivityatspecificity-class

    Example:
        >>> print(SensitivityAtSpecificity(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]))
        0.5
    """

    _given, _sought = "specificity", "sensitivity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(specificity, num_thresholds, class_id, name, dtype)
        self.specificity = specificity


class SpecificityAtSensitivity(_TradeOff):
    """The best specificity at which the sensitivity is at least a given value.

    `sensitivity = true positives / (true positives + false negatives)`,
    `specificity = true negatives / (true negatives + false positives)`

    Args:
        sensitivity: The least sensitivity, in [0, 1].
        num_thresholds: Number of thresholds in [0, 1] to consider.
        class_id: The class, along the last axis, whose predictions are counted; all by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If the sensitivity is not in [0, 1], or there is no threshold.

    Source: https://keras.io/api/metrics/classification_metrics/#specificityatsensitivity-class

    Example:
        >>> print(SpecificityAtSensitivity(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]))
        0.6666667
    """

    _given, _sought = "sensitivity", "specificity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)
        self.sensitivity = sensitivity


class PrecisionAtRecall(_TradeOff):
    """The best precision at which the recall is at least a given value.

    `precision = true positives / (true positives + false positives)`,
    `recall = true positives / (true positives + false negatives)`

    Args:
        recall: The least recall, in [0, 1].
        num_thresholds: Number of thresholds in [0, 1] to consider.
        class_id: The class, along the last axis, whose predictions are counted; all by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If the recall is not in [0, 1], or there is no threshold.

    Source: https://keras.io/api/metrics/classification_metrics/#precisionatrecall-class

    Example:
        >>> print(PrecisionAtRecall(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]))
        0.5
    """

    _given, _sought = "recall", "precision"

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(recall, num_thresholds, class_id, name, dtype)
        self.recall = recall


class RecallAtPrecision(_TradeOff):
    """The best recall at which the precision is at least a given value.

    `precision = true positives / (true positives + false positives)`,
    `recall = true positives / (true positives + false negatives)`

    Args:
        precision: The least precision, in [0, 1].
        num_thresholds: Number of thresholds in [0, 1] to consider.
        class_id: The class, along the last axis, whose predictions are counted; all by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If the precision is not in [0, 1], or there is no threshold.

    Source: https://keras.io/api/metrics/classification_metrics/#recallatprecision-class

    Example:
        >>> print(RecallAtPrecision(0.8)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9]))
        0.5
    """

    _given, _sought = "precision", "recall"

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(precision, num_thresholds, class_id, name, dtype)
        self.precision = precision
