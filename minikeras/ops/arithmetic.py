"""Elementwise arithmetic: sums, products, quotients, remainders, absolute values and signs."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of, part_of
from ..engine.primitive import Primitive
from ..engine.registry import call, op
from ..typing import Tensor, TensorLike
from .common.arguments import as_float, as_value, promoted, without_booleans
from .common.elementwise import binary, unary
from .exponents import square
from .rounding import floor, trunc


def _divide_no_nan_kernel(a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    is_zero = b == 0  # first, as `out` may be the memory of `b`
    out = np.asarray(np.true_divide(a, b, out=out))
    np.copyto(out, 0, where=is_zero)
    return out


_ADD = binary("add", np.add, lambda g, y, a, b: g, lambda g, y, a, b: g, monotone=True)
_SUBTRACT = binary("subtract", np.subtract, lambda g, y, a, b: g, lambda g, y, a, b: negative(g))
_MULTIPLY = binary("multiply", np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)
_DIVIDE = binary("true_divide", np.true_divide, lambda g, y, a, b: g / b, lambda g, y, a, b: negative(g * y / b))
_DIVIDE_NO_NAN = binary(
    "divide_no_nan",
    _divide_no_nan_kernel,
    lambda g, y, a, b: divide_no_nan(g, b),
    lambda g, y, a, b: negative(divide_no_nan(g * y, b)),
)
_FLOOR_DIVIDE = binary("floor_divide", np.floor_divide, None, None)
_MOD = binary("mod", np.mod, lambda g, y, a, b: g, lambda g, y, a, b: negative(g * floor(a / b)))
_NEGATIVE = unary("negative", np.negative, lambda g, y, x: negative(g))
_ABSOLUTE = Primitive(
    "absolute",
    np.absolute,
    shape=lambda x: (x.shape, part_of(x.dtype)),
    vjps=(lambda g, y, x: g * (divide_no_nan(call("conj", x), y) if dtype_of(x) in COMPLEX else sign(x)),),
    elementwise=True,
)
_SIGN = unary("sign", np.sign, None)
_RECIPROCAL = unary("reciprocal", np.reciprocal, lambda g, y, x: negative(g * square(y)))
_SIGNBIT = unary("signbit", np.signbit, None, "bool")
_FMOD = binary("fmod", np.fmod, lambda g, y, a, b: g, lambda g, y, a, b: negative(g * trunc(a / b)))


@op("numpy.Add")
def add(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Adds arguments element by element.

    `x1 + x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(add(1.0, 2.0))
        3.0
    """
    return apply(_ADD, *promoted(x1, x2))


@op("numpy.Subtract")
def subtract(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Subtracts arguments element by element.

    `x1 - x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(subtract(1.0, 2.0))
        -1.0
    """
    return apply(_SUBTRACT, *promoted(x1, x2))


@op("numpy.Multiply")
def multiply(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Multiplies arguments element by element.

    `x1 * x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(multiply(1.0, 2.0))
        2.0
    """
    return apply(_MULTIPLY, *promoted(x1, x2))


@op("numpy.TrueDivide")
def true_divide(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Divides arguments element by element.

    `x1 / x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(true_divide(1.0, 2.0))
        0.5
    """
    return apply(_DIVIDE, *promoted(x1, x2, to_float=True))


@op("numpy.Divide")
def divide(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Divides arguments element by element; alias of `true_divide`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(divide(1.0, 2.0))
        0.5
    """
    return true_divide(x1, x2)


@op("numpy.DivideNoNan")
def divide_no_nan(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Divides arguments element by element, returning 0 where the divisor is 0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(divide_no_nan(1.0, 0.0))
        0.0
    """
    return apply(_DIVIDE_NO_NAN, *promoted(x1, x2, to_float=True))


@op("numpy.FloorDivide")
def floor_divide(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Divides arguments element by element and rounds down to the nearest integer.

    `floor(x1 / x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(floor_divide(1.0, 2.0))
        0.0
    """
    return apply(_FLOOR_DIVIDE, *without_booleans(*promoted(x1, x2)))


@op("numpy.Mod")
def mod(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise remainder of division, with the sign of the divisor.

    `x1 - x2 * floor(x1 / x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(mod(1.0, 2.0))
        1.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))  # as in Keras, Python numbers are not weakly typed here
    return apply(_MOD, *without_booleans(x1, x2))


@op("numpy.Negative")
def negative(x: TensorLike) -> Tensor:
    """Negates each element.

    `-x`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(negative(4.0))
        -4.0
    """
    return apply(_NEGATIVE, x)


@op("numpy.Absolute")
def absolute(x: TensorLike) -> Tensor:
    """Returns the absolute value of each element.

    `|x|`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(absolute(4.0))
        4.0
    """
    return apply(_ABSOLUTE, x)


@op("numpy.Sign")
def sign(x: TensorLike) -> Tensor:
    """Returns the sign of each element: -1, 0 or 1.

    `sign(x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(sign(4.0))
        1.0
    """
    return apply(_SIGN, x)


@op("numpy.Reciprocal")
def reciprocal(x: TensorLike) -> Tensor:
    """Returns the reciprocal of each element.

    `1 / x`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(reciprocal(4.0))
        0.25
    """
    return apply(_RECIPROCAL, *promoted(x, to_float=True))


@op("numpy.Signbit")
def signbit(x: TensorLike) -> Tensor:
    """Returns whether the sign bit of each element is set; true for -0.0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> signbit([-1.0, 0.0, 1.0])
        array([ True, False, False])
    """
    return apply(_SIGNBIT, as_float(x))


@op("numpy.Fmod")
def fmod(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the element-wise remainder of division, with the sign of the dividend.

    `x1 - x2 * trunc(x1 / x2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fmod(-7.0, 3.0))
        -1.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))  # as in Keras, Python numbers are not weakly typed here
    return apply(_FMOD, *without_booleans(x1, x2))


@op("numpy.Absolute")
def abs(x: TensorLike) -> Tensor:
    """Returns the absolute value of each element; alias of `absolute`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(abs(-3))
        3
    """
    return absolute(x)


@op("numpy.Fabs")
def fabs(x: TensorLike) -> Tensor:
    """Returns the absolute value of each element as a float.

    `|x|`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(fabs(-3))
        3.0
    """
    return absolute(as_float(x))
