"""Trigonometric and hyperbolic functions, their inverses, and conversion between degrees and radians."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of
from ..engine.registry import op
from ..engine.specialization import specialized
from ..typing import Tensor, TensorLike
from .arithmetic import add, divide, multiply, negative
from .common.arguments import as_float, as_value, promoted, wide
from .common.elementwise import binary, unary
from .exponents import log, sqrt, square

_SIN = unary("sin", np.sin, lambda g, y, x: g * cos(x))
_COS = unary("cos", np.cos, lambda g, y, x: negative(g * sin(x)))
_TAN = unary("tan", np.tan, lambda g, y, x: g * (square(y) + 1))
_ARCSIN = unary("arcsin", np.arcsin, lambda g, y, x: g / sqrt(1 - square(x)))
_ARCCOS = unary("arccos", np.arccos, lambda g, y, x: negative(g / sqrt(1 - square(x))))
_ARCTAN = unary("arctan", np.arctan, lambda g, y, x: g / (square(x) + 1))
_ARCTAN2 = binary(
    "arctan2",
    np.arctan2,
    lambda g, y, a, b: g * b / (square(a) + square(b)),
    lambda g, y, a, b: negative(g * a / (square(a) + square(b))),
)
_HYPOT = binary("hypot", np.hypot, lambda g, y, a, b: g * a / y, lambda g, y, a, b: g * b / y)
_SINH = unary("sinh", np.sinh, lambda g, y, x: g * cosh(x))
_COSH = unary("cosh", np.cosh, lambda g, y, x: g * sinh(x))
_ARCSINH = unary("arcsinh", np.arcsinh, lambda g, y, x: g / sqrt(square(x) + 1))
_ARCCOSH = unary("arccosh", np.arccosh, lambda g, y, x: g / sqrt(square(x) - 1))
_ARCTANH = unary("arctanh", np.arctanh, lambda g, y, x: g / (1 - square(x)))
_TANH = unary("tanh", np.tanh, lambda g, y, x: g * (1 - square(y)))


@op("numpy.Sin")
def sin(x: TensorLike) -> Tensor:
    """Returns the sine of each element, an angle in radians.

    `sin(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(sin(0.0))
        0.0
    """
    return apply(_SIN, *promoted(x, to_float=True))


@op("numpy.Cos")
def cos(x: TensorLike) -> Tensor:
    """Returns the cosine of each element, an angle in radians.

    `cos(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(cos(0.0))
        1.0
    """
    return apply(_COS, *promoted(x, to_float=True))


@op("numpy.Tan")
def tan(x: TensorLike) -> Tensor:
    """Returns the tangent of each element, an angle in radians.

    `sin(x) / cos(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(tan(0.0))
        0.0
    """
    return apply(_TAN, *promoted(x, to_float=True))


@op("numpy.Arcsin")
def arcsin(x: TensorLike) -> Tensor:
    """Returns the inverse sine of each element, in radians from -pi/2 to pi/2.

    `arcsin(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arcsin(1.0))
        1.5707964
    """
    return apply(_ARCSIN, *promoted(x, to_float=True))


@op("numpy.Arccos")
def arccos(x: TensorLike) -> Tensor:
    """Returns the inverse cosine of each element, in radians from 0 to pi.

    `arccos(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arccos(0.0))
        1.5707964
    """
    return apply(_ARCCOS, *promoted(x, to_float=True))


@op("numpy.Arctan")
def arctan(x: TensorLike) -> Tensor:
    """Returns the inverse tangent of each element, in radians from -pi/2 to pi/2.

    `arctan(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arctan(1.0))
        0.7853982
    """
    return apply(_ARCTAN, *promoted(x, to_float=True))


@op("numpy.Arctan2")
def arctan2(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the inverse tangent of `x1 / x2` in the right quadrant, in radians from -pi to pi.

    `arctan(x1 / x2), in the quadrant of the point`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arctan2(1.0, 0.0))
        1.5707964
    """
    x1, x2 = promoted(as_value(x1), as_value(x2), to_float=True)
    if dtype_of(x1) in COMPLEX:
        point = add(x2, multiply(x1, 1j))
        return multiply(log(divide(point, sqrt(add(square(x1), square(x2))))), -1j)
    return apply(_ARCTAN2, x1, x2)


@op("numpy.Hypot")
def hypot(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the hypotenuse of right triangles, given their legs.

    `(x1^2 + x2^2)^(1/2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(hypot(3.0, 4.0))
        5.0
    """
    return apply(_HYPOT, *wide(x1, x2))


@op("numpy.Sinh")
def sinh(x: TensorLike) -> Tensor:
    """Returns the hyperbolic sine of each element.

    `(e^x - e^-x) / 2`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(sinh(1.0))
        1.1752012
    """
    return apply(_SINH, *promoted(x, to_float=True))


@op("numpy.Cosh")
def cosh(x: TensorLike) -> Tensor:
    """Returns the hyperbolic cosine of each element.

    `(e^x + e^-x) / 2`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(cosh(0.0))
        1.0
    """
    return apply(_COSH, *promoted(x, to_float=True))


@op("numpy.Arcsinh")
def arcsinh(x: TensorLike) -> Tensor:
    """Returns the inverse hyperbolic sine of each element.

    `ln(x + (x^2 + 1)^(1/2))`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arcsinh(0.0))
        0.0
    """
    return apply(_ARCSINH, *promoted(x, to_float=True))


@op("numpy.Arccosh")
def arccosh(x: TensorLike) -> Tensor:
    """Returns the inverse hyperbolic cosine of each element, which is at least 0.

    `ln(x + (x^2 - 1)^(1/2))`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arccosh(1.0))
        0.0
    """
    return apply(_ARCCOSH, *promoted(x, to_float=True))


@op("numpy.Arctanh")
def arctanh(x: TensorLike) -> Tensor:
    """Returns the inverse hyperbolic tangent of each element.

    `ln((1 + x) / (1 - x)) / 2`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(arctanh(0.0))
        0.0
    """
    return apply(_ARCTANH, *promoted(x, to_float=True))


def _scaled(x: TensorLike, factor: float) -> Tensor:
    (x,) = wide(x)
    return multiply(x, factor)


@specialized
@op("numpy.Deg2rad")
def deg2rad(x: TensorLike) -> Tensor:
    """Converts angles from degrees to radians.

    `x pi / 180`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(deg2rad(180.0))
        3.1415927
    """
    return _scaled(x, math.pi / 180)


@specialized
@op("numpy.Rad2deg")
def rad2deg(x: TensorLike) -> Tensor:
    """Converts angles from radians to degrees.

    `x 180 / pi`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(rad2deg(0.0))
        0.0
    """
    return _scaled(x, 180 / math.pi)


@op("numpy.Tanh")
def tanh(x: TensorLike) -> Tensor:
    """Returns the hyperbolic tangent of each element.

    `(e^x - e^-x) / (e^x + e^-x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(tanh(4.0))
        0.9993293
    """
    return apply(_TANH, as_float(x))
