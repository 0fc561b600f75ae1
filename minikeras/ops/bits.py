"""Integers by their bits and divisors."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..errors import DTypeError
from ..typing import Tensor, TensorLike
from .common.arguments import promoted, without_booleans
from .common.elementwise import binary, unary

_AND = binary("bitwise_and", np.bitwise_and, None, None)
_OR = binary("bitwise_or", np.bitwise_or, None, None)
_XOR = binary("bitwise_xor", np.bitwise_xor, None, None)
_INVERT = unary("bitwise_invert", np.invert, None)
_LEFT_SHIFT = binary("bitwise_left_shift", np.left_shift, None, None)
_RIGHT_SHIFT = binary("bitwise_right_shift", np.right_shift, None, None)
_GCD = binary("gcd", np.gcd, None, None)
_LCM = binary("lcm", np.lcm, None, None)


def _integers(name: str, *values: TensorLike, booleans: bool) -> list[Tensor]:
    """Returns integers, or also booleans if these are allowed, converted to their common dtype."""
    values = promoted(*values)
    dtype = dtype_of(values[0])
    if "int" not in dtype and not (booleans and dtype == "bool"):
        raise DTypeError(
            f"`{name}` expects integers{' or booleans' if booleans else ''}. "
            f"Received: {'a value' if len(values) == 1 else 'values whose common dtype is'} {dtype}"
        )
    return values


def _shiftable(name: str, x: TensorLike, y: TensorLike) -> list[Tensor]:
    values = _integers(name, x, y, booleans=True)
    return without_booleans(*values) if dtype_of(values[0]) == "bool" else values


@op("numpy.BitwiseAnd")
def bitwise_and(x: TensorLike, y: TensorLike) -> Tensor:
    """Returns the bits that are set in both arguments.

    Raises:
        DTypeError: If they are not integers or booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_and([12, 10], 6)
        array([4, 2], dtype=int32)
    """
    return apply(_AND, *_integers("bitwise_and", x, y, booleans=True))


@op("numpy.BitwiseOr")
def bitwise_or(x: TensorLike, y: TensorLike) -> Tensor:
    """Returns the bits that are set in one of the arguments or in both.

    Raises:
        DTypeError: If they are not integers or booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_or([12, 10], 6)
        array([14, 14], dtype=int32)
    """
    return apply(_OR, *_integers("bitwise_or", x, y, booleans=True))


@op("numpy.BitwiseXor")
def bitwise_xor(x: TensorLike, y: TensorLike) -> Tensor:
    """Returns the bits that are set in exactly one of the arguments.

    Raises:
        DTypeError: If they are not integers or booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_xor([12, 10], 6)
        array([10, 12], dtype=int32)
    """
    return apply(_XOR, *_integers("bitwise_xor", x, y, booleans=True))


@op("numpy.BitwiseInvert")
def bitwise_invert(x: TensorLike) -> Tensor:
    """Inverts each bit.

    `-x - 1` for signed integers

    Raises:
        DTypeError: If they are not integers or booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_invert([0, 5])
        array([-1, -6], dtype=int32)
    """
    return apply(_INVERT, *_integers("bitwise_invert", x, booleans=True))


@op("numpy.BitwiseNot")
def bitwise_not(x: TensorLike) -> Tensor:
    """Inverts each bit; alias of `bitwise_invert`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_not([0, 5])
        array([-1, -6], dtype=int32)
    """
    return bitwise_invert(x)


@op("numpy.BitwiseLeftShift")
def bitwise_left_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """Shifts the bits of x to the left by y places, losing bits beyond the dtype.

    Raises:
        DTypeError: If they are not integers or booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_left_shift([1, 5], 2)
        array([ 4, 20], dtype=int32)
    """
    return apply(_LEFT_SHIFT, *_shiftable("bitwise_left_shift", x, y))


@op("numpy.LeftShift")
def left_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """Shifts the bits of x to the left by y places, losing bits beyond the dtype; alias of `bitwise_left_shift`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> left_shift([1, 5], 2)
        array([ 4, 20], dtype=int32)
    """
    return apply(_LEFT_SHIFT, *_shiftable("bitwise_left_shift", x, y))


@op("numpy.BitwiseRightShift")
def bitwise_right_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """Shifts the bits of x to the right by y places, keeping the sign of negative numbers.

    Raises:
        DTypeError: If they are not integers or booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bitwise_right_shift([9, -9], 2)
        array([ 2, -3], dtype=int32)
    """
    return apply(_RIGHT_SHIFT, *_shiftable("bitwise_right_shift", x, y))


@op("numpy.RightShift")
def right_shift(x: TensorLike, y: TensorLike) -> Tensor:
    """Shifts the bits of x to the right by y places, keeping the sign; alias of `bitwise_right_shift`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> right_shift([9, -9], 2)
        array([ 2, -3], dtype=int32)
    """
    return apply(_RIGHT_SHIFT, *_shiftable("bitwise_right_shift", x, y))


@op("numpy.Gcd")
def gcd(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the greatest common divisor of the absolute values, element by element.

    Raises:
        DTypeError: If they are not integers.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> gcd([12, -8], 18)
        array([6, 2], dtype=int32)
    """
    return apply(_GCD, *_integers("gcd", x1, x2, booleans=False))


@op("numpy.Lcm")
def lcm(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the least common multiple of the absolute values, element by element.

    Raises:
        DTypeError: If they are not integers.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> lcm([4, -6], 10)
        array([20, 30], dtype=int32)
    """
    return apply(_LCM, *_integers("lcm", x1, x2, booleans=False))
