"""Special functions: error functions, the cardinal sine and the modified Bessel function."""

import math
from collections.abc import Callable
from functools import wraps

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import call, op
from ..errors import DTypeError
from ..typing import Tensor, TensorLike
from .arithmetic import multiply, negative, true_divide
from .common.arguments import as_value, promoted
from .conversion import cast
from .exponents import exp, square

# Rational approximations of erf(x) / x in x^2 for |x| < 1, and of erfc(x) e^(x^2) for 1 <= x < 8, highest
# power first. S. L. Moshier, Cephes Mathematical Library, ndtr.c.
_ERF_TOP = (9.60497373987051638749e0, 9.00260197203842689217e1, 2.23200534594684319226e3,
            7.00332514112805075473e3, 5.55923013010394962768e4)  # fmt: skip
_ERF_BOTTOM = (1.0, 3.35617141647503099647e1, 5.21357949780152679795e2, 4.59432382970980127987e3,
               2.26290000613890934246e4, 4.92673942608635921086e4)  # fmt: skip
_ERFC_TOP = (2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0,
             4.86371970985681366614e1, 1.96520832956077098242e2, 5.26445194995477358631e2,
             9.34528527171957607540e2, 1.02755188689515710272e3, 5.57535335369399327526e2)  # fmt: skip
_ERFC_BOTTOM = (1.0, 1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2,
                9.75708501743205489753e2, 1.82390916687909736289e3, 2.24633760818710981792e3,
                1.65666309194161350182e3, 5.57535340817727675546e2)  # fmt: skip
_ERFC_TOP_FAR = (5.64189583547755073984e-1, 1.27536670759978104416e0, 5.01905042251180477414e0,
                 6.16021097993053585195e0, 7.40974269950448939160e0, 2.97886665372100240670e0)  # fmt: skip
_ERFC_BOTTOM_FAR = (1.0, 2.26052863220117276590e0, 9.39603524938001434673e0, 1.20489539808096656605e1,
                    1.70814450747565897222e1, 9.60896809063285878198e0, 3.36907645100081516050e0)  # fmt: skip
_ERFC_IS_FAR = 8.0
_ERF_IS_ONE = 6.0  # erf(x) rounds to 1 from here on, also in float64

# Rational approximations of the quantiles of the normal distribution: near the median, in the tails, and far in the
# tails, highest power first. M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988), PPND16.
_QUANTILE_TOPS = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
)  # fmt: skip
_QUANTILE_BOTTOMS = (
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip

# From where on the terms of the asymptotic series become smaller than the precision, the number of its terms, and that
# of the power series below.
_BESSEL_SERIES = {4: (12.0, 15, 24), 8: (20.0, 30, 50)}


_ERF_SLOPE = 2 / math.sqrt(math.pi)  # of erf(x) at 0


def _elementwise(name: str, kernel: Callable, vjp: Callable) -> Primitive:
    return Primitive(name, kernel, shape=lambda x, **params: (x.shape, x.dtype), vjps=(vjp,), elementwise=True)


def _polynomial(coefficients: tuple[float, ...], x: np.ndarray) -> np.ndarray:
    result = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        result *= x
        result += coefficient
    return result


def _at_least_single(kernel: Callable) -> Callable:
    """Lets a kernel compute halves in float32: float16 cannot represent the coefficients."""

    @wraps(kernel)
    def widened(x: np.ndarray, *args: int, **params: int) -> np.ndarray:
        wide = x.astype(np.float32) if x.dtype.itemsize < 4 else x
        return kernel(wide, *args, **params).astype(x.dtype, copy=False)

    return widened


@_at_least_single
def _erf_kernel(x: np.ndarray) -> np.ndarray:
    small = np.clip(x, -1, 1)
    squared = small * small
    near = small * (_polynomial(_ERF_TOP, squared) / _polynomial(_ERF_BOTTOM, squared))
    size = np.clip(np.abs(x), 1, _ERF_IS_ONE)
    far = 1 - np.exp(-size * size) * (_polynomial(_ERFC_TOP, size) / _polynomial(_ERFC_BOTTOM, size))
    return np.where(np.abs(x) < 1, near, np.copysign(far, x))


@_at_least_single
def _erfc_kernel(x: np.ndarray) -> np.ndarray:
    small = np.clip(x, -1, 1)
    squared = small * small
    near = 1 - small * (_polynomial(_ERF_TOP, squared) / _polynomial(_ERF_BOTTOM, squared))
    size = np.clip(np.abs(x), 1, 30)  # erfc(30) is 0 in float64, too
    middle = np.minimum(size, _ERFC_IS_FAR)
    ratio = _polynomial(_ERFC_TOP, middle) / _polynomial(_ERFC_BOTTOM, middle)
    if (size > _ERFC_IS_FAR).any():
        far = np.maximum(size, _ERFC_IS_FAR)
        far_ratio = _polynomial(_ERFC_TOP_FAR, far) / _polynomial(_ERFC_BOTTOM_FAR, far)
        ratio = np.where(size > _ERFC_IS_FAR, far_ratio, ratio)
    # e^(-x^2) from an x with few digits, whose square is exact, and the rest: rounding x^2 would cost precision.
    rounded = np.rint(size * 32) / 32
    rest = size - rounded
    tail = np.exp(-rounded * rounded) * np.exp(-rest * (size + rounded)) * ratio
    return np.where(np.abs(x) < 1, near, np.where(x < 0, 2 - tail, tail))


@_at_least_single
def _erfinv_kernel(x: np.ndarray) -> np.ndarray:
    size = np.abs(x)
    inner = np.clip(x, -0.85, 0.85)
    r = 0.180625 - inner * inner / 4
    found = inner / 2 * (_polynomial(_QUANTILE_TOPS[0], r) / _polynomial(_QUANTILE_BOTTOMS[0], r))
    if (size > 0.85).any():
        outer = np.sqrt(-np.log((1 - np.clip(size, 0.85, 1)) / 2))  # infinite at 1
        found = np.where(size > 0.85, np.copysign(_tail_quantile(outer), x), found)
    return np.where(size <= 1, found / math.sqrt(2), np.nan)


def _tail_quantile(r: np.ndarray) -> np.ndarray:
    near = np.minimum(r, 5) - 1.6
    found = _polynomial(_QUANTILE_TOPS[1], near) / _polynomial(_QUANTILE_BOTTOMS[1], near)
    if (r > 5).any():
        far = np.clip(r, 5, 50) - 5
        far = _polynomial(_QUANTILE_TOPS[2], far) / _polynomial(_QUANTILE_BOTTOMS[2], far)
        found = np.where(r > 5, np.where(np.isinf(r), r, far), found)
    return found


@_at_least_single
def _bessel_kernel(x: np.ndarray, order: int) -> np.ndarray:
    """Returns the modified Bessel function of the first kind and of an integer order."""
    size = np.abs(x)
    limit, far_terms, near_terms = _BESSEL_SERIES[x.dtype.itemsize]
    half = np.minimum(size, limit) / 2
    squared = half * half
    result = np.ones_like(size)  # the power series; all of its terms are positive
    for number in range(near_terms, 0, -1):
        result *= squared * (1 / (number * (number + order)))
        result += 1
    result *= half**order / math.factorial(order)
    if (size > limit).any():
        far = np.clip(size, limit, 2000)  # infinite from 714 on
        series = np.ones_like(far)
        for number in range(far_terms, 0, -1):
            series *= ((2 * number - 1) ** 2 - 4 * order**2) / (8 * number) / far
            series += 1
        # In two factors, as e^x overflows before the quotient does.
        root = np.exp(far / 2)
        result = np.where(size > limit, root / np.sqrt(2 * np.pi * far) * series * root, result)
    return np.where(x < 0, -result, result) if order % 2 else result


@_at_least_single
def _sinc_kernel(x: np.ndarray, order: int) -> np.ndarray:
    """Returns a derivative of `sin(pi x) / (pi x)`; order 0 is the function itself."""
    angle = x * np.pi
    if order == 0:
        found = np.asarray(np.sin(angle) / angle)
        np.putmask(found, angle == 0, 1)  # instead of NaN
        return found
    is_near = np.abs(angle) < 2 + order
    away = np.where(is_near, 1, angle)
    # With s(x) = sin(x) / x, the derivatives of x s(x) = sin(x) are x s^(k) + k s^(k - 1) = sin(x + k pi / 2).
    found = np.sin(away) / away
    for number in range(1, order + 1):
        found = ((np.cos, np.sin)[number % 2 - 1](away) * (1, 1, -1, -1)[number % 4] - number * found) / away
    if is_near.any():
        found = np.where(is_near, _sinc_series(np.where(is_near, angle, 0), order), found)
    return found * np.pi**order


def _sinc_series(angle: np.ndarray, order: int) -> np.ndarray:
    """Returns a derivative of `sin(x) / x` from its power series."""
    first = (order + 1) // 2
    squared = angle * angle
    result = np.zeros_like(angle)
    for number in range(first + 14 + order, first - 1, -1):
        coefficient = (-1) ** number / ((2 * number + 1) * math.factorial(2 * number - order))
        result *= squared
        result += coefficient
    return result * angle if order % 2 else result


_ERF = _elementwise("erf", _erf_kernel, lambda g, y, x: g * _ERF_SLOPE * exp(negative(square(x))))
_ERFC = _elementwise("erfc", _erfc_kernel, lambda g, y, x: g * -_ERF_SLOPE * exp(negative(square(x))))
_ERFINV = _elementwise("erfinv", _erfinv_kernel, lambda g, y, x: g * (1 / _ERF_SLOPE) * exp(square(y)))
_BESSEL = _elementwise("bessel", _bessel_kernel, lambda g, y, x, order: g * _bessel_slope(x, order))
_SINC = _elementwise("sinc", _sinc_kernel, lambda g, y, x, order: g * apply(_SINC, x, order=order + 1))


def _bessel_slope(x: object, order: int) -> object:
    if order == 0:
        return apply(_BESSEL, x, order=1)
    return (apply(_BESSEL, x, order=order - 1) + apply(_BESSEL, x, order=order + 1)) / 2


@op("math.Erf")
def erf(x: TensorLike) -> Tensor:
    """Returns the error function of each element.

    `2 / sqrt(pi) * integral of e^(-t^2) from 0 to x`

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(erf(1.0))
        0.8427008
    """
    return apply(_ERF, _real("erf", x))


@op("math.Erfc")
def erfc(x: TensorLike) -> Tensor:
    """Returns the complementary error function of each element, accurate also where erf(x) is almost 1.

    `1 - erf(x)`

    Raises:
        DTypeError: If they are complex.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(erfc(3.0))
        2.2090499e-05
    """
    return apply(_ERFC, _real("erfc", x))


@op("math.Erfinv")
def erfinv(x: TensorLike) -> Tensor:
    """Returns the inverse of the error function of each element: infinite at -1 and 1, NaN beyond them.

    Raises:
        DTypeError: If they are complex.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> print(erfinv(0.5))
        0.4769362
    """
    return apply(_ERFINV, _real("erfinv", x))


@op("numpy.I0")
def i0(x: TensorLike) -> Tensor:
    """Returns the modified Bessel function of the first kind, of order 0, of each element.

    `1 / pi * integral of e^(x cos(t)) from t = 0 to pi`

    Raises:
        DTypeError: If they are complex.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(i0(1.0))
        1.2660658
    """
    x = as_value(x)
    return apply(_BESSEL, _real("i0", cast(x, "float64") if dtype_of(x) == "int64" else x), order=0)


@op("numpy.Sinc")
def sinc(x: TensorLike) -> Tensor:
    """Returns the normalized cardinal sine of each element, 1 at 0.

    `sin(pi x) / (pi x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(sinc(0.5))
        0.63661975
    """
    (x,) = promoted(x, to_float=True)
    if dtype_of(x) not in COMPLEX:
        return apply(_SINC, x, order=0)
    angle = multiply(x, math.pi)
    safe = call("where", angle == 0, cast(1, dtype_of(x)), angle)
    return call("where", angle == 0, cast(1, dtype_of(x)), true_divide(call("sin", safe), safe))


def _real(name: str, x: TensorLike) -> Tensor:
    """Returns numbers as floats."""
    (x,) = promoted(x, to_float=True)
    if "float" not in dtype_of(x):
        raise DTypeError(f"`{name}` expects real numbers. Received: a tensor of {dtype_of(x)}")
    return x
