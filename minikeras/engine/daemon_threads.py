"""Daemon threads, if the platform has any: in a browser (Pyodide), none can be started.

This is where that is found out. Whoever wanted a thread then does its work itself, with equal results.
"""

import threading
from collections.abc import Callable
from typing import Any


def start_thread(name: str, target: Callable[..., object], *args: Any) -> threading.Thread | None:
    """Starts a daemon thread.

    Args:
        name: Its name.
        target: What it calls.
        *args: The arguments of the call.

    Returns:
        The thread; None if none can be started, here or at the moment.

    Example:
        >>> found = []
        >>> start_thread("example", found.append, 3).join()
        >>> found
        [3]
    """
    thread = threading.Thread(target=target, args=args, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # of Pyodide, of a process that may have no more, or while Python ends
        return None
    return thread


def can_start_threads() -> bool:
    """Returns whether a thread can be started now."""
    thread = start_thread("minikeras-trial", _do_nothing)
    if thread is None:
        return False
    thread.join()
    return True


def _do_nothing() -> None:
    pass
