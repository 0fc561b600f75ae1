"""The area under the ROC or precision-recall curve."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import config, ops
from ..engine.dtypes import is_real
from ..engine.phases import in_phase
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, StateError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .confusion import CountingMetric
from .counts import COUNTS, checked_count, prepare, spaced_evenly

_CURVES = ("ROC", "PR", "PRGAIN")
_METHODS = ("interpolation", "majoring", "minoring")


class AUC(CountingMetric):
    """Area under the ROC or precision-recall curve, approximated at many thresholds.

    ROC: `y = true positives / (true positives + false negatives)` over
    `x = false positives / (false positives + true negatives)`.
    PR: `y = true positives / (true positives + false positives)` over the recall, which is the `y` of ROC.
    PRGAIN: precision gain over recall gain, which are `1 - (positives / negatives) * (mistakes / true positives)`.

    Args:
        num_thresholds: Number of thresholds in [0, 1] that discretize the curve.
        curve: "ROC", "PR" or "PRGAIN".
        summation_method: "interpolation": trapezoidal rule; for PR, the counts and not the precision are
            interpolated linearly. "minoring", "majoring": Riemann sums from below or above.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.
        thresholds: Thresholds in [0, 1] to use instead; one just below 0 and one just above 1 are added.
        multi_label: Whether labels and predictions have shape (batch, labels), each label with a curve of its own,
            and the result is the mean of the areas. Else all elements belong to one curve.
        num_labels: The number of labels, with `multi_label`; inferred from the first batch by default.
        label_weights: Weight of each label: in the mean of the areas with `multi_label`, else in the counts.
        from_logits: Whether the predictions are logits, to which a sigmoid is applied.

    Raises:
        ArgumentError: If an argument has a value that is not possible.

    Source: https://keras.io/api/metrics/classification_metrics/#auc-class; Davis and Goadrich, "The relationship
        between precision-recall and ROC curves", 2006; Flach and Kull, "Precision-recall-gain curves", 2015.

    Example:
        >>> metric = AUC(num_thresholds=3)
        >>> metric.update_state([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
        >>> print(metric.result())
        0.75
    """

    _direction = "up"
    _counted = COUNTS

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: DTypeLike | None = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ):
        if num_labels and not multi_label:
            raise ArgumentError(
                f"`num_labels` is needed only when `multi_label` is True. Received: num_labels={brief(num_labels)}"
            )
        self.curve = _chosen("curve", curve, _CURVES, str.lower)
        self.summation_method = _chosen("summation_method", summation_method, _METHODS, str.title)
        inner, evenly = _thresholds(num_thresholds, thresholds)
        super().__init__(name=name, dtype=dtype)
        epsilon = config.epsilon()
        self._count_at([-epsilon, *inner, 1 + epsilon], evenly)
        self.num_thresholds = len(self.thresholds)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else _numbers(label_weights).astype(self.dtype)
        self._has_own_thresholds = thresholds is not None
        self._from_logits = from_logits
        self._labels: int | None = None
        if not multi_label:
            self._add_counts((self.num_thresholds,))
        elif num_labels:
            self._add_labels(checked_count("num_labels", num_labels))

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels of any shape; with `multi_label`, (batch, labels). What is not 0 counts as 1.
            y_pred: Probabilities, or logits, of the same shape.
            sample_weight: Weights that broadcast with them; ones by default.

        Raises:
            ShapeError: If the shapes do not fit together.
        """
        y_pred = ops.convert_to_tensor(y_pred)
        if self.multi_label:
            self._check_labels(ops.shape(y_pred))
        if self._from_logits:
            y_pred = ops.sigmoid(y_pred)
        label_weights = None if self.multi_label else self.label_weights
        self._add_batch(prepare(self, y_true, y_pred, sample_weight, label_weights), by_label=self.multi_label)

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the area so far."""
        if self.multi_label and self._labels is None:
            raise StateError(
                f"Metric '{self.name}' does not know the number of labels before its first batch. Give `num_labels`."
            )
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self.interpolate_pr_auc()
        x, y = self._curve_points()
        return self._total((x[:-1] - x[1:]) * self._heights(y))

    def interpolate_pr_auc(self) -> Tensor:
        """Returns the area under the PR curve if between thresholds true positives grow in proportion to all positives.

        With `tp = a + b p` for p positives from p1 to p0, the integral of `tp / p` over `tp` is
        `b (tp0 - tp1 + a ln(p0 / p1))`, which is then divided by the number of true labels.

        Source: Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006.
        """
        hits = ops.convert_to_tensor(self.true_positives)
        called = hits + self.false_positives
        gained, wider = hits[:-1] - hits[1:], called[:-1] - called[1:]
        slope = ops.divide_no_nan(gained, ops.maximum(wider, 0.0))
        start = hits[1:] - slope * called[1:]
        both = ops.logical_and(called[:-1] > 0, called[1:] > 0)
        ratio = ops.where(both, ops.divide_no_nan(called[:-1], ops.maximum(called[1:], 0.0)), 1.0)
        labels = hits[1:] + self.false_negatives[1:]
        areas = ops.divide_no_nan(slope * (gained + start * ops.log(ratio)), ops.maximum(labels, 0.0))
        return self._total(areas)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        own = {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": None if self.label_weights is None else self.label_weights.tolist(),
            "from_logits": self._from_logits,
        }
        if self._has_own_thresholds:
            own["thresholds"] = self.thresholds[1:-1]
        return {**super().get_config(), **own}

    def _check_labels(self, sizes: tuple) -> None:
        if len(sizes) != 2:
            raise ShapeError(
                f"Metric '{self.name}': `y_pred` must have rank 2 when `multi_label` is True. Received: shape {sizes}"
            )
        if self._labels is None:
            self._add_labels(sizes[1])
        if sizes[1] != self._labels:
            raise ShapeError(
                f"Metric '{self.name}': expected predictions of {self._labels} labels. "
                f"Received: y_pred of shape {sizes}"
            )

    def _add_labels(self, labels: int) -> None:
        if self.label_weights is not None and self.label_weights.shape not in ((), (1,), (labels,)):
            raise ShapeError(
                f"Metric '{self.name}': expected one weight for each of {labels} labels. "
                f"Received: label_weights of shape {self.label_weights.shape}"
            )
        self._labels = labels
        self._add_counts((self.num_thresholds, labels))

    def _curve_points(self) -> tuple:
        recall = self._share("true_positives", "false_negatives")
        if self.curve == "ROC":
            return self._share("false_positives", "true_negatives"), recall
        if self.curve == "PR":
            return recall, self._share("true_positives", "false_positives")
        hits = self.true_positives
        positives, negatives = hits + self.false_negatives, self.true_negatives + self.false_positives
        odds, nothing = ops.divide_no_nan(positives, negatives), ops.equal(hits, 0.0)
        recall_gain = 1.0 - odds * ops.divide_no_nan(self.false_negatives, hits)
        precision_gain = 1.0 - odds * ops.divide_no_nan(self.false_positives, hits)
        x = ops.maximum(ops.where(nothing, 0.0, recall_gain), 0.0)
        return x, ops.where(nothing, 1.0, precision_gain)

    def _heights(self, y: object) -> object:
        if self.summation_method == "interpolation":
            return (y[:-1] + y[1:]) / 2.0
        return (ops.minimum if self.summation_method == "minoring" else ops.maximum)(y[:-1], y[1:])

    def _total(self, areas: object) -> object:
        areas = ops.sum(areas, axis=0)
        if not self.multi_label:
            return areas
        if self.label_weights is None:
            return ops.mean(areas)
        return ops.divide_no_nan(ops.sum(areas * self.label_weights), ops.sum(self.label_weights))


def _chosen(argument: str, given: object, known: tuple, also: object) -> str:
    """Returns the canonical name of a choice; each has one other spelling."""
    found = [name for name in known if given in (name, also(name))]
    if not found:
        raise ArgumentError(f"Invalid `{argument}`: expected one of {list(known)}. Received: {argument}={brief(given)}")
    return found[0]


def _numbers(label_weights: object) -> np.ndarray:
    if isinstance(label_weights, dict):  # a tensor in a config that Keras wrote
        label_weights = label_weights.get("config", {}).get("value")
    numbers = np.asarray(label_weights)
    if not is_real(numbers.dtype) or numbers.dtype == bool:
        raise ArgumentTypeError(f"`label_weights` must be numbers. Received: label_weights={brief(label_weights)}")
    return numbers


def _thresholds(number: int, given: Sequence[float] | None) -> tuple[list[float], bool]:
    """Returns the thresholds between the first and the last, and whether all are spaced evenly."""
    if given is None:
        steps = checked_count("num_thresholds", number, minimum=2) - 1
        return [index / steps for index in range(1, steps)], True
    inner = sorted(float(each) for each in given)
    if any(not 0 <= each <= 1 for each in inner):
        raise ArgumentError(f"Threshold values must be in [0, 1]. Received: thresholds={brief(given)}")
    return inner, spaced_evenly([0.0, *inner, 1.0])
