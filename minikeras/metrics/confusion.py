"""Metrics of the binary confusion matrix: counts of true and false positives and negatives, precision, recall."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..engine.phases import in_phase
from ..typing import DTypeLike, Tensor, TensorLike
from .counts import LOWEST, Counter, checked_count, prepare, spaced_evenly, standardize_thresholds
from .metric import Metric


class CountingMetric(Metric):
    """A metric whose state consists of counts at thresholds, each in a separate variable.

    Args:
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.
    """

    _counted: Sequence[str]

    def _count_at(self, thresholds: list[float], evenly: bool) -> None:
        """Sets the thresholds."""
        self.thresholds = thresholds
        self._counter = Counter(thresholds, evenly)

    def _add_counts(self, shape: tuple) -> None:
        """Adds the variables."""
        for name in self._counted:
            setattr(self, name, self.add_variable(shape, "zeros", name=name))

    def _add_batch(self, data: tuple, by_label: bool = False, names: Sequence[str] | None = None) -> None:
        """Adds the counts of a batch, as `prepare` returns it, to the variables."""
        counts = self._counter.count(names or self._counted, *data, by_label)
        for name, count in zip(self._counted, counts, strict=True):
            getattr(self, name).assign_add(count)

    def _share(self, part: str, rest: str) -> object:
        """Returns the first count divided by the sum of both; 0 if that is 0."""
        part, rest = getattr(self, part), getattr(self, rest)
        return ops.divide_no_nan(part, ops.add(part, rest))

    def _of_thresholds(self, values: object) -> object:
        return ops.get_item(values, 0) if len(self.thresholds) == 1 else ops.convert_to_tensor(values)


class _ConditionCount(CountingMetric):
    """The number of predictions in one cell of the confusion matrix."""

    _counted = ("accumulator",)
    _condition: str

    def __init__(
        self, thresholds: float | Sequence[float] | None = None, name: str | None = None, dtype: DTypeLike | None = None
    ):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        thresholds = standardize_thresholds(thresholds)
        self._count_at(thresholds, spaced_evenly(thresholds))
        self._add_counts((len(thresholds),))

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels of any shape; what is not 0 counts as 1.
            y_pred: Predictions of the same shape.
            sample_weight: Weights that broadcast with them; ones by default.

        Raises:
            ShapeError: If the shapes do not fit together.
        """
        self._add_batch(prepare(self, y_true, y_pred, sample_weight), names=[self._condition])

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the count so far; one per threshold if there are several."""
        return self._of_thresholds(self.accumulator)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


class FalsePositives(_ConditionCount):
    """Number of false positives.

    Args:
        thresholds: Predictions above it are positive: one threshold in [0, 1], or several, each with its own
            result; 0.5 by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If a threshold is not in [0, 1].

    Source: https://keras.io/api/metrics/classification_metrics/#falsepositives-class

    Example:
        >>> print(FalsePositives()([0, 1, 0, 0], [0.0, 0.0, 0.9, 0.8]))
        2.0
    """

    _condition = "false_positives"


class FalseNegatives(_ConditionCount):
    """Number of false negatives.

    Args:
        thresholds: Predictions above it are positive: one threshold in [0, 1], or several, each with its own
            result; 0.5 by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If a threshold is not in [0, 1].

    Source: https://keras.io/api/metrics/classification_metrics/#falsenegatives-class

    Example:
        >>> print(FalseNegatives()([0, 1, 1, 1], [0.0, 0.9, 0.1, 0.2]))
        2.0
    """

    _condition = "false_negatives"


class TrueNegatives(_ConditionCount):
    """Number of true negatives.

    Args:
        thresholds: Predictions above it are positive: one threshold in [0, 1], or several, each with its own
            result; 0.5 by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If a threshold is not in [0, 1].

    Source: https://keras.io/api/metrics/classification_metrics/#truenegatives-class

    Example:
        >>> print(TrueNegatives()([0, 1, 0, 0], [0.9, 0.8, 0.1, 0.0]))
        2.0
    """

    _condition = "true_negatives"


class TruePositives(_ConditionCount):
    """Number of true positives.

    Args:
        thresholds: Predictions above it are positive: one threshold in [0, 1], or several, each with its own
            result; 0.5 by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If a threshold is not in [0, 1].

    Source: https://keras.io/api/metrics/classification_metrics/#truepositives-class

    Example:
        >>> print(TruePositives()([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.7]))
        2.0
    """

    _condition = "true_positives"


class _ShareOfPositives(CountingMetric):
    """True positives divided by true positives plus one kind of error: precision or recall."""

    _direction = "up"

    def __init__(
        self,
        thresholds: float | Sequence[float] | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.top_k = None if top_k is None else checked_count("top_k", top_k)
        self.class_id = class_id
        thresholds = standardize_thresholds(thresholds, default=0.5 if top_k is None else LOWEST)
        self._count_at(thresholds, spaced_evenly(thresholds))
        self._add_counts((len(thresholds),))

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels of any shape; what is not 0 counts as 1.
            y_pred: Predictions of the same shape.
            sample_weight: Weights that broadcast with them; ones by default.

        Raises:
            ShapeError: If the shapes do not fit together.
            ArgumentError: If there is no class `class_id`.
        """
        data = prepare(self, y_true, y_pred, sample_weight, top_k=self.top_k, class_id=self.class_id)
        self._add_batch(data)

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the ratio so far; one per threshold if there are several."""
        return self._of_thresholds(self._share(*self._counted))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return {**super().get_config(), **own}


class Precision(_ShareOfPositives):
    """Precision: the fraction of positive predictions that are correct.

    `true positives / (true positives + false positives)`

    Args:
        thresholds: Predictions above it are positive: one threshold in [0, 1], or several, each with its own
            result; 0.5 by default.
        top_k: Only the `top_k` largest predictions of an example can be positive; without thresholds all of them are.
        class_id: The class, along the last axis, whose predictions are counted; all by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If a threshold is not in [0, 1], or `top_k` is less than 1.

    Source: https://keras.io/api/metrics/classification_metrics/#precision-class

    Example:
        >>> print(Precision()([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.7]))
        0.6666667
    """

    _counted = ("true_positives", "false_positives")


class Recall(_ShareOfPositives):
    """Recall: the fraction of positive examples that are predicted as such.

    `true positives / (true positives + false negatives)`

    Args:
        thresholds: Predictions above it are positive: one threshold in [0, 1], or several, each with its own
            result; 0.5 by default.
        top_k: Only the `top_k` largest predictions of an example can be positive; without thresholds all of them are.
        class_id: The class, along the last axis, whose predictions are counted; all by default.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If a threshold is not in [0, 1], or `top_k` is less than 1.

    Source: https://keras.io/api/metrics/classification_metrics/#recall-class

    Example:
        >>> print(Recall()([0, 1, 1, 1], [0.9, 0.1, 0.8, 0.7]))
        0.6666667
    """

    _counted = ("true_positives", "false_negatives")
