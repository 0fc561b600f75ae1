"""Powers, roots and logarithms of other bases than e and 2, and sums of exponentials of two values."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.registry import op
from .core import as_value, promoted, wide
from .elementwise import binary, exp, negative, square, unary


def _rsqrt_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    out = np.asarray(np.sqrt(x, out=out))
    return np.reciprocal(out, out=out)


_EXP2 = unary("exp2", np.exp2, lambda g, y, x: g * y * math.log(2))
_LOG2 = unary("log2", np.log2, lambda g, y, x: g / (x * math.log(2)))
_LOG10 = unary("log10", np.log10, lambda g, y, x: g / (x * math.log(10)))
_RECIPROCAL = unary("reciprocal", np.reciprocal, lambda g, y, x: negative(g * square(y)))
_RSQRT = unary("rsqrt", _rsqrt_kernel, lambda g, y, x: g * -0.5 * y * square(y))
_CBRT = unary("cbrt", np.cbrt, lambda g, y, x: g / (square(y) * 3))
_LOGADDEXP = binary("logaddexp", np.logaddexp, lambda g, y, a, b: g * exp(a - y), lambda g, y, a, b: g * exp(b - y))
_LOGADDEXP2 = binary(
    "logaddexp2", np.logaddexp2, lambda g, y, a, b: g * exp2(a - y), lambda g, y, a, b: g * exp2(b - y)
)


@op("numpy.Exp2")
def exp2(x: object) -> object:
    """Raises 2 to the power of each element.

    `2^x`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(exp2(3.0))
        8.0
    """
    return apply(_EXP2, *promoted(x, to_float=True))


@op("numpy.Log2")
def log2(x: object) -> object:
    """Returns the logarithm of each element to the base 2.

    `log2(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(log2(8.0))
        3.0
    """
    return apply(_LOG2, *promoted(x, to_float=True))


@op("numpy.Log10")
def log10(x: object) -> object:
    """Returns the logarithm of each element to the base 10.

    `log10(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(log10(10.0))
        1.0
    """
    return apply(_LOG10, *promoted(x, to_float=True))


@op("numpy.Reciprocal")
def reciprocal(x: object) -> object:
    """Returns 1 divided by each element.

    `1 / x`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(reciprocal(4.0))
        0.25
    """
    return apply(_RECIPROCAL, *promoted(x, to_float=True))


@op("math.Rsqrt")
def rsqrt(x: object) -> object:
    """Returns 1 divided by the square root of each element.

    `x^(-1/2)`

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(rsqrt(4.0))
        0.5
    """
    return apply(_RSQRT, *promoted(x, to_float=True))


@op("numpy.Cbrt")
def cbrt(x: object) -> object:
    """Returns the cube root of each element.

    `x^(1/3)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(cbrt(8.0))
        2.0
    """
    return apply(_CBRT, *wide(x))


@op("numpy.Logaddexp")
def logaddexp(x1: object, x2: object) -> object:
    """Returns the logarithm of the sum of two exponentials, without overflow.

    `ln(e^x1 + e^x2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(logaddexp(0.0, 0.0))
        0.6931472
    """
    return apply(_LOGADDEXP, *promoted(as_value(x1), as_value(x2), to_float=True))


@op("numpy.Logaddexp2")
def logaddexp2(x1: object, x2: object) -> object:
    """Returns the logarithm, to the base 2, of the sum of two powers of 2, without overflow.

    `log2(2^x1 + 2^x2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(logaddexp2(3.0, 3.0))
        4.0
    """
    return apply(_LOGADDEXP2, *promoted(as_value(x1), as_value(x2), to_float=True))
