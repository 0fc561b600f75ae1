"""A budget of memory and work for deserializing untrusted configs.

Every entry point that deserializes configs opens a budget, and everything whose size a config controls is charged to it
first: weights, arrays, lists, and symbolic tensors (a proxy for time). Without a budget nothing is limited.
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

MOST_AXES = 64  # numpy's limit
MOST_WITHOUT_WEIGHTS = 1 << 31  # bytes of variables without a file whose size bounds them
_MOST_OF_A_VALUE = 1 << 40  # bytes of one example of a symbolic value: no real layer returns more
_SMALLEST_THAT_WAITS = 1 << 20  # bytes: smaller variables are initialized at once, unless a file has their values
_DEEPEST, _LARGEST = 250, 1 << 25  # nesting depth, and bytes


class _Local(threading.local):
    scope: "LoadingScope | None" = None


_local = _Local()


class LoadingScope:
    """Context manager that limits allocations, in this thread.

    A config of a few bytes can request terabytes; a real one comes with weights, so its file is about as large.

    Args:
        weights: Bytes that variables may take in total; None if the config is trusted and nothing is limited.
        config: Size of the config as text, in bytes.
        has_weights: Whether `weights` is derived from the weights in a file.
        trust: How a user can declare the config as trusted, for error messages.
    """

    def __init__(
        self,
        weights: int | None,
        config: int = 0,
        has_weights: bool = False,
        trust: str = "pass `safe_mode=False`",
    ):
        self.is_trusted, self.has_weights = weights is None, has_weights
        self.trust = trust
        self._most = {
            "bytes of weights": weights or 0,
            "bytes": (1 << 25) + min(32 * config, 1 << 26),
            # Nested models can call each other so often that a short config never finishes, so each call is charged.
            "bytes of symbolic values": (1 << 24) + 64 * config,
        }
        self._left = dict(self._most)

    def __enter__(self) -> "LoadingScope":
        self._outer = _local.scope
        _local.scope = self
        return self

    def __exit__(self, *exception: object) -> None:
        _local.scope = self._outer

    def charge(self, size: int, unit: str, what: str, shape: Any = None) -> None:
        """Charges an allocation.

        Args:
            size: The amount.
            unit: Its unit.
            what: The purpose, for the error message.
            shape: Its shape, for the error message.

        Raises:
            ArgumentError: If it exceeds the rest of the budget.
        """
        if self.is_trusted:
            return
        if size > self._left[unit]:
            what += "" if shape is None else f" of shape {brief(shape)}"
            raise ArgumentError(
                f"{what} would take {_digits(size)} {unit}, but its config may request {self._most[unit]:,} in "
                f"total, {self._left[unit]:,} of them left. If you trust it, {self.trust}."
            )
        self._left[unit] -= size


@contextmanager
def loading(config: Any, safe_mode: bool = True) -> Iterator[None]:
    """Opens a budget for a config in memory, and converts non-minikeras errors that it causes to `SerializationError`.

    Has no effect inside another budget: the outermost one counts.

    Args:
        config: The config.
        safe_mode: Whether the config is untrusted.

    Raises:
        SerializationError: For errors caused by the config that are not errors of minikeras.
    """
    if _local.scope is not None:
        yield
        return
    is_trusted = not safe_mode or not is_deserialization_safe()
    trust = "pass `safe_mode=False` where available, or call `config.enable_unsafe_deserialization()`"
    with named_errors(), LoadingScope(None if is_trusted else MOST_WITHOUT_WEIGHTS, _size(config), trust=trust):
        yield


@contextmanager
def trusted() -> Iterator[None]:
    """Context manager that opens no budget: its configs are those of existing objects."""
    if _local.scope is not None:
        yield
        return
    with LoadingScope(None):
        yield


@contextmanager
def named_errors() -> Iterator[None]:
    """Context manager that converts errors of Python and numpy to `SerializationError`."""
    try:
        yield
    except (MinikerasError, Warning):
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("builtins", "numpy"):
            raise  # from user-defined classes
        raise SerializationError(f"The config is invalid: {type(error).__name__}: {str(error)[:2000]}") from error


def _size(config: Any) -> int:
    """Estimates the size of a config as text, up to limits on depth and size.

    It may even contain itself.
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
    """Returns whether an untrusted config is being deserialized."""
    return _local.scope is not None and not _local.scope.is_trusted


def charge_variable(initializer: Any, shape: tuple, dtype: str, what: str) -> bool:
    """Charges the memory of a variable, if a config is being deserialized.

    Args:
        initializer: Its initializer.
        shape: Its shape.
        dtype: Its dtype.
        what: A description, for the error message.

    Returns:
        Whether to defer its initialization until its value is used: a file has its value, or it is large.

    Raises:
        ArgumentError: If the budget is exceeded.
    """
    scope = _local.scope
    if scope is None or scope.is_trusted:
        return False
    size = prod(map(int, shape)) * np.dtype(dtype).itemsize
    scope.charge(size, "bytes of weights", what, shape)
    if size < _SMALLEST_THAT_WAITS and not scope.has_weights:
        return False
    waits = hasattr(initializer, "can_wait") and np.dtype(dtype).kind == "f" and initializer.can_wait(shape)
    if not waits and not scope.has_weights and type(initializer).__module__.startswith("minikeras."):
        charge_memory(4 * size, f"The initial value of {what}", shape)
    return waits


def check_pattern(pattern: str, where: str, text: str = "") -> None:
    """Raises an error for regular expressions prone to catastrophic backtracking, if they come from an untrusted file.

    The time to match is a power of the length, whose exponent is the number of unbounded quantifiers.

    Args:
        pattern: The regular expression.
        where: Prefix of the error message.
        text: The text to match.

    Raises:
        ArgumentError: If the pattern or the text is refused.
    """
    if not is_loading():
        return
    if len(text) > 500 or len(pattern) > 500 or sum(map(pattern.count, "*+{?")) > 3 or re.search(r"\)[*+{?]", pattern):
        raise ArgumentError(
            f"{where}: patterns from files may have at most three of '*', '+', '?' and '{{', none of them "
            f"after ')', and paths 500 characters. Received: {brief(pattern)}"
            + (f" for the path {brief(text)}" if text else "")
        )


def charge_array(shape: Any, dtype: Any, what: str) -> None:
    """Charges the memory of an array, if a config is being deserialized.

    Args:
        shape: Its shape, or the size of its only axis.
        dtype: Its dtype.
        what: A description, for the error message.

    Raises:
        ArgumentError: If the budget is exceeded.
    """
    if is_loading():
        count = prod(map(int, shape)) if isinstance(shape, (list, tuple)) else int(shape)
        charge_memory(count * np.dtype(dtype).itemsize, what, shape)


def charge_list(count: Any, what: str) -> None:
    """Charges a list, or a loop in Python, if a config is being deserialized.

    Args:
        count: The number of elements or iterations.
        what: A description, for the error message.

    Raises:
        ArgumentError: If the budget is exceeded.
    """
    if is_loading():
        charge_memory(100 * int(count), what)


def charge_memory(size: int, what: str, shape: Any = None) -> None:
    """Charges memory, if a config is being deserialized.

    Args:
        size: The number of bytes.
        what: A description, for the error message.
        shape: A shape, for the error message.

    Raises:
        ArgumentError: If the budget is exceeded.
    """
    if _local.scope is not None:
        _local.scope.charge(size, "bytes", what, shape)


def charge_symbol() -> None:
    """Charges a symbolic tensor, if a config is being deserialized.

    Raises:
        ArgumentError: If the budget is exceeded.
    """
    if _local.scope is not None:
        _local.scope.charge(8192, "bytes of symbolic values", "A symbolic value")


def check_value(shape: tuple) -> None:
    """Refuses a symbolic value of terabytes, if a config is being deserialized: no call could ever compute it.

    Args:
        shape: Its shape; free sizes count as 1.

    Raises:
        ArgumentError: If it is too large.
    """
    if not is_loading():
        return
    size = 4 * prod(1 if each is None else int(each) for each in shape)
    if size > _MOST_OF_A_VALUE:
        raise ArgumentError(
            f"The config describes a value of shape {brief(shape)}, which would take {_digits(size)} bytes for each "
            f"example. Expected at most {_MOST_OF_A_VALUE:,}. If you trust it, {_local.scope.trust}."
        )


def _digits(size: int) -> str:
    # Python refuses to convert integers of thousands of digits to text.
    return f"{size:,}" if size < 10**30 else "far too many"
