"""Compositions of ops in one call where nothing is recorded.

A composition is recorded op by op: the compiler shares, fuses and tiles these, gradients follow from theirs, and ONNX
has a node for each. On arrays outside steps each op would cost more than the work of its kernel, so that there the
kernels run one after the other in one function, which must take the same ones in the same order: eager, traced and
replayed results have the same bits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...engine.dtypes import ALLOWED
from ...engine.errstate import call_quietly
from ...engine.memory_budget import is_loading
from ...engine.shapes_only import is_shapes_only
from ...engine.trace import current_trace

_NUMBERS = frozenset(np.dtype(name).num for name in ALLOWED)  # of dtypes; those of ml_dtypes have their own kernels


def is_eager(*values: Any) -> bool:
    """Returns whether all values are arrays of numbers in C order, in a place where nothing is recorded.

    Their dtypes are those of numpy. Arrays in another order are left to the ops, whose results are all in C order.

    Example:
        >>> is_eager(np.zeros((2, 3))), is_eager(np.zeros((2, 3)).T), is_eager(1.0)
        (True, False, False)
    """
    for value in values:
        if type(value) is not np.ndarray or value.dtype.num not in _NUMBERS or not value.flags.c_contiguous:
            return False
    return current_trace() is None and not is_shapes_only() and not is_loading()


def last_axis_at(x: np.ndarray, axis: int) -> np.ndarray:
    """Returns a view with the last axis at another position, not negative: `np.moveaxis(x, -1, axis)`, sooner.

    Example:
        >>> last_axis_at(np.zeros((2, 3, 4)), 1).shape
        (2, 4, 3)
    """
    last = x.ndim - 1
    return x if axis == last else x.transpose(*range(axis), last, *range(axis, last))


def computed(kernel: Callable, *arrays: Any, **params: Any) -> np.ndarray:
    """Returns `kernel(*arrays, **params)` as an array, without warnings about overflows, NaNs and divisions by 0.

    Args:
        kernel: The kernel of a whole composition.
        *arrays: Its positional arguments, for which `is_eager` is true.
        **params: Its keyword arguments.

    Example:
        >>> computed(lambda x: 1 / x, np.float32([0, 2]))
        array([inf, 0.5], dtype=float32)
    """
    result = call_quietly(kernel, arrays, params)
    return result if type(result) is np.ndarray else np.asarray(result)
