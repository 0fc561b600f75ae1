"""The logs of a training that several processes share: metrics of all rows, the same in each process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..callbacks.logs import python_logs
from ..engine import tree
from ..engine.replica_values import totals
from ..engine.replicas import Replicas
from ..engine.variable import Variable


class SharedLogs:
    """Computes the logs of all processes when it is called, which all of them have to do.

    Args:
        model: The model.

    Attributes:
        own: Computes the logs of this process alone, for the progress bar.
    """

    def __init__(self, model: Any):
        self._model = model
        self.own = model._own_logs

    def __call__(self) -> dict:
        return self._model._logs()


def metric_variables(model: Any) -> list[Variable]:
    """Returns the state of the metrics of a model."""
    return list({id(each): each for metric in model.metrics for each in metric.variables}.values())


@contextmanager
def in_total(variables: Sequence[Variable], replicas: Replicas) -> Iterator[None]:
    """Context manager in which the metrics have the state they would have in a single process.

    Args:
        variables: The state of the metrics of this process.
        replicas: The processes.
    """
    before = [variable.buffer.copy() for variable in variables]
    _write(variables, totals(variables, replicas))
    try:
        yield
    finally:
        _write(variables, before)


def _write(variables: Sequence[Variable], values: Sequence[np.ndarray]) -> None:
    for variable, value in zip(variables, values, strict=True):
        np.copyto(variable.buffer, value)


def agreed_logs(model: Any, replicas: Replicas) -> dict:
    """Returns the logs of a training, the same in all processes.

    What a step of the user returns is a metric if it equals the result of one in all processes; other numbers are
    averaged, weighted by the rows of the last batch.

    Args:
        model: The model.
        replicas: The processes.
    """
    if model._runner is None:
        return model._own_logs()
    variables, results = metric_variables(model), model._runner.results
    if not isinstance(results, dict):
        with in_total(variables, replicas):
            return model._own_logs()
    logs = python_logs(tree.map_structure(np.array, results))
    before = python_logs(model.get_metrics_result())
    with in_total(variables, replicas):
        after = python_logs(model.get_metrics_result())
    names = [name for name, value in logs.items() if isinstance(value, float)]
    share, is_idle = float(replicas.share.buffer), not replicas.rows
    weighted = [0.0 if is_idle else share * logs[name] for name in names]
    same = [is_idle or _is_same(logs[name], before.get(name)) for name in names]
    found = replicas.sum([*weighted, *same])
    for name, mean, agreeing in zip(names, found, found[len(names) :], strict=False):
        logs[name] = after[name] if agreeing == replicas.size and name in after else mean
    return logs


def _is_same(value: float, other: Any) -> bool:
    return isinstance(other, float) and (value == other or (np.isnan(value) and bool(np.isnan(other))))
