"""Checks of the arguments of datasets."""

import os
from typing import Any

from ..errors import ArgumentError, brief

AUTOTUNE = -1
INFINITE_CARDINALITY, UNKNOWN_CARDINALITY = -1, -2


def positive(method: str, argument: str, value: Any) -> int:
    """Returns a positive integer.

    Raises:
        ArgumentError: If it is none.
    """
    try:
        count = int(value)
    except (TypeError, ValueError):
        count = 0
    if count < 1:
        raise ArgumentError(f"{method}: expected a positive `{argument}`. Received: {brief(value)}")
    return count


def threads_of(method: str, count: int | None) -> int:
    """Returns the number of threads for `num_parallel_calls`; 0 for None."""
    if count is None:
        return 0
    return cores() if count == AUTOTUNE else positive(method, "num_parallel_calls", count)


def cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
