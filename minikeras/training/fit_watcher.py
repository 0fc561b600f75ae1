"""Lets a tool see what `fit` is called with, before it trains."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..typing import F

_watcher: dict[str, Callable | None] = {"call": None}


def watch_fit(watcher: Callable | None) -> None:
    """Says what is called with the model and the arguments of each `fit`, by name, before anything is done.

    Args:
        watcher: A function of the model and the arguments; what it raises ends `fit`. None: nothing is called.
    """
    _watcher["call"] = watcher


def watched(fit: F) -> F:
    """Shows the arguments of `fit` to whoever watches; used as a decorator."""

    @wraps(fit)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _watcher["call"] is not None:
            bound = inspect.signature(fit).bind(self, *args, **kwargs)
            bound.apply_defaults()
            _watcher["call"](self, {name: value for name, value in bound.arguments.items() if name != "self"})
        return fit(self, *args, **kwargs)

    return called
