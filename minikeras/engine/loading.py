"""What holds while a file is read that may come from anybody: how much memory it may ask for."""

import re
import threading
from math import prod
from typing import Any

import numpy as np

from ..errors import ArgumentError, brief


class _Local(threading.local):
    scope: "LoadingScope | None" = None


_local = _Local()


class LoadingScope:
    """Limits what variables that are made inside of a `with` block, in this thread, take together.

    A config of a few bytes can ask for terabytes; a real one comes with the weights, so its file is about as large.

    Args:
        most: How many bytes; None: any number, since the file is trusted.
    """

    def __init__(self, most: int | None):
        self._left = self._most = most

    def __enter__(self) -> "LoadingScope":
        self._outer = _local.scope
        _local.scope = None if self._most is None else self
        return self

    def __exit__(self, *exception: object) -> None:
        _local.scope = self._outer

    def take(self, size: int, what: str) -> None:
        """Counts memory that is going to be used.

        Raises:
            ArgumentError: If it is more than is left.
        """
        if size > self._left:
            raise ArgumentError(
                f"{what} would take {size:,} bytes, and a file like this may ask for {self._most:,} in all, "
                f"{self._left:,} of them still left. If you trust it, pass `safe_mode=False`."
            )
        self._left -= size


def is_loading() -> bool:
    """Returns whether a file is being read that may come from anybody, so that no other file may be opened for it."""
    return _local.scope is not None


def check_pattern(pattern: str, where: str, text: str = "") -> None:
    """Refuses a regular expression that could take forever, if it is read from a file that may come from anybody.

    The time grows with the power of the number of parts that fit any number of letters.

    Args:
        pattern: The regular expression.
        where: What it is for, for the error.
        text: What it is compared with.

    Raises:
        ArgumentError: If it could.
    """
    if not is_loading():
        return
    if len(text) > 500 or len(pattern) > 500 or sum(map(pattern.count, "*+{?")) > 3 or re.search(r"\)[*+{?]", pattern):
        raise ArgumentError(
            f"{where}: in files, patterns may have three of '*', '+', '?' and '{{', none of them after ')', "
            f"and paths 500 characters. Received: {brief(pattern)}" + (f" for the path {brief(text)}" if text else "")
        )


def take_array(shape: Any, dtype: Any, what: str) -> None:
    """Counts the memory of an array that is going to be made, if a file is being read.

    Args:
        shape: A size, or several.
        dtype: The type of its elements.
        what: What it is, for the error.

    Raises:
        ArgumentError: If a file may not ask for so much.
    """
    if _local.scope is not None:
        count = prod(map(int, shape)) if isinstance(shape, (list, tuple)) else int(shape)
        _local.scope.take(count * np.dtype(dtype).itemsize, f"{what} of shape {shape}")


def take_memory(size: int, what: str) -> None:
    """Counts memory that is going to be used, if a file is being read.

    Args:
        size: How many bytes.
        what: What for, for the error.

    Raises:
        ArgumentError: If a file may not ask for so much.
    """
    if _local.scope is not None:
        _local.scope.take(size, what)
