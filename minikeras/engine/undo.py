"""Trying something without a trace of it in variables: what is assigned to them in a block is undone at its end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


class _Local(threading.local):
    before: dict[Any, np.ndarray] | None = None  # by variable, its value before the first assignment


_local = _Local()


def note_assignment(variable: Any) -> None:
    """Keeps the value of a variable that is about to be assigned to, if assignments are to be undone.

    Args:
        variable: The variable.
    """
    before = _local.before
    if before is not None and variable not in before:
        before[variable] = variable.buffer.copy()


@contextmanager
def undone_assignments() -> Iterator[None]:
    """Puts the variables that are assigned to in a block back when it ends, however it ends.

    Those that are made in the block get their initial values. Replayed plans do not assign, and are not undone.

    Example:
        >>> from minikeras import Variable
        >>> v = Variable(1.0)
        >>> with undone_assignments():
        ...     v = v.assign(5.0)
        >>> float(v)
        1.0
    """
    outer, before = _local.before, {}
    _local.before = before
    try:
        yield
    finally:
        _local.before = outer
        for variable, value in before.items():
            np.copyto(variable.buffer, value)
