"""Nested calls: what a callback of `fit` evaluates or trains with the same model stays out of what `fit` measures."""

from functools import wraps
from threading import local
from typing import Any

import numpy as np

from ..engine import tree
from ..typing import F

# What `fit`, `evaluate` and `predict` set on a model while they run.
_FLAGS = ("history", "stop_evaluating", "stop_predicting", "_initial_epoch", "_initial_batch")
_FLAGS_OF_FIT = (*_FLAGS, "stop_training", "_warned_not_finite")


class _Running(local):
    """The models that are running in a thread: another thread may predict with a model while it is trained."""

    def __init__(self) -> None:
        self.models: list = []


_running = _Running()


def nestable(method: F) -> F:
    """Decorator for methods that callbacks may call while the same model is running.

    After the call, the metrics of the running models, the flags and the history of the model, and the results of its
    last step are what they were before. The weights are not restored.

    Args:
        method: The method, such as `evaluate`.
    """
    flags = _FLAGS_OF_FIT if method.__name__ == "fit" else _FLAGS

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        outer = _running.models
        saved = [SavedState(model, flags if model is self else ()) for model in _affected(self, outer)] if outer else ()
        depth = len(outer)
        try:
            outer.append(self)
            return method(self, *args, **kwargs)
        finally:
            del outer[depth:]
            for each in saved:
                each.restore()

    return called


def is_running(model: Any) -> bool:
    """Returns whether `fit`, `evaluate` or another method that runs steps of the model is running in this thread."""
    return any(each is model for each in _running.models)


def is_nested() -> bool:
    """Returns whether the method that runs steps in this thread was called by a callback of another one."""
    return len(_running.models) > 1


class SavedState:
    """What a running model has measured so far.

    Args:
        model: The model.
        flags: The names of attributes to save as well.
    """

    def __init__(self, model: Any, flags: tuple[str, ...]):
        self._model = model
        self._flags = {name: getattr(model, name) for name in flags if hasattr(model, name)}
        self._values = {id(variable): (variable, variable.numpy()) for variable in _variables(model)}
        runner = model._runner
        # The next step of the same kind would overwrite these arrays.
        self._results = None if runner is None else tree.map_structure(np.array, runner.results)

    def restore(self) -> None:
        """Restores the metrics of the model."""
        for name, value in self._flags.items():
            setattr(self._model, name, value)
        for metric in self._model.metrics:
            if any(id(variable) not in self._values for variable in metric.variables):
                metric.reset_state()  # it was created in the meantime
        for variable, value in self._values.values():
            variable.assign(value)
        if self._model._runner is not None:
            self._model._runner.results = self._results


def _affected(model: Any, outer: list) -> list:
    """Returns the running models that share metrics with a model, the model itself among them."""
    own = {id(variable) for variable in _variables(model)}
    found = {id(each): each for each in outer}.values()
    return [each for each in found if each is model or any(id(variable) in own for variable in _variables(each))]


def _variables(model: Any) -> list:
    return [variable for metric in model.metrics for variable in metric.variables]
