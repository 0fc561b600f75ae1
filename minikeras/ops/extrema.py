"""Elementwise maxima and minima, and clipping."""

from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.specialization import specialized
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, check_real, promoted
from .common.elementwise import binary
from .conversion import cast
from .logic import isnan, logical_and, logical_not, logical_or
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


def _ignoring(name: str, kernel: np.ufunc, is_second: Callable) -> Primitive:
    """Returns the primitive of an extremum ignoring NaNs; `is_second` tells where the second argument is it."""

    def second(a: object, b: object) -> object:
        return logical_or(is_second(a, b), logical_and(isnan(a), logical_not(isnan(b))))

    return binary(
        name,
        kernel,
        lambda g, y, a, b: where(second(a, b), cast(0, dtype_of(g)), g),
        lambda g, y, a, b: where(second(a, b), g, cast(0, dtype_of(g))),
    )


_FMAX = _ignoring("fmax", np.fmax, lambda a, b: a < b)
_FMIN = _ignoring("fmin", np.fmin, lambda a, b: a > b)


@specialized
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


@specialized
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


@specialized
@op("numpy.Clip", settings="x_min x_max")
def clip(x: TensorLike, x_min: TensorLike, x_max: TensorLike) -> Tensor:
    """Clips elements to the interval [x_min, x_max].

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> clip([-1.0, 0.5, 2.0], 0.0, 1.0)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    x = as_value(x)
    check_real("clip", x, *[bound for bound in (x_min, x_max) if hasattr(bound, "dtype")])
    x = cast(x, "int32") if dtype_of(x) == "bool" else x
    return cast(minimum(maximum(x, x_min), x_max), dtype_of(x))


@specialized
@op("numpy.Fmax")
def fmax(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise maximum, ignoring NaNs.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmax(1.0, float("nan")))
        1.0
    """
    return _ignoring_nan(_FMAX, maximum, x1, x2)


@specialized
@op("numpy.Fmin")
def fmin(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise minimum, ignoring NaNs.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmin(1.0, float("nan")))
        1.0
    """
    return _ignoring_nan(_FMIN, minimum, x1, x2)


def _ignoring_nan(primitive: Primitive, choose: Callable, x1: object, x2: object) -> object:
    x1, x2 = promoted(x1, x2)
    return apply(primitive, x1, x2) if "float" in dtype_of(x1) else choose(x1, x2)
