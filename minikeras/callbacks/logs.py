"""Turns what the training loop measured into what users see: plain dicts of Python floats.

The loop hands its measurements over unread, because reading them takes time and often nobody looks.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Logs = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None


def python_logs(logs: Logs) -> dict[str, Any]:
    """Returns logs as a new flat dict, sorted by name, with Python floats for numbers.

    Args:
        logs: A dict, a function without arguments that returns one, or `None`. A dict inside the
            dict is merged into it. What is not a single number (the outputs in `predict`, say) stays
            as it is.

    Returns:
        The dict; empty for `None`.

    Example:
        >>> python_logs(lambda: {"loss": np.float32(0.5), "accuracy": 1})
        {'accuracy': 1.0, 'loss': 0.5}
    """
    if callable(logs):
        logs = logs()
    result: dict[str, Any] = {}
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, dict):
            result.update(python_logs(value))
        else:
            result[name] = _python_number(value)
    return result


def _python_number(value: Any) -> Any:
    # An array of one element is still an array: predicting a single sample must not change the type.
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return np.asarray(value)  # a plain one: under `minikeras run` it may be a tensor of TensorFlow's kind
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
