"""Operations on each element by itself, broadcasting like numpy. Gradients stand beside the kernels."""

from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply, operand
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, broadcast_shapes
from ..engine.registry import call, op
from ..engine.tensor import Tensor
from .core import as_float, as_value, cast, convert_to_tensor, promoted, unbroadcast


def unary(name: str, kernel: Callable, vjp: Callable | None, dtype: str | None = None) -> Primitive:
    """Makes the primitive of a function of one value; `dtype` is that of the result if it differs."""
    return Primitive(
        name,
        kernel,
        shape=lambda x: (x.shape, dtype or x.dtype),
        vjps=None if vjp is None else (vjp,),
        has_out=True,
        elementwise=True,
    )


def binary(
    name: str, kernel: Callable, first: Callable | None, second: Callable | None, dtype: str | None = None
) -> Primitive:
    """Makes the primitive of a function of two values that broadcast; gradients are fitted to each."""

    def fitted(vjp: Callable | None, index: int) -> Callable | None:
        if vjp is None:
            return None
        return lambda g, y, a, b: unbroadcast(vjp(g, y, a, b), (a, b)[index])

    return Primitive(
        name,
        kernel,
        shape=lambda a, b: (broadcast_shapes(a.shape, b.shape), dtype or a.dtype),
        vjps=None if first is None and second is None else (fitted(first, 0), fitted(second, 1)),
        has_out=True,
        elementwise=True,
    )


def _sigmoid_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    # exp overflows to inf below about -88, and 1 / (1 + inf) is the right 0.
    out = np.asarray(np.negative(x, out=out))
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    return np.reciprocal(out, out=out)


def _divide_no_nan_kernel(a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    is_zero = b == 0  # first, as `out` may be the memory of `b`
    out = np.asarray(np.true_divide(a, b, out=out))
    np.copyto(out, 0, where=is_zero)
    return out


_SINGLE_POWERS = {2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal}


def _power_kernel(x: np.ndarray, exponent: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    # As numpy's `**`. A result of its other way to raise to one of these powers may differ in the last bit.
    if exponent.ndim == 0 and exponent.dtype == x.dtype and x.dtype.kind == "f":
        ufunc = _SINGLE_POWERS.get(float(exponent))
        if ufunc is not None:
            return ufunc(x, out=out)
    return np.power(x, exponent, out=out)


# From 2.3 on, `np.power` itself does the same.
_KERNEL_OF_POWER = np.power if np.lib.NumpyVersion(np.__version__) >= "2.3.0" else _power_kernel

_ADD = binary("add", np.add, lambda g, y, a, b: g, lambda g, y, a, b: g)
_SUBTRACT = binary("subtract", np.subtract, lambda g, y, a, b: g, lambda g, y, a, b: negative(g))
_MULTIPLY = binary("multiply", np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)
_DIVIDE = binary("true_divide", np.true_divide, lambda g, y, a, b: g / b, lambda g, y, a, b: negative(g * y / b))
_DIVIDE_NO_NAN = binary(
    "divide_no_nan",
    _divide_no_nan_kernel,
    lambda g, y, a, b: divide_no_nan(g, b),
    lambda g, y, a, b: negative(divide_no_nan(g * y, b)),
)
_POWER = binary(
    "power",
    _KERNEL_OF_POWER,
    lambda g, y, a, b: g * b * power(a, b - 1),
    lambda g, y, a, b: g * y * log(_where_positive(a)),
)
# On a tie the first argument takes the whole gradient, as in TensorFlow.
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
_FLOOR_DIVIDE = binary("floor_divide", np.floor_divide, None, None)
_MOD = binary("mod", np.mod, lambda g, y, a, b: g, lambda g, y, a, b: negative(g * floor(a / b)))

_NEGATIVE = unary("negative", np.negative, lambda g, y, x: negative(g))
_ABSOLUTE = unary("absolute", np.absolute, lambda g, y, x: g * sign(x))
_EXP = unary("exp", np.exp, lambda g, y, x: g * y)
_LOG = unary("log", np.log, lambda g, y, x: g / x)
_LOG1P = unary("log1p", np.log1p, lambda g, y, x: g / (x + 1))
_SQRT = unary("sqrt", np.sqrt, lambda g, y, x: g * 0.5 / y)
_SQUARE = unary("square", np.square, lambda g, y, x: g * 2 * x)
_TANH = unary("tanh", np.tanh, lambda g, y, x: g * (1 - square(y)))
_SIGMOID = unary("sigmoid", _sigmoid_kernel, lambda g, y, x: g * y * (1 - y))
_SIGN = unary("sign", np.sign, None)
_FLOOR = unary("floor", np.floor, None)
_CEIL = unary("ceil", np.ceil, None)
_ROUND = unary("round", np.rint, None)


def _where_positive(x: object) -> object:
    return call("where", x > 0, x, cast(1, dtype_of(x)))


@op("numpy.Add")
def add(x1: object, x2: object) -> object:
    """Adds two values element by element.

    `x1 + x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(add(1.0, 2.0))
        3.0
    """
    return apply(_ADD, *promoted(x1, x2))


@op("numpy.Subtract")
def subtract(x1: object, x2: object) -> object:
    """Subtracts the second value from the first, element by element.

    `x1 - x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(subtract(1.0, 2.0))
        -1.0
    """
    return apply(_SUBTRACT, *promoted(x1, x2))


@op("numpy.Multiply")
def multiply(x1: object, x2: object) -> object:
    """Multiplies two values element by element.

    `x1 * x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(multiply(1.0, 2.0))
        2.0
    """
    return apply(_MULTIPLY, *promoted(x1, x2))


@op("numpy.TrueDivide")
def true_divide(x1: object, x2: object) -> object:
    """Divides the first value by the second, element by element.

    `x1 / x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(true_divide(1.0, 2.0))
        0.5
    """
    return apply(_DIVIDE, *promoted(x1, x2, to_float=True))


@op("numpy.Divide")
def divide(x1: object, x2: object) -> object:
    """Divides the first value by the second, element by element; the same as `true_divide`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(divide(1.0, 2.0))
        0.5
    """
    return true_divide(x1, x2)


@op("numpy.DivideNoNan")
def divide_no_nan(x1: object, x2: object) -> object:
    """Divides, giving 0 where the divisor is 0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(divide_no_nan(1.0, 0.0))
        0.0
    """
    return apply(_DIVIDE_NO_NAN, *promoted(x1, x2, to_float=True))


@op("numpy.FloorDivide")
def floor_divide(x1: object, x2: object) -> object:
    """Divides and rounds down to a whole number, element by element.

    `floor(x1 / x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(floor_divide(1.0, 2.0))
        0.0
    """
    return apply(_FLOOR_DIVIDE, *promoted(x1, x2))


@op("numpy.Mod")
def mod(x1: object, x2: object) -> object:
    """Returns the remainder of the division, with the sign of the divisor.

    `x1 - x2 * floor(x1 / x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(mod(1.0, 2.0))
        1.0
    """
    x1, x2 = promoted(as_value(x1), as_value(x2))  # as in Keras, Python numbers are not weak here
    return apply(_MOD, *(cast(x, "int32") if dtype_of(x) == "bool" else x for x in (x1, x2)))


@op("numpy.Power")
def power(x1: object, x2: object) -> object:
    """Raises the first value to the power of the second.

    `x1 ** x2`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(power(1.0, 2.0))
        1.0
    """
    return apply(_POWER, *promoted(x1, x2))


@op("numpy.Maximum")
def maximum(x1: object, x2: object) -> object:
    """Returns the larger of two values, element by element.

    `max(x1, x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(maximum(1.0, 2.0))
        2.0
    """
    return apply(_MAXIMUM, *promoted(x1, x2))


@op("numpy.Minimum")
def minimum(x1: object, x2: object) -> object:
    """Returns the smaller of two values, element by element.

    `min(x1, x2)`, in the common dtype of both.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> float(minimum(1.0, 2.0))
        1.0
    """
    return apply(_MINIMUM, *promoted(x1, x2))


@op("numpy.Negative")
def negative(x: object) -> object:
    """Changes the sign of each element.

    `-x`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(negative(4.0))
        -4.0
    """
    return apply(_NEGATIVE, x)


@op("numpy.Absolute")
def absolute(x: object) -> object:
    """Returns the absolute value of each element.

    `|x|`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(absolute(4.0))
        4.0
    """
    return apply(_ABSOLUTE, x)


@op("numpy.Exp")
def exp(x: object) -> object:
    """Returns the exponential of each element.

    `e^x`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(exp(4.0))
        54.59815
    """
    return apply(_EXP, as_float(x))


@op("numpy.Log")
def log(x: object) -> object:
    """Returns the natural logarithm of each element.

    `ln x`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(log(4.0))
        1.3862944
    """
    return apply(_LOG, as_float(x))


@op("numpy.Log1p")
def log1p(x: object) -> object:
    """Returns ln(1 + x), exact for small x too.

    `ln(1 + x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(log1p(4.0))
        1.609438
    """
    return apply(_LOG1P, as_float(x))


@op("numpy.Sqrt")
def sqrt(x: object) -> object:
    """Returns the square root of each element.

    `x^(1/2)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(sqrt(4.0))
        2.0
    """
    return apply(_SQRT, as_float(x))


@op("numpy.Square")
def square(x: object) -> object:
    """Multiplies each element by itself.

    `x^2`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(square(4.0))
        16.0
    """
    x = as_value(x)
    return apply(_SQUARE, cast(x, "int32") if dtype_of(x) == "bool" else x)


@op("numpy.Tanh")
def tanh(x: object) -> object:
    """Returns the hyperbolic tangent of each element.

    `(e^x - e^-x) / (e^x + e^-x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(tanh(4.0))
        0.9993293
    """
    return apply(_TANH, as_float(x))


@op("nn.Sigmoid")
def sigmoid(x: object) -> object:
    """Squashes each element into (0, 1).

    `1 / (1 + e^-x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(sigmoid(4.0))
        0.98201376
    """
    y = apply(_SIGMOID, as_float(x))
    if isinstance(y, Tensor):
        y.trace.logits[y] = ("sigmoid", operand(x), None)  # for the crossentropy, see ops/nn.py
    return y


@op("numpy.Sign")
def sign(x: object) -> object:
    """Returns -1, 0 or 1 by the sign of each element.

    `sign(x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(sign(4.0))
        1.0
    """
    return apply(_SIGN, x)


@op("numpy.Floor")
def floor(x: object) -> object:
    """Rounds each element down.

    `floor(x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(floor(4.7))
        4.0
    """
    return apply(_FLOOR, as_float(x))


@op("numpy.Ceil")
def ceil(x: object) -> object:
    """Rounds each element up.

    `ceil(x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(ceil(3.2))
        4.0
    """
    return apply(_CEIL, as_float(x))


@op("numpy.Round", settings="decimals")
def round(x: object, decimals: int = 0) -> object:
    """Rounds each element to a number of decimals, halves to even.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(round(2.5))
        2.0
    """
    x = as_value(x)
    if "float" not in dtype_of(x):
        return convert_to_tensor(x) if decimals >= 0 else cast(round(cast(x, None), decimals), dtype_of(x))
    if decimals == 0:
        return apply(_ROUND, x)
    scale = 10.0**decimals
    return true_divide(apply(_ROUND, multiply(x, scale)), scale)


@op("numpy.Clip", settings="x_min x_max")
def clip(x: object, x_min: object, x_max: object) -> object:
    """Moves elements outside of [x_min, x_max] to the nearest bound.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> clip([-1.0, 0.5, 2.0], 0.0, 1.0)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    x = as_value(x)
    x = cast(x, "int32") if dtype_of(x) == "bool" else x
    return cast(minimum(maximum(x, x_min), x_max), dtype_of(x))
