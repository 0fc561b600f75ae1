"""What holds while something is made from a config that may come from anybody: how much it may ask for.

Every entry that makes objects from configs opens a budget, and whatever a config can make large asks it first: weights,
arrays and lists, symbolic values (each of which stands for some time, too). What is made outside of it is not limited.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np

from ..config import is_deserialization_safe
from ..errors import ArgumentError, MinikerasError, SerializationError, brief

MOST_AXES = 64  # of an array of numpy
MOST_WITHOUT_WEIGHTS = 1 << 31  # bytes of variables if there is no file whose size tells how large they really are
_SMALLEST_THAT_WAITS = 1 << 20  # bytes: smaller variables get their values at once, if no file has others for them
_DEEPEST, _LARGEST = 250, 1 << 25  # containers inside of each other, and bytes


class _Local(threading.local):
    scope: "LoadingScope | None" = None


_local = _Local()


class LoadingScope:
    """Limits what is made inside of a `with` block, in this thread.

    A config of a few bytes can ask for terabytes; a real one comes with the weights, so its file is about as large.

    Args:
        weights: How many bytes variables may take together; None: all is unlimited, since the config is trusted.
        config: How many bytes the config has as text.
        has_weights: Whether that many bytes are related to those of the weights in a file.
        trust: What the user does who trusts the config, for errors.
    """

    def __init__(
        self,
        weights: int | None,
        config: int = 0,
        has_weights: bool = False,
        trust: str = "pass `safe_mode=False`",
    ):
        self.is_trusted, self.has_weights = weights is None, has_weights
        self._trust = trust
        self._most = {
            "bytes of weights": weights or 0,
            "bytes": (1 << 25) + min(32 * config, 1 << 26),
            # Models in models can call each other so often that a short config never ends: each call costs something.
            "bytes of symbolic values": (1 << 24) + 64 * config,
        }
        self._left = dict(self._most)

    def __enter__(self) -> "LoadingScope":
        self._outer = _local.scope
        _local.scope = self
        return self

    def __exit__(self, *exception: object) -> None:
        _local.scope = self._outer

    def take(self, size: int, unit: str, what: str, shape: Any = None) -> None:
        """Counts what is going to be made.

        Args:
            size: How much.
            unit: Of what.
            what: What for, for the error.
            shape: The shape of it, for the error.

        Raises:
            ArgumentError: If it is more than is left.
        """
        if self.is_trusted:
            return
        if size > self._left[unit]:
            what += "" if shape is None else f" of shape {brief(shape)}"
            raise ArgumentError(
                f"{what} would take {_digits(size)} {unit}, and a config like this may ask for {self._most[unit]:,} in "
                f"all, {self._left[unit]:,} of them still left. If you trust it, {self._trust}."
            )
        self._left[unit] -= size


@contextmanager
def loading(config: Any, safe_mode: bool = True) -> Iterator[None]:
    """Limits what a config in memory may ask for inside of a `with` block; what else is wrong with it gets a name, too.

    Inside of another one nothing changes: the outermost counts.

    Args:
        config: The config.
        safe_mode: False: it is trusted.

    Raises:
        SerializationError: For whatever a config causes that no error of minikeras describes.
    """
    if _local.scope is not None:
        yield
        return
    is_trusted = not safe_mode or not is_deserialization_safe()
    trust = "pass `safe_mode=False` where there is such an argument, or call `config.enable_unsafe_deserialization()`"
    with named_errors(), LoadingScope(None if is_trusted else MOST_WITHOUT_WEIGHTS, _size(config), trust=trust):
        yield


@contextmanager
def trusted() -> Iterator[None]:
    """Opens no budget inside of a `with` block: the configs in it are those of objects that are there already."""
    if _local.scope is not None:
        yield
        return
    with LoadingScope(None):
        yield


@contextmanager
def named_errors() -> Iterator[None]:
    """Turns what Python itself and numpy raise inside of a `with` block into an error that says it was a config."""
    try:
        yield
    except (MinikerasError, Warning):
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("builtins", "numpy"):
            raise  # of the user's own classes
        raise SerializationError(f"The config cannot be used: {type(error).__name__}: {str(error)[:2000]}") from error


def _size(config: Any) -> int:
    """Returns about how many bytes a config has as text, as far as it is no deeper or larger than any that is used.

    It may have itself inside, even.
    """
    size, level, depth = 0, [config], 0
    while level and depth < _DEEPEST and size < _LARGEST:
        below: list = []
        for each in level:
            size += 8
            if isinstance(each, str):
                size += len(each)
            elif isinstance(each, dict):
                below += each.values()
                size += sum(len(name) for name in each if isinstance(name, str))
            elif isinstance(each, (list, tuple)):
                below += each
        level, depth = below, depth + 1
    return size


def is_loading() -> bool:
    """Returns whether something is being made from a config that may come from anybody."""
    return _local.scope is not None and not _local.scope.is_trusted


def take_variable(initializer: Any, shape: tuple, dtype: str, what: str) -> bool:
    """Counts the memory of a variable that is going to be made, if a config is being read.

    Args:
        initializer: What makes its first value.
        shape: Its sizes.
        dtype: The type of its elements.
        what: What it is, for the error.

    Returns:
        Whether it is to get its value only when that is asked for: a file has another for it, or it is large.

    Raises:
        ArgumentError: If a config may not ask for so much.
    """
    scope = _local.scope
    if scope is None or scope.is_trusted:
        return False
    size = prod(map(int, shape)) * np.dtype(dtype).itemsize
    scope.take(size, "bytes of weights", what, shape)
    if size < _SMALLEST_THAT_WAITS and not scope.has_weights:
        return False
    waits = hasattr(initializer, "can_wait") and np.dtype(dtype).kind == "f" and initializer.can_wait(shape)
    if not waits and not scope.has_weights and type(initializer).__module__.startswith("minikeras."):
        take_memory(4 * size, f"The initial value of {what}", shape)
    return waits


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
    """Counts the memory of an array that is going to be made, if a config is being read.

    Args:
        shape: A size, or several.
        dtype: The type of its elements.
        what: What it is, for the error.

    Raises:
        ArgumentError: If a config may not ask for so much.
    """
    if is_loading():
        count = prod(map(int, shape)) if isinstance(shape, (list, tuple)) else int(shape)
        take_memory(count * np.dtype(dtype).itemsize, what, shape)


def take_list(count: Any, what: str) -> None:
    """Counts a list of numbers, or work in Python that goes with a number, if a config is being read.

    Args:
        count: How many elements, or turns of a loop.
        what: What for, for the error.

    Raises:
        ArgumentError: If a config may not ask for so much.
    """
    if is_loading():
        take_memory(100 * int(count), what)


def take_memory(size: int, what: str, shape: Any = None) -> None:
    """Counts memory that is going to be used, if a config is being read.

    Args:
        size: How many bytes.
        what: What for, for the error.
        shape: The shape of it, for the error.

    Raises:
        ArgumentError: If a config may not ask for so much.
    """
    if _local.scope is not None:
        _local.scope.take(size, "bytes", what, shape)


def take_symbol() -> None:
    """Counts a symbolic value, if a config is being read.

    Raises:
        ArgumentError: If a config may not ask for so many.
    """
    if _local.scope is not None:
        _local.scope.take(8192, "bytes of symbolic values", "A symbolic value")


def _digits(size: int) -> str:
    # Python refuses to write integers of thousands of digits.
    return f"{size:,}" if size < 10**30 else "far too many"
