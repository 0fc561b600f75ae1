"""Whether arrays can be looked into: ops whose results depend on their elements take a shorter way there.

Results of such ops have shapes that depend on data, which recipes of `engine.specialization` cannot serve.
"""

from typing import Any

import numpy as np

from ...engine.dtypes import ALLOWED
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
