"""`tf.debugging`, as far as Keras scripts use it."""

from typing import Any

import numpy as np

from ...config import disable_traceback_filtering, enable_traceback_filtering, is_traceback_filtering_enabled
from ...errors import ArgumentError, brief

__all__ = [
    "assert_all_finite",
    "assert_equal",
    "assert_near",
    "assert_shapes",
    "check_numerics",
    "disable_traceback_filtering",
    "enable_traceback_filtering",
    "is_traceback_filtering_enabled",
]


def assert_equal(x: Any, y: Any, message: str | None = None, summarize: int = 3, name: str | None = None) -> None:
    """Raises if two tensors differ in any element."""
    if not np.array_equal(*np.broadcast_arrays(np.asarray(x), np.asarray(y))):
        raise ArgumentError(
            message or f"tf.debugging.assert_equal: expected equal values. Received: {brief(x)}, {brief(y)}"
        )


def assert_near(
    x: Any, y: Any, rtol: float | None = None, atol: float | None = None, message: str | None = None
) -> None:
    """Raises if two tensors are not close; the default tolerance is ten times the machine epsilon."""
    bound = 10 * float(np.finfo(np.asarray(x).dtype).eps)
    if not np.allclose(x, y, bound if rtol is None else rtol, bound if atol is None else atol):
        raise ArgumentError(
            message or f"tf.debugging.assert_near: expected close values. Received: {brief(x)}, {brief(y)}"
        )


def assert_all_finite(x: Any, message: str, name: str | None = None) -> Any:
    """Raises if a tensor has NaN or infinite elements; else returns it."""
    if not np.all(np.isfinite(np.asarray(x))):
        raise ArgumentError(f"{message}: expected finite values. Received: {brief(x)}")
    return x


check_numerics = assert_all_finite


def assert_shapes(shapes: Any, message: str | None = None) -> None:
    """Raises if tensors do not match their shapes; equal symbols mean equal sizes.

    Args:
        shapes: Pairs of a tensor and a shape of integers, symbols and None.
    """
    known: dict = {}
    for value, shape in shapes.items() if isinstance(shapes, dict) else shapes:
        own = np.shape(value)
        fits = len(own) == len(shape) and all(
            want is None or known.setdefault(want, size if isinstance(want, str) else want) == size
            for want, size in zip(shape, own, strict=True)
        )
        if not fits:
            raise ArgumentError(message or f"tf.debugging.assert_shapes: expected shape {shape}. Received: {own}")
