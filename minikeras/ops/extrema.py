"""Elementwise maxima and minima, and clipping."""

from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, check_real, promoted
from .common.eager import computed, is_eager
from .common.elementwise import binary
from .conversion import cast
from .logic import isnan
from .selection import where

# On a tie the first argument receives the whole gradient, as in TensorFlow.
_MAXIMUM = binary(
    "maximum",
    np.maximum,
    lambda g, y, a, b: g * cast(a >= b, dtype_of(g)),
    lambda g, y, a, b: g * cast(a < b, dtype_of(g)),
)
_MINIMUM = binary(
    "minimum",
    np.minimum,
    lambda g, y, a, b: g * cast(a <= b, dtype_of(g)),
    lambda g, y, a, b: g * cast(a > b, dtype_of(g)),
)


@op("numpy.Maximum")
def maximum(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise maximum; NaNs propagate.

    `max(x1, x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(maximum(1.0, 2.0))
        2.0
    """
    return apply(_MAXIMUM, *promoted(x1, x2))


@op("numpy.Minimum")
def minimum(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise minimum; NaNs propagate.

    `min(x1, x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(minimum(1.0, 2.0))
        1.0
    """
    return apply(_MINIMUM, *promoted(x1, x2))


def _are_numbers_for(x: np.ndarray, *bounds: object) -> bool:
    """Returns whether numbers of Python are bounds that take the dtype of an array."""
    fitting = {"f": (float, int), "i": (int,), "u": (int,)}.get(x.dtype.kind, ())
    return all(type(bound) in fitting for bound in bounds)


def _clip_kernel(x: np.ndarray, x_min: float, x_max: float) -> np.ndarray:
    return np.minimum(np.maximum(x, x_min), x_max)


@op("numpy.Clip", settings="x_min x_max")
def clip(x: TensorLike, x_min: TensorLike, x_max: TensorLike) -> Tensor:
    """Clips elements to the interval [x_min, x_max].

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> clip([-1.0, 0.5, 2.0], 0.0, 1.0)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    if is_eager(x) and _are_numbers_for(x, x_min, x_max):
        return computed(_clip_kernel, x, x_min, x_max)
    x = as_value(x)
    check_real("clip", x, *[bound for bound in (x_min, x_max) if hasattr(bound, "dtype")])
    x = cast(x, "int32") if dtype_of(x) == "bool" else x
    return cast(minimum(maximum(x, x_min), x_max), dtype_of(x))


@op("numpy.Fmax")
def fmax(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise maximum, ignoring NaNs.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmax(1.0, float("nan")))
        1.0
    """
    return _ignoring_nan(maximum, x1, x2)


@op("numpy.Fmin")
def fmin(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise minimum, ignoring NaNs.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmin(1.0, float("nan")))
        1.0
    """
    return _ignoring_nan(minimum, x1, x2)


def _ignoring_nan_kernel(x1: np.ndarray, x2: np.ndarray, choose: np.ufunc) -> np.ndarray:
    found = choose(x1, x2)
    if not np.count_nonzero(np.isnan(found)):
        return found
    return choose(np.where(np.isnan(x1), x2, x1), np.where(np.isnan(x2), x1, x2))


def _ignoring_nan(choose: Callable, x1: object, x2: object) -> object:
    x1, x2 = promoted(x1, x2)
    if "float" not in dtype_of(x1):
        return choose(x1, x2)
    if is_eager(x1, x2) and x1.shape == x2.shape:
        return computed(_ignoring_nan_kernel, x1, x2, np.maximum if choose is maximum else np.minimum)
    return choose(where(isnan(x1), x2, x1), where(isnan(x2), x1, x2))
