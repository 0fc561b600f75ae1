"""Calls inside of calls: what a callback of `fit` evaluates or trains does not get into what `fit` measures."""

from functools import wraps
from threading import local
from typing import Any

import numpy as np

from ..engine import tree
from ..typing import F

# What `fit`, `evaluate` and `predict` set on a model for as long as they run.
_FLAGS = ("history", "stop_evaluating", "stop_predicting", "_initial_epoch", "_initial_batch")
_FLAGS_OF_FIT = (*_FLAGS, "stop_training", "_warned_not_finite")


class _Running(local):
    """The models that run, of each thread: another one may predict with a model while it is trained."""

    def __init__(self) -> None:
        self.models: list = []


_running = _Running()


def nestable(method: F) -> F:
    """Lets a method of a model be called by a callback while the same model runs; used as a decorator.

    The metrics of the models that are running, the flags and the history of the model, and what its last step
    returned are afterwards what they were before the call. The weights are not put back.

    Args:
        method: The method, such as `evaluate`.
    """
    flags = _FLAGS_OF_FIT if method.__name__ == "fit" else _FLAGS

    @wraps(method)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        outer = _running.models
        kept = [Kept(model, flags if model is self else ()) for model in _concerned(self, outer)] if outer else ()
        depth = len(outer)
        try:
            outer.append(self)
            return method(self, *args, **kwargs)
        finally:
            del outer[depth:]
            for each in kept:
                each.put_back()

    return called


def is_running(model: Any) -> bool:
    """Returns whether a method of the model that runs steps was called in this thread and is not done yet."""
    return any(each is model for each in _running.models)


class Kept:
    """What a model that is running has measured so far.

    Args:
        model: The model.
        flags: The names of attributes to keep, too.
    """

    def __init__(self, model: Any, flags: tuple[str, ...]):
        self._model = model
        self._flags = {name: getattr(model, name) for name in flags if hasattr(model, name)}
        self._values = {id(variable): (variable, variable.numpy()) for variable in _variables(model)}
        runner = model._runner
        # The next step of the same kind would write into the same arrays.
        self._results = None if runner is None else tree.map_structure(np.array, runner.results)

    def put_back(self) -> None:
        """Makes it what the model has measured again."""
        for name, value in self._flags.items():
            setattr(self._model, name, value)
        for metric in self._model.metrics:
            if any(id(variable) not in self._values for variable in metric.variables):
                metric.reset_state()  # it was made meanwhile
        for variable, value in self._values.values():
            variable.assign(value)
        if self._model._runner is not None:
            self._model._runner.results = self._results


def _concerned(model: Any, outer: list) -> list:
    """Returns the running models that have metrics in common with a model, itself among them."""
    own = {id(variable) for variable in _variables(model)}
    found = {id(each): each for each in outer}.values()
    return [each for each in found if each is model or any(id(variable) in own for variable in _variables(each))]


def _variables(model: Any) -> list:
    return [variable for metric in model.metrics for variable in metric.variables]
