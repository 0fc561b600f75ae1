"""Counts passes through the network, the measure of the cost of learning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Passes:
    """How often all examples went through the network.

    Args:
        forward: From the inputs to the outputs.
        backward: From the outputs back to the first layer.

    Example:
        >>> Passes(forward=2).backward
        0
    """

    forward: int = 0
    backward: int = 0


_counters: ContextVar[tuple[Passes, ...]] = ContextVar("counters", default=())


@contextmanager
def count_passes() -> Iterator[Passes]:
    """Counts the passes made inside a `with` block.

    Yields:
        The counter; it can be read at any time.

    Example:
        >>> from minikeras.from_scratch import gradient_estimator, nn_parameter_maker
        >>> w, b = nn_parameter_maker([2, 3, 1], seed=0)
        >>> with count_passes() as passes:
        ...     w_pds, b_pds = gradient_estimator([[0, 1]], [1], w, b)
        >>> passes
        Passes(forward=14, backward=0)
    """
    counter = Passes()
    token = _counters.set((*_counters.get(), counter))
    try:
        yield counter
    finally:
        _counters.reset(token)


def note_forward() -> None:
    """Counts a forward pass."""
    for counter in _counters.get():
        counter.forward += 1


def note_backward() -> None:
    """Counts a backward pass."""
    for counter in _counters.get():
        counter.backward += 1
