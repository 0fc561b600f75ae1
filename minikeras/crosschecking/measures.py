"""Differences between results, and the properties of layers that are compared."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def largest_difference(first: Sequence, second: Sequence) -> float:
    """Returns the largest absolute difference between elements of arrays; infinite if only one of a pair is NaN.

    Args:
        first: Arrays.
        second: As many arrays of the same shapes.

    Raises:
        ValueError: If the numbers of arrays or their shapes differ.

    Example:
        >>> largest_difference([np.array([1.0, np.nan])], [np.array([1.5, np.nan])])
        0.5
    """
    return max((_difference(a, b) for a, b in zip(first, second, strict=True)), default=0.0)


def relative_difference(first: Any, second: Any) -> float:
    """Returns the largest absolute difference between two arrays, divided by the largest absolute value in the second.

    The difference of an element is not relative to that element: a sum of large values that happens to be close to 0
    has no significant digits on which two libraries could agree.

    Example:
        >>> relative_difference([1.0, 2.0], [1.0, 4.0])
        0.5
    """
    difference = _difference(first, second)
    if difference == 0.0:
        return 0.0
    finite = np.abs(np.asarray(second, dtype="float64"))
    finite = finite[np.isfinite(finite)]
    size = float(finite.max()) if finite.size else 0.0
    return difference / size if size else np.inf


def _difference(first: Any, second: Any) -> float:
    first, second = np.asarray(first, dtype="float64"), np.asarray(second, dtype="float64")
    if first.shape != second.shape:
        raise ValueError(f"Arrays of different shapes have no difference. Received: {first.shape} and {second.shape}")
    with np.errstate(invalid="ignore"):
        found = np.where((first == second) | (np.isnan(first) & np.isnan(second)), 0.0, np.abs(first - second))
    return float(np.where(np.isnan(found), np.inf, found).max(initial=0.0))


def class_name(layer: Any) -> str:
    """Returns the class name of a layer of either library, as in its config."""
    return getattr(layer, "class_name", None) or type(layer).__name__


def output_shapes(layer: Any) -> Any:
    """Returns the output shape of a layer's first symbolic call, or of a model; a list if there are several outputs."""
    try:
        output = layer.outputs if hasattr(layer, "outputs") else layer.output
        output = output[0] if isinstance(output, list) and len(output) == 1 else output
    except (AttributeError, ValueError):
        return None
    values = list(output.values()) if isinstance(output, dict) else output
    return [tuple(each.shape) for each in values] if isinstance(values, (list, tuple)) else tuple(values.shape)


def parameters(layer: Any) -> int:
    """Returns the number of parameters of a layer."""
    return sum(int(np.prod(weight.shape, dtype=np.int64)) for weight in layer.weights)
