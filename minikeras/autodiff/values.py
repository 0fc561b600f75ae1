"""What leaves a tape or a differentiated function: traced while something records, else the user's own arrays."""

from typing import Any

import numpy as np

from ..engine.dispatch import constant
from ..engine.immutable_arrays import handed_out
from ..engine.tensor import Tensor
from ..engine.trace import Trace, current_trace
from ..typing import TensorLike


def delivered(value: TensorLike, trace: Trace) -> Any:
    """Returns a result as a traced value if its trace is recording, else as a new array.

    Args:
        value: A traced value or an array; anything else stays as it is.
        trace: The trace in which it was computed.
    """
    if not isinstance(value, (np.ndarray, Tensor)):
        return value
    if current_trace() is trace:
        return constant(trace, value) if isinstance(value, np.ndarray) else value
    return handed_out(np.array(value.current().array if isinstance(value, Tensor) else value))
