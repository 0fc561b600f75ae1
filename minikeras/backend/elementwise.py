"""Elementwise functions."""

from typing import Any

from .. import ops
from ..tracebacks import filtered


@filtered
def pow(x: Any, a: Any) -> Any:
    """Returns `x ** a`.

    Example:
        >>> pow([1.0, 2.0, 3.0], 2)
        array([1., 4., 9.], dtype=float32)
    """
    return ops.power(x, a)


@filtered
def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """Clips values to a range; None means no bound on that side.

    Example:
        >>> clip(np.float32([-1, 0.5, 7]), 0, None)
        array([0. , 0.5, 7. ], dtype=float32)
    """
    if isinstance(min_value, (int, float)) and isinstance(max_value, (int, float)):
        max_value = max_value if max_value > min_value else min_value
    x = x if min_value is None else ops.maximum(x, min_value)
    return x if max_value is None else ops.minimum(x, max_value)


@filtered
def elu(x: Any, alpha: float = 1.0) -> Any:
    """Exponential linear unit: `x` if it is positive, else `alpha * (exp(x) - 1)`.

    Example:
        >>> elu(np.float32([-1, 0, 2])).round(3)  # exp(-1) - 1 = -0.632
        array([-0.632,  0.   ,  2.   ], dtype=float32)
    """
    return ops.elu(x, alpha)


@filtered
def hard_sigmoid(x: Any) -> Any:
    """Hard sigmoid of Keras 2: `0.2 x + 0.5`, clipped to [0, 1]. (That of Keras 3 is `x / 6 + 0.5`.)

    Example:
        >>> hard_sigmoid(np.float32([-3, 0, 1]))
        array([0. , 0.5, 0.7], dtype=float32)
    """
    return clip(x * 0.2 + 0.5, 0.0, 1.0)


@filtered
def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """Rectified linear unit: `x` from `threshold` up to `max_value`, `alpha * (x - threshold)` below.

    Example:
        >>> relu(np.float32([-2, 1, 9]), alpha=0.5, max_value=4)
        array([-1.,  1.,  4.], dtype=float32)
    """
    above = ops.where(ops.greater(x, threshold), x, 0.0) if threshold else ops.relu(x)
    if max_value is not None:
        above = ops.minimum(above, max_value)
    return above - alpha * ops.relu(threshold - x) if alpha else above
