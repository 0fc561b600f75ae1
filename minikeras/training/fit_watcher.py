"""A hook that shows tools the arguments of `fit` before it trains."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from ..typing import F

_watcher: dict[str, Callable | None] = {"call": None}


def watch_fit(watcher: Callable | None) -> None:
    """Sets a function that each `fit` calls first, with the model and its arguments by name.

    Args:
        watcher: A function of the model and the arguments; what it raises aborts `fit`. None for no function.
    """
    _watcher["call"] = watcher


def watched(fit: F) -> F:
    """Calls the watcher, if there is one, before `fit`; used as a decorator."""

    @wraps(fit)
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _watcher["call"] is not None:
            bound = inspect.signature(fit).bind(self, *args, **kwargs)
            bound.apply_defaults()
            _watcher["call"](self, {name: value for name, value in bound.arguments.items() if name != "self"})
        return fit(self, *args, **kwargs)

    return called
