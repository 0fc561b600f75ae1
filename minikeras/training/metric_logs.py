"""The metrics of a model, their names, and the logs that `fit` and `evaluate` make of them."""

from math import isfinite
from typing import Any

import numpy as np

from ..callbacks.logs import python_logs
from ..engine import tree
from ..engine.replicas import current
from ..engine.watched import changes
from ..layers import Layer
from ..metrics import Metric
from .compiled_loss import CompiledLoss
from .compiled_metrics import CompiledMetrics
from .shared_logs import agreed_logs
from .steps import Steps


class MetricLogs(Steps):
    """The metrics of a model and the logs of `fit` and `evaluate`."""

    _compiled_loss: CompiledLoss | None = None
    _compiled_metrics: CompiledMetrics | None = None
    _loss_tracker: Any = None
    _runner: Any = None
    _logs_at_compile: Any = None  # of the steps before a callback called `compile`
    _names_of_results: Any = None  # of what the user's own step returned last
    _metrics_of_layers: Any = (-1, [])  # those that the layers hold, since this many changes of attributes

    @property
    def metrics(self) -> list:
        """The mean loss, the metrics of `compile` as one, the losses of single outputs, and metrics of the layers."""
        found = [self._loss_tracker] if self._loss_tracker is not None else []
        given = self._compiled_metrics.given if self._compiled_metrics else []
        found += [self._compiled_metrics] if self._compiled_metrics else []
        found += self._compiled_loss.metrics if self._compiled_loss else []
        number, held = self._metrics_of_layers
        if number != changes.number:
            number = changes.number
            held, may_grow_unnoticed = _metrics_held(self)
            self._metrics_of_layers = (-1 if may_grow_unnoticed else number, held)
        known = {id(metric) for metric in [*found, *given]}
        return found + [metric for metric in held if id(metric) not in known]

    @property
    def metrics_names(self) -> list[str]:
        """The names of the values that `evaluate` returns, in its order."""
        return self._in_order(self._names_of_results or self.get_metrics_result())

    def reset_metrics(self) -> None:
        """Resets the state of all metrics."""
        for metric in self.metrics:
            metric.reset_state()

    def _logs(self) -> dict:
        """Returns the values of the metrics as Python numbers; those of all processes that share the training."""
        replicas = current()
        return self._own_logs() if replicas is None else agreed_logs(self, replicas)

    def _own_logs(self) -> dict:
        """Returns the values of the metrics of this process."""
        if self._runner is None:  # a callback called `compile`, and no step has run since
            return self._logs_at_compile
        results = self._runner.results
        if not isinstance(results, dict):
            self._names_of_results = None
            return python_logs(self.get_metrics_result())
        # The next step may overwrite these arrays.
        logs = python_logs(tree.map_structure(np.array, results))
        self._names_of_results = list(logs)
        return logs

    def _loss_is_surely_finite(self) -> bool:
        """Tells whether the loss in the logs is finite, as far as that is known without computing the logs."""
        if current() is not None:
            return False  # another process may have another loss
        is_own = type(self).get_metrics_result is not Steps.get_metrics_result
        known = not is_own and self._runner is not None and self._runner.results is None
        return known and isfinite(self._loss_tracker.total.buffer)

    def _returned(self, logs: dict, as_dict: bool) -> Any:
        """Returns logs as `evaluate` does: the dict itself, or a list in the order of `metrics_names`."""
        if as_dict:
            return logs
        values = [logs[name] for name in self._in_order(logs)]
        return values[0] if len(values) == 1 else values

    def _in_order(self, names: Any) -> list[str]:
        """Returns names of values in the order of Keras's `evaluate`."""
        first: list[str] = []
        for metric in self.metrics:  # those of single outputs come last, sorted by name
            first += metric.unnamed if isinstance(metric, CompiledMetrics) else [metric.name]
        first = [name for name in dict.fromkeys(first) if name in names]
        return first + sorted(name for name in names if name not in first)


def _metrics_held(layer: Layer) -> tuple[list[Metric], bool]:
    """Returns the metrics that a layer and its sublayers have as attributes; a model among them keeps its own.

    Also returns whether there may soon be others without a change of attributes.
    """
    layers = [layer, *(each for each in layer._flat_layers() if not isinstance(each, MetricLogs))]
    metrics = {id(metric): metric for each in layers for metric in each._held(Metric)}
    return list(metrics.values()), any(each._tracker.has_unwatched for each in layers)
