"""Confusion counts at many thresholds, from which a family of metrics is computed.

A prediction is positive at every threshold below it, so its bin among the thresholds is all that matters: one
histogram of the bins, summed cumulatively from both ends, gives the counts at all thresholds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import config, ops
from ..argument_checks import check_int
from ..engine.memory_budget import charge_list
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..losses.reduction import check_fit, squeeze_or_expand_to_same_rank
from ..typing import TensorLike

LOWEST = -1e10  # value of a class outside the `top_k`, and the threshold that all others exceed
COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def standardize_thresholds(thresholds: float | Sequence[float] | None, default: float = 0.5) -> list[float]:
    """Returns one threshold or several as a list.

    Args:
        thresholds: One threshold in [0, 1], or a sequence of them; or None.
        default: The threshold if there is none.

    Raises:
        ArgumentError: If a threshold is not in [0, 1].

    Example:
        >>> standardize_thresholds(0.3), standardize_thresholds(None)
        ([0.3], [0.5])
    """
    if thresholds is None:
        return [default]
    found = list(thresholds) if isinstance(thresholds, (list, tuple, np.ndarray)) else [thresholds]
    if not found:
        raise ArgumentError(f"`thresholds` must name at least one threshold. Received: thresholds={brief(thresholds)}")
    wrong = [each for each in found if isinstance(each, (bool, str)) or not np.isscalar(each) or not 0 <= each <= 1]
    if wrong:
        raise ArgumentError(
            f"Threshold values must be in [0, 1]. Received: {brief(wrong)} in thresholds={brief(thresholds)}"
        )
    return [float(each) for each in found]


def spaced_evenly(thresholds: Sequence[float]) -> bool:
    """Tells whether thresholds are spaced evenly from 0 to 1.

    Example:
        >>> spaced_evenly([0.0, 0.5, 1.0]), spaced_evenly([0.0, 0.6, 1.0]), spaced_evenly([0.0, 1.0])
        (True, False, False)
    """
    if len(thresholds) < 3:
        return False
    return np.allclose(thresholds, np.linspace(0, 1, len(thresholds)), atol=config.epsilon())


class Counter:
    """Counts positives and negatives at given thresholds.

    Args:
        thresholds: The thresholds, in any order.
        evenly: Whether they are spaced evenly from 0 to 1, so that the bin of a prediction can be computed.
    """

    def __init__(self, thresholds: Sequence[float], evenly: bool):
        order = np.argsort(thresholds, kind="stable")
        in_order = np.array_equal(order, np.arange(len(order)))
        self._given_order = None if in_order else np.argsort(order).astype(np.int32)
        self._sorted = np.asarray(thresholds, config.floatx())[order]
        self._evenly = evenly
        # The first threshold may lie a bit below 0: then a prediction of 0 exceeds it, too.
        self._exceeds_first = thresholds[0] < 0

    def count(
        self,
        names: Sequence[str],
        y_true: TensorLike,
        y_pred: TensorLike,
        weights: TensorLike | None = None,
        by_label: bool = False,
    ) -> list:
        """Returns the sums of the weights of each kind.

        Args:
            names: Which of `COUNTS`.
            y_true: Labels; what is not 0 counts as 1.
            y_pred: Predictions, of the same shape.
            weights: Of the same shape; ones by default.
            by_label: Whether each column is counted separately; the values then have shape (batch, labels).

        Returns:
            For each name a value of shape (thresholds,), or (thresholds, labels).
        """
        sizes, bins = ops.shape(y_pred), len(self._sorted) + 1
        labels = sizes[1] if by_label else 1
        indices = self._thresholds_below(y_pred) + ops.cast(ops.cast(y_true, "bool"), "int32") * bins
        if by_label:
            indices = indices + np.arange(0, labels * 2 * bins, 2 * bins, dtype=np.int32)
        weights = np.ones(sizes, np.int32) if weights is None else weights
        sums = ops.segment_sum(ops.ravel(weights), ops.ravel(indices), num_segments=labels * 2 * bins)
        table = ops.reshape(ops.cast(sums, None), (labels, 2, bins))
        return [self._arranged(_summed(table, name), by_label) for name in names]

    def _thresholds_below(self, y_pred: object) -> object:
        """Returns how many thresholds each prediction exceeds; NaN exceeds none."""
        if len(self._sorted) == 1:
            return ops.cast(ops.greater(y_pred, self._sorted), "int32")
        if not self._evenly:
            return ops.searchsorted(self._sorted, ops.where(ops.isnan(y_pred), -np.inf, y_pred))
        number = ops.ceil(ops.clip(y_pred, 0.0, 1.0) * float(len(self._sorted) - 1))
        if self._exceeds_first:
            number = ops.maximum(number, 1.0)
        return ops.cast(ops.where(ops.isnan(number), 0.0, number), "int32")

    def _arranged(self, counts: object, by_label: bool) -> object:
        counts = ops.transpose(counts) if by_label else ops.reshape(counts, (-1,))
        return counts if self._given_order is None else ops.take(counts, self._given_order, axis=0)


def _summed(table: object, name: str) -> object:
    """Returns the counts by (label, threshold) from sums by (label, truth, number of thresholds exceeded)."""
    row = table[:, 1 if name in ("true_positives", "false_negatives") else 0]
    if name.endswith("negatives"):  # they exceed fewer thresholds
        return ops.cumsum(row, axis=1)[:, :-1]
    return ops.cumsum(row[:, ::-1], axis=1)[:, ::-1][:, 1:]


def prepare(
    metric: Any,
    y_true: TensorLike,
    y_pred: TensorLike,
    sample_weight: TensorLike | None = None,
    label_weights: TensorLike | None = None,
    top_k: int | None = None,
    class_id: int | None = None,
) -> tuple:
    """Brings labels, predictions and weights to one shape.

    Args:
        metric: What errors name.
        y_true: Labels of any shape.
        y_pred: Predictions of the same shape; an axis of size 1 more or less does not matter.
        sample_weight: A number, one per example, or one per element; or None.
        label_weights: One per class, or None.
        top_k: Only the `top_k` largest predictions along the last axis can be positive.
        class_id: The only index of the last axis that counts.

    Returns:
        Labels, predictions and weights (or None) of one shape.

    Raises:
        ShapeError: If the shapes do not fit together.
        ArgumentError: If there is no such class.
    """
    y_pred = ops.cast(y_pred, None)
    y_pred, y_true = squeeze_or_expand_to_same_rank(y_pred, ops.convert_to_tensor(y_true))
    sizes = ops.shape(y_pred)
    if ops.shape(y_true) != sizes:
        raise ShapeError(
            f"Metric '{metric.name}': expected labels and predictions of one shape. "
            f"Received: y_true of shape {ops.shape(y_true)}, y_pred of shape {sizes}"
        )
    if top_k is not None:
        y_pred = _largest_only(metric, y_pred, top_k)
    if class_id is not None:
        y_true, y_pred = (_of_class(metric, value, class_id) for value in (y_true, y_pred))
    sizes = ops.shape(y_pred)
    weights = None
    if sample_weight is not None:
        weights = ops.expand_dims(ops.cast(sample_weight, None), -1)
        if len(ops.shape(weights)) == len(sizes) + 1:  # there is one per element
            weights = ops.squeeze(weights, -1)
        weights = _fitted(metric, weights, y_pred, "sample weights")
    if label_weights is not None:
        label_weights = _fitted(metric, ops.expand_dims(label_weights, 0), y_pred, "label weights")
        weights = label_weights if weights is None else weights * label_weights
    return y_true, y_pred, weights


def _largest_only(metric: object, y_pred: object, top_k: int) -> object:
    sizes = ops.shape(y_pred)
    if not sizes or sizes[-1] < top_k:
        raise ShapeError(
            f"Metric '{metric.name}': expected at least top_k={top_k} predictions along the last axis. "
            f"Received: y_pred of shape {sizes}"
        )
    _, indices = ops.top_k(y_pred, top_k)
    return ops.where(ops.any(ops.one_hot(indices, sizes[-1], dtype="bool"), axis=-2), y_pred, LOWEST)


def _of_class(metric: object, value: object, class_id: int) -> object:
    sizes = ops.shape(value)
    if len(sizes) < 2 or not -sizes[-1] <= class_id < sizes[-1]:
        raise ArgumentError(
            f"Metric '{metric.name}': class_id={class_id} needs labels and predictions of shape (batch, ..., classes) "
            f"with that class. Received: shape {sizes}"
        )
    return value[..., class_id % sizes[-1], None]


def _fitted(metric: object, weights: object, y_pred: object, what: str) -> object:
    where, sizes = f"Metric '{metric.name}'", ops.shape(y_pred)
    if check_fit(where, weights, y_pred, what, "predictions") != sizes:
        raise ShapeError(f"{where}: expected {what} that broadcast to {sizes}. Received: shape {ops.shape(weights)}")
    return ops.broadcast_to(weights, sizes)


def checked_count(name: str, value: object, minimum: int = 1) -> int:
    """Returns an integer of at least a minimum.

    Raises:
        ArgumentTypeError: If it is not an integer.
        ArgumentError: If it is too small.

    Example:
        >>> checked_count("top_k", 3)
        3
    """
    count = check_int("", name, value, minimum, error=ArgumentTypeError)
    charge_list(count, f"`{name}={count}`")  # counts become lists of numbers
    return count
