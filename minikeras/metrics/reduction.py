"""Sums and means of values."""

import math
from collections.abc import Callable
from typing import Any, Self

from .. import ops
from ..engine import tree
from ..engine.immutable_arrays import as_input
from ..engine.masks import get_mask
from ..engine.phases import in_phase
from ..engine.replicas import sharing
from ..errors import ArgumentTypeError, ShapeError, brief
from ..graph.operation import refuse_symbolic
from ..losses.configs import describe, restore_arguments
from ..losses.functions import FUNCTIONS, examples_that_count
from ..losses.loss import Loss
from ..losses.reduction import apply_mask, check_fit, squeeze_or_expand_to_same_rank, warn_of_pairs
from ..ops.common.allreduce import share
from ..serialization.lookup import Lookup
from ..typing import DTypeLike, Tensor, TensorLike
from .metric import Metric


class Sum(Metric):
    """Weighted sum of values.

    `sum_i weight_i value_i`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/reduction_metrics/#sum-class

    Example:
        >>> metric = Sum()
        >>> metric.update_state([1.0, 3.0, 5.0])
        >>> print(metric.result())
        9.0
    """

    def __init__(self, name: str | None = "sum", dtype: DTypeLike | None = None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), "zeros", self.dtype, name="total")

    @in_phase("metrics")
    def update_state(self, values: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Adds values.

        Args:
            values: Values of any shape.
            sample_weight: Weights that broadcast with the values; ones by default.

        Raises:
            ShapeError: If the weights do not fit the values.
        """
        mask, values = get_mask(values), ops.cast(values, self.dtype)
        if sample_weight is not None:
            values, _ = _per_sample(self, values, sample_weight, mask, ops.sum)
        self.total.assign_add(_total(values))

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the sum so far."""
        return self.total.value


class Mean(Metric):
    """Weighted mean of values.

    `sum_i weight_i value_i / sum_i weight_i`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.

    Source: https://keras.io/api/metrics/reduction_metrics/#mean-class

    Example:
        >>> metric = Mean()
        >>> metric.update_state([1.0, 3.0])
        >>> metric.update_state([8.0])
        >>> print(metric.result())
        4.0
    """

    def __init__(self, name: str | None = "mean", dtype: DTypeLike | None = None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), "zeros", self.dtype, name="total")
        self.count = self.add_variable((), "zeros", self.dtype, name="count")

    @in_phase("metrics")
    def update_state(self, values: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with values.

        Args:
            values: Values of shape (batch, ...), averaged over all axes but the first.
            sample_weight: Weights that broadcast with the values; ones by default.

        Raises:
            ShapeError: If the weights do not fit the values.
        """
        mask, values = get_mask(values), ops.cast(values, self.dtype)
        if sample_weight is not None:
            values, weights = _per_sample(self, values, sample_weight, mask, ops.mean)
            self.total.assign_add(_total(values))
            self.count.assign_add(_total(weights))
            return
        sizes = ops.shape(values)
        if not sizes and sharing() is not None:  # the mean of a batch: that of the rows of this process
            weight = share(self.dtype)
            self.total.assign_add(values * weight)
            self.count.assign_add(weight)
            return
        total, per_sample = _total(values), math.prod(sizes[1:])
        self.total.assign_add(total if per_sample == 1 else total / per_sample)
        self.count.assign_add(ops.cast(sizes[0] if sizes else 1, self.dtype))

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the mean so far; 0 if there is no value yet."""
        return ops.divide_no_nan(self.total, self.count)


class MeanMetricWrapper(Mean):
    """Mean of a function of labels and predictions.

    Args:
        fn: `fn(y_true, y_pred, **kwargs)` returns one value per example.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.
        **kwargs: Passed on to the function.

    Raises:
        ArgumentTypeError: If `fn` cannot be called.

    Source: https://keras.io/api/metrics/reduction_metrics/#meanmetricwrapper-class

    Example:
        >>> metric = MeanMetricWrapper(lambda y_true, y_pred: (y_pred - y_true) ** 4)
        >>> metric.update_state(np.array([0.0, 0.0]), np.array([1.0, 2.0]))
        >>> print(metric.result())
        8.5
    """

    def __init__(self, fn: Callable, name: str | None = None, dtype: DTypeLike | None = None, **kwargs: Any):
        if not callable(fn):
            raise ArgumentTypeError(f"`{type(self).__name__}` expects a function as `fn`. Received: fn={brief(fn)}")
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = kwargs
        if isinstance(fn, Loss) or fn in FUNCTIONS:
            self._direction = "down"

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels.
            y_pred: Predictions; elements that their mask excludes, if they have one, have weight 0.
            sample_weight: Weights that broadcast with the function's values; ones by default.

        Raises:
            ShapeError: If shapes do not fit together.
        """
        values = self._fn(*tree.map_structure(as_input, (y_true, y_pred)), **self._fn_kwargs)
        refuse_symbolic(f"Metric '{self.name}'", values, y_true, y_pred)
        warn_of_pairs(f"Metric '{self.name}'", y_true, y_pred, values)
        sample_weight = apply_mask(sample_weight, get_mask(y_pred), self.dtype, "sum")
        if sample_weight is not None:
            mask = examples_that_count(self._fn, self._fn_kwargs, y_true, y_pred, values)
            sample_weight = apply_mask(ops.convert_to_tensor(sample_weight), mask, self.dtype, "sum")
        super().update_state(values, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return {**super().get_config(), "fn": describe(self._fn, "keras.losses"), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a metric from its config.

        Raises:
            UnknownNameError: If the function is not a loss of minikeras; `deserialize` knows more.
        """
        return cls(**restore_arguments(config, Lookup("function", "keras.losses", functions=FUNCTIONS)))


class FunctionMetric(MeanMetricWrapper):
    """A mean whose class implies its function, which is therefore not in its config."""

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return {**Metric.get_config(self), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a metric from its config."""
        return cls(**config)


def _total(values: object) -> object:
    return ops.sum(values) if ops.shape(values) else values


def _per_sample(metric: Metric, values: object, sample_weight: object, mask: object, reduce: Callable) -> tuple:
    """Returns weighted values and weights, all axes but the first reduced."""
    weights = apply_mask(ops.convert_to_tensor(sample_weight, metric.dtype), mask, metric.dtype, "sum")
    values, weights = squeeze_or_expand_to_same_rank(values, weights)
    rank = len(ops.shape(weights))
    if len(ops.shape(values)) > rank:
        values = reduce(values, axis=tuple(range(rank, len(ops.shape(values)))))
    sizes = ops.shape(values)
    if check_fit(f"Metric '{metric.name}'", weights, values, "sample weights", "values") != sizes:
        raise ShapeError(
            f"Metric '{metric.name}': expected sample weights that broadcast to the values' shape {sizes}. "
            f"Received: sample weights of shape {ops.shape(weights)}"
        )
    if ops.shape(weights) != sizes:
        weights = ops.broadcast_to(weights, sizes)
    values = values * weights
    if rank > 1:
        weights = reduce(weights, axis=tuple(range(1, rank)))
    if len(sizes) > 1:
        values = reduce(values, axis=tuple(range(1, len(sizes))))
    return values, weights
