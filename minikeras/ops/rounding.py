"""Signs, whole parts and remainders, and what becomes of values that are no numbers."""

from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.registry import op
from .comparison import equal, isnan, where
from .core import as_float, as_value, cast, convert_to_tensor, promoted, wide
from .elementwise import absolute, binary, maximum, minimum, negative, unary

_TRUNC = unary("trunc", np.trunc, None)
_SIGNBIT = unary("signbit", np.signbit, None, "bool")
_FMOD = binary("fmod", np.fmod, lambda g, y, a, b: g, lambda g, y, a, b: negative(g * trunc(a / b)))


@op("numpy.Trunc")
def trunc(x: object) -> object:
    """Cuts off what comes after the point of each element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(trunc(-2.7))
        -2.0
    """
    x = convert_to_tensor(x)
    return apply(_TRUNC, x) if "float" in dtype_of(x) else x


@op("numpy.Signbit")
def signbit(x: object) -> object:
    """Tells which elements are negative, with -0.0 among them.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> signbit([-1.0, 0.0, 1.0])
        array([ True, False, False])
    """
    return apply(_SIGNBIT, as_float(x))


@op("numpy.Fmod")
def fmod(x1: object, x2: object) -> object:
    """Returns the remainder of the division, with the sign of the dividend.

    `x1 - x2 * trunc(x1 / x2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmod(-7.0, 3.0))
        -1.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))  # as in Keras, Python numbers are not weak here
    return apply(_FMOD, *(cast(x, "int32") if dtype_of(x) == "bool" else x for x in (x1, x2)))


@op("numpy.Absolute")
def abs(x: object) -> object:
    """Returns the absolute value of each element; the same as `absolute`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(abs(-3))
        3
    """
    return absolute(x)


@op("numpy.Fabs")
def fabs(x: object) -> object:
    """Returns the absolute value of each element as a float.

    `|x|`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fabs(-3))
        3.0
    """
    return absolute(as_float(x))


@op("numpy.Fmax")
def fmax(x1: object, x2: object) -> object:
    """Returns the larger of two values, element by element; if one is not a number, the other.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmax(1.0, float("nan")))
        1.0
    """
    return _ignoring_nan(maximum, x1, x2)


@op("numpy.Fmin")
def fmin(x1: object, x2: object) -> object:
    """Returns the smaller of two values, element by element; if one is not a number, the other.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmin(1.0, float("nan")))
        1.0
    """
    return _ignoring_nan(minimum, x1, x2)


def _ignoring_nan(choose: Callable, x1: object, x2: object) -> object:
    x1, x2 = promoted(x1, x2)
    if "float" not in dtype_of(x1):
        return choose(x1, x2)
    return choose(where(isnan(x1), x2, x1), where(isnan(x2), x1, x2))


@op("numpy.Heaviside")
def heaviside(x1: object, x2: object) -> object:
    """Returns the step function: 0 for negative elements, 1 for positive ones, and `x2` for 0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> heaviside([-2.0, 0.0, 2.0], 0.5)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    x1, x2 = wide(x1, x2)
    dtype = dtype_of(x1)
    return where(x1 < 0, cast(0, dtype), where(x1 > 0, cast(1, dtype), x2))


@op("numpy.NanToNum", settings="nan posinf neginf")
def nan_to_num(x: object, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> object:
    """Replaces what is not a number, and infinities.

    Args:
        x: A value of any shape.
        nan: What takes the place of NaN.
        posinf: What takes the place of infinity; the largest number of the type if None.
        neginf: What takes the place of minus infinity; the smallest number of the type if None.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> nan_to_num([1.0, float("nan"), float("inf")], posinf=9.0)
        array([1., 0., 9.], dtype=float32)
    """
    x = as_value(x)
    dtype = dtype_of(x)
    if "float" not in dtype:
        return x
    limits = np.finfo(dtype)
    posinf, neginf = limits.max if posinf is None else posinf, limits.min if neginf is None else neginf
    for found, value in ((isnan(x), nan), (equal(x, float("inf")), posinf), (equal(x, float("-inf")), neginf)):
        x = where(found, cast(float(value), dtype), x)
    return x
