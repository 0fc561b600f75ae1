"""The coefficient of determination."""

from typing import Any

from .. import ops
from ..engine.phases import in_phase
from ..engine.trace import current_trace
from ..errors import ArgumentError, ShapeError, StateError, brief, warn_user
from ..losses.reduction import check_fit, squeeze_or_expand_to_same_rank
from ..typing import DTypeLike, Tensor, TensorLike
from .counts import checked_count
from .metric import Metric

_AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """R2 score, the coefficient of determination: 1 for perfect predictions, 0 for always predicting the mean.

    `1 - sum (y_true - y_pred)^2 / sum (y_true - mean(y_true))^2`

    Args:
        class_aggregation: None: one score per column. "uniform_average": their mean. "variance_weighted_average":
            their mean, weighted by the variance of the labels.
        num_regressors: For a number p above 0 the score is adjusted to `1 - (1 - R2) (n - 1) / (n - p - 1)`, n being
            the number of labels.
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        ArgumentError: If an argument has a value that is not possible.

    Source: https://keras.io/api/metrics/regression_metrics/#r2score-class

    Example:
        >>> metric = R2Score()
        >>> metric.update_state([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]])
        >>> print(metric.result())
        0.57142854
    """

    _direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        if class_aggregation not in _AGGREGATIONS:
            raise ArgumentError(
                f"Invalid `class_aggregation`: expected one of {_AGGREGATIONS}. "
                f"Received: class_aggregation={brief(class_aggregation)}"
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = checked_count("num_regressors", num_regressors, minimum=0)
        self.num_samples = self.add_variable((), "zeros", name="num_samples")
        self._columns: int | None = None

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels, shape (batch, columns) or (batch,).
            y_pred: Predictions, shape (batch, columns); (batch,) goes with labels of shape (batch, 1).
            sample_weight: Weights that broadcast with the labels, or one per example; ones by default.

        Raises:
            ShapeError: If the shapes do not fit together.
        """
        y_true, y_pred = ops.convert_to_tensor(y_true, self.dtype), ops.convert_to_tensor(y_pred, self.dtype)
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        sizes = ops.shape(y_true)
        self._check_shapes(sizes, ops.shape(y_pred))
        weights = ops.ones(sizes, self.dtype) if sample_weight is None else self._weights(sample_weight, y_true)
        weighted = y_true if sample_weight is None else ops.multiply(y_true, weights)
        errors = ops.square(ops.subtract(y_true, y_pred))
        self.sum.assign_add(ops.sum(weighted, axis=0))
        self.squared_sum.assign_add(ops.sum(ops.multiply(y_true, weighted), axis=0))
        self.total_mse.assign_add(ops.sum(errors if sample_weight is None else ops.multiply(errors, weights), axis=0))
        self.count.assign_add(ops.sum(weights, axis=0))
        self.num_samples.assign_add(float(sizes[0] * sizes[1]))

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the score so far; one per column if there is no aggregation."""
        if self._columns is None:
            raise StateError(f"Metric '{self.name}' does not know the number of columns before its first batch.")
        variance = ops.subtract(self.squared_sum, ops.multiply(self.sum, ops.divide(self.sum, self.count)))
        scores = ops.subtract(1, ops.divide(self.total_mse, variance))
        scores = ops.where(ops.isinf(scores), 0.0, scores)  # constant labels
        if self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = ops.divide(ops.sum(ops.multiply(variance, scores)), ops.sum(variance))
        return self._adjusted(scores) if self.num_regressors else scores

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return {**super().get_config(), **own}

    def _check_shapes(self, labels: tuple, outputs: tuple) -> None:
        if len(outputs) != 2 or labels != outputs or outputs[1] != (self._columns or outputs[1]):
            columns = "columns" if self._columns is None else self._columns
            raise ShapeError(
                f"Metric '{self.name}': expected labels and predictions of shape (batch, {columns}). "
                f"Received: y_true of shape {labels}, y_pred of shape {outputs}"
            )
        if self._columns is None:
            self._columns = outputs[1]
            for attribute, name in _STATE.items():
                setattr(self, attribute, self.add_variable((self._columns,), "zeros", name=name))

    def _weights(self, sample_weight: object, y_true: object) -> object:
        weights, sizes = ops.convert_to_tensor(sample_weight, self.dtype), ops.shape(y_true)
        weights = ops.expand_dims(weights, 1) if len(ops.shape(weights)) == 1 else weights
        if check_fit(f"Metric '{self.name}'", weights, y_true, "sample weights", "labels") != sizes:
            raise ShapeError(
                f"Metric '{self.name}': expected sample weights that broadcast to {sizes}. "
                f"Received: sample weights of shape {ops.shape(weights)}"
            )
        return ops.broadcast_to(weights, sizes)

    def _adjusted(self, scores: object) -> object:
        """Returns the score for the number of regressors, or unchanged where there are too few labels."""
        free = self.num_samples - float(self.num_regressors) - 1.0
        if current_trace() is None and not free > 0:
            warn_user(
                f"Metric '{self.name}': an adjusted score needs more than num_regressors + 1 = "
                f"{self.num_regressors + 1} labels, but there are {float(self.num_samples):.0f}. "
                "The score is returned without the adjustment.",
                UserWarning,
            )
        adjusted = ops.subtract(1.0, ops.divide((1.0 - scores) * (self.num_samples - 1.0), free))
        return ops.where(free > 0, adjusted, scores)


_STATE = {"squared_sum": "squared_sum", "sum": "sum", "total_mse": "residual", "count": "count"}
