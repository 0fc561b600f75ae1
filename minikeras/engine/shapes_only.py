"""Shape inference without computation: all but small values become symbolic instead of being computed."""

import threading
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

_LARGEST_VALUE = 64  # elements: enough for arithmetic on sizes and shapes


class _Local(threading.local):
    make: Callable | None = None


_local = _Local()


class shapes_only:
    """Context manager in which only small values are computed: ops on arrays return symbolic tensors.

    Args:
        make: Creates a symbolic tensor from a shape and a dtype.
    """

    def __init__(self, make: Callable[[tuple, str], Any]):
        self._make = make

    def __enter__(self) -> None:
        self._outer = _local.make
        _local.make = self._make

    def __exit__(self, *exception: object) -> None:
        _local.make = self._outer


def is_small(shape: Sequence[int]) -> bool:
    """Returns whether a tensor of that shape is small enough to be computed."""
    return prod(shape) <= _LARGEST_VALUE


def is_shapes_only() -> bool:
    """Returns whether only shapes are being inferred."""
    return _local.make is not None


def symbol_for(shape: Any, dtype: str) -> Any:
    """Returns a symbolic tensor in place of one that need not be computed while only shapes are inferred.

    Args:
        shape: The shape, or the size of the only axis.
        dtype: The dtype.

    Returns:
        None if the tensor must be computed.
    """
    shape = tuple(shape) if hasattr(shape, "__iter__") else (shape,)
    return None if _local.make is None or is_small(shape) else _local.make(shape, dtype)
