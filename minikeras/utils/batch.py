"""Batches as `train_step` receives them: packed by `fit`, unpacked by the step."""

from typing import Any

from ..errors import ArgumentError, brief
from ..tracebacks import filtered


@filtered
def unpack_x_y_sample_weight(data: Any) -> tuple:
    """Returns the inputs, labels and sample weights of a batch; None for missing parts.

    Args:
        data: The batch passed to `train_step`, `test_step` or `predict_step`: the inputs alone, or a tuple of
            one to three parts.

    Raises:
        ArgumentError: If it is a tuple of another length.

    Source: https://keras.io/api/utils/

    Example:
        >>> unpack_x_y_sample_weight(([1.0], [2.0]))
        ([1.0], [2.0], None)
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ArgumentError(
            f"A batch is `x`, `(x, y)` or `(x, y, sample_weight)`. Received: {len(data)} parts, {brief(data)}"
        )
    return (*data, None, None)[:3]


@filtered
def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """Returns a batch as `fit` passes it to `train_step`: `x`, `(x, y)` or `(x, y, sample_weight)`.

    Args:
        x: The inputs; a list or tuple of inputs alone is wrapped in a tuple.
        y: The labels, or None.
        sample_weight: The weights of the examples, or None.

    Source: https://keras.io/api/utils/

    Example:
        >>> pack_x_y_sample_weight([1.0]), pack_x_y_sample_weight(1.0), pack_x_y_sample_weight(1.0, 2.0)
        (([1.0],), 1.0, (1.0, 2.0))
    """
    if sample_weight is not None:
        return x, y, sample_weight
    if y is not None:
        return x, y
    return (x,) if isinstance(x, (list, tuple)) else x
