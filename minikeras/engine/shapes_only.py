"""Computing shapes alone: what is not small then becomes a symbolic value instead of being computed."""

import threading
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

_LARGEST_VALUE = 64  # elements; what a size computes with are numbers and shapes


class _Local(threading.local):
    make: Callable | None = None


_local = _Local()


class shapes_only:
    """Inside of it nothing but small values is computed: ops that run on numbers return symbolic values.

    Args:
        make: Makes a symbolic value of a shape and a dtype.
    """

    def __init__(self, make: Callable[[tuple, str], Any]):
        self._make = make

    def __enter__(self) -> None:
        self._outer = _local.make
        _local.make = self._make

    def __exit__(self, *exception: object) -> None:
        _local.make = self._outer


def is_small(shape: Sequence[int]) -> bool:
    """Tells whether a value of a shape is small enough to be computed wherever it is needed."""
    return prod(shape) <= _LARGEST_VALUE


def is_shapes_only() -> bool:
    """Tells whether shapes are all that is asked for."""
    return _local.make is not None


def symbol_for(shape: Any, dtype: str) -> Any:
    """Returns the symbolic value for one that is not to be computed, because its shape is all that is asked for.

    Args:
        shape: The shape, or the size of the only axis.
        dtype: The type of the elements.

    Returns:
        None if the value is to be computed.
    """
    shape = tuple(shape) if hasattr(shape, "__iter__") else (shape,)
    return None if _local.make is None or is_small(shape) else _local.make(shape, dtype)
