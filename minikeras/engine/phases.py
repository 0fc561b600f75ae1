"""The phases of a step (forward, backward, ...), by which a profile breaks down its time."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

PHASES = ("forward", "loss", "backward", "optimizer", "metrics")

F = TypeVar("F", bound=Callable)


class _Local(threading.local):
    phase = "forward"


_local = _Local()


class phase:
    """Sets the phase of entries recorded inside a block; outside all blocks, it is "forward".

    Args:
        name: One of `PHASES`.

    Example:
        >>> with phase("loss"):
        ...     with phase("backward"):
        ...         inner = current_phase()
        ...     current_phase(), inner
        ('loss', 'backward')
    """

    def __init__(self, name: str):
        self._name = name

    def __enter__(self) -> None:
        self._outer = _local.phase
        _local.phase = self._name

    def __exit__(self, *exception: object) -> None:
        _local.phase = self._outer


def current_phase() -> str:
    """Returns the current phase."""
    return _local.phase


def in_phase(name: str) -> Callable[[F], F]:
    """Decorator for a function or method whose calls are recorded in a phase.

    Args:
        name: One of `PHASES`.

    Example:
        >>> @in_phase("metrics")
        ... def update():
        ...     return current_phase()
        >>> update(), current_phase()
        ('metrics', 'forward')
    """

    def decorate(function: F) -> F:
        @wraps(function)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            with phase(name):
                return function(*args, **kwargs)

        return recorded

    return decorate
