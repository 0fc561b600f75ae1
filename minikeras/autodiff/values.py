"""Results of tapes and differentiated functions: traced while a trace is recording, else new arrays."""

from typing import Any

import numpy as np

from ..engine.dispatch import constant
from ..engine.immutable_arrays import as_output
from ..engine.tensor import Tensor
from ..engine.trace import Trace, current_trace
from ..typing import TensorLike


def delivered(value: TensorLike, trace: Trace) -> Any:
    """Returns a result as a traced tensor if its trace is recording, else as a new array.

    Args:
        value: A tensor or array; anything else is returned unchanged.
        trace: The trace that computed it.
    """
    if not isinstance(value, (np.ndarray, Tensor)):
        return value
    if current_trace() is trace:
        return constant(trace, value) if isinstance(value, np.ndarray) else value
    return as_output(np.array(value.current().array if isinstance(value, Tensor) else value))
