"""Exponentials, logarithms, powers and roots."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of, is_inexact
from ..engine.primitive import Primitive
from ..engine.registry import call, op
from ..engine.specialization import specialized
from ..errors import ArgumentError
from ..typing import Tensor, TensorLike
from .common.arguments import as_float, as_value, promoted, wide, without_booleans
from .common.elementwise import binary, unary
from .conversion import cast


def _complex_logaddexp_kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    larger = np.maximum(x, y)
    result = larger + np.log1p(np.exp(np.minimum(x, y) - larger))
    result.imag -= 2 * np.pi * np.ceil(result.imag / (2 * np.pi) - 0.5)  # to the interval (-pi, pi]
    return result


_SINGLE_POWERS = {2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal}


def _power_kernel(x: np.ndarray, exponent: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    # As numpy's `**` does; the generic kernel may differ in the last bit for these exponents.
    if exponent.ndim == 0 and exponent.dtype == x.dtype and x.dtype.kind == "f":
        ufunc = _SINGLE_POWERS.get(float(exponent))
        if ufunc is not None:
            return ufunc(x, out=out)
    return np.power(x, exponent, out=out)


def _integer_power_kernel(x: np.ndarray, exponent: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    if exponent.dtype.kind == "i" and exponent.min(initial=0) < 0:
        raise ArgumentError(
            f"`power` of integers expects exponents of at least 0. Received: exponents down to {exponent.min()}"
        )
    return np.power(x, exponent, out=out)


# From numpy 2.3 on, `np.power` does the same.
_KERNEL_OF_POWER = np.power if np.lib.NumpyVersion(np.__version__) >= "2.3.0" else _power_kernel
_POWER = binary(
    "power",
    _KERNEL_OF_POWER,
    lambda g, y, a, b: g * b * power(a, b - 1),
    lambda g, y, a, b: g * y * log(_where_positive(a)),
)
_INTEGER_POWER = binary("power", _integer_power_kernel, None, None)
_EXP = unary("exp", np.exp, lambda g, y, x: g * y)
_LOG = unary("log", np.log, lambda g, y, x: g / x)
_LOG1P = unary("log1p", np.log1p, lambda g, y, x: g / (x + 1))
_SQRT = unary("sqrt", np.sqrt, lambda g, y, x: g * 0.5 / y)
_SQUARE = unary("square", np.square, lambda g, y, x: g * 2 * x)


def _where_positive(x: object) -> object:
    return call("where", x != 0 if dtype_of(x) in COMPLEX else x > 0, x, cast(1, dtype_of(x)))


def _rsqrt_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    out = np.asarray(np.sqrt(x, out=out))
    return np.reciprocal(out, out=out)


_EXP2 = unary("exp2", np.exp2, lambda g, y, x: g * y * math.log(2))
_LOG2 = unary("log2", np.log2, lambda g, y, x: g / (x * math.log(2)))
_LOG10 = unary("log10", np.log10, lambda g, y, x: g / (x * math.log(10)))
_RSQRT = unary("rsqrt", _rsqrt_kernel, lambda g, y, x: g * -0.5 * y * square(y))
_CBRT = unary("cbrt", np.cbrt, lambda g, y, x: g / (square(y) * 3))
_LOGADDEXP = binary("logaddexp", np.logaddexp, lambda g, y, a, b: g * exp(a - y), lambda g, y, a, b: g * exp(b - y))
_LOGADDEXP2 = binary(
    "logaddexp2", np.logaddexp2, lambda g, y, a, b: g * exp2(a - y), lambda g, y, a, b: g * exp2(b - y)
)
# numpy has none of complex numbers.
_COMPLEX_LOGADDEXP = Primitive(
    "logaddexp",
    _complex_logaddexp_kernel,
    shape=_LOGADDEXP.shape,
    vjps=_LOGADDEXP.vjps,
)
_EXPM1 = unary("expm1", np.expm1, lambda g, y, x: g * (y + 1))


@specialized
@op("numpy.Power")
def power(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Raises the first argument to the power of the second, element by element.

    `x1 ** x2`, in the common dtype of both.

    Raises:
        ArgumentError: If an integer has a negative exponent.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(power(1.0, 2.0))
        1.0
    """
    x1, x2 = without_booleans(*promoted(x1, x2))
    return apply(_POWER if is_inexact(dtype_of(x1)) else _INTEGER_POWER, x1, x2)


@op("numpy.Exp")
def exp(x: TensorLike) -> Tensor:
    """Returns the exponential of each element.

    `e^x`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(exp(4.0))
        54.59815
    """
    return apply(_EXP, as_float(x))


@op("numpy.Log")
def log(x: TensorLike) -> Tensor:
    """Returns the natural logarithm of each element.

    `ln x`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(log(4.0))
        1.3862944
    """
    return apply(_LOG, as_float(x))


@op("numpy.Log1p")
def log1p(x: TensorLike) -> Tensor:
    """Returns ln(1 + x), accurate also for small x.

    `ln(1 + x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(log1p(4.0))
        1.609438
    """
    return apply(_LOG1P, as_float(x))


@op("numpy.Sqrt")
def sqrt(x: TensorLike) -> Tensor:
    """Returns the square root of each element.

    `x^(1/2)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(sqrt(4.0))
        2.0
    """
    return apply(_SQRT, as_float(x))


@op("numpy.Square")
def square(x: TensorLike) -> Tensor:
    """Returns the square of each element.

    `x^2`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(square(4.0))
        16.0
    """
    x = as_value(x)
    return apply(_SQUARE, cast(x, "int32") if dtype_of(x) == "bool" else x)


@op("numpy.Exp2")
def exp2(x: TensorLike) -> Tensor:
    """Raises 2 to the power of each element.

    `2^x`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(exp2(3.0))
        8.0
    """
    return apply(_EXP2, *promoted(x, to_float=True))


@op("numpy.Log2")
def log2(x: TensorLike) -> Tensor:
    """Returns the base-2 logarithm of each element.

    `log2(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(log2(8.0))
        3.0
    """
    return apply(_LOG2, *promoted(x, to_float=True))


@op("numpy.Log10")
def log10(x: TensorLike) -> Tensor:
    """Returns the base-10 logarithm of each element.

    `log10(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(log10(10.0))
        1.0
    """
    return apply(_LOG10, *promoted(x, to_float=True))


@op("math.Rsqrt")
def rsqrt(x: TensorLike) -> Tensor:
    """Returns the reciprocal of the square root of each element.

    `x^(-1/2)`

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(rsqrt(4.0))
        0.5
    """
    return apply(_RSQRT, *promoted(x, to_float=True))


@op("numpy.Cbrt")
def cbrt(x: TensorLike) -> Tensor:
    """Returns the cube root of each element.

    `x^(1/3)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(cbrt(8.0))
        2.0
    """
    return apply(_CBRT, *wide(x))


@op("numpy.Logaddexp")
def logaddexp(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the logarithm of the sum of exponentials of the arguments, without overflow.

    `ln(e^x1 + e^x2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(logaddexp(0.0, 0.0))
        0.6931472
    """
    x1, x2 = promoted(as_value(x1), as_value(x2), to_float=True)
    return apply(_COMPLEX_LOGADDEXP if dtype_of(x1) in COMPLEX else _LOGADDEXP, x1, x2)


@op("numpy.Logaddexp2")
def logaddexp2(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the base-2 logarithm of the sum of two powers of 2, without overflow.

    `log2(2^x1 + 2^x2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(logaddexp2(3.0, 3.0))
        4.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2), to_float=True)
    if dtype_of(x1) in COMPLEX:
        scaled = [call("multiply", x, math.log(2)) for x in (x1, x2)]
        return call("multiply", logaddexp(*scaled), 1 / math.log(2))
    return apply(_LOGADDEXP2, x1, x2)


@op("numpy.Expm1")
def expm1(x: TensorLike) -> Tensor:
    """Returns e^x - 1, accurate also for small x.

    `e^x - 1`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(expm1(1e-10))
        1e-10
    """
    return apply(_EXPM1, *promoted(x, to_float=True))
