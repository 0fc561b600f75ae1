"""Floating-point numbers by their representation: exponents and neighbours."""

from functools import cache

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import INTEGERS, dtype_of, promote
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import DTypeError
from ..typing import Tensor, TensorLike
from .common.arguments import as_value
from .common.elementwise import binary
from .conversion import cast
from .creation import zeros_like

_LARGEST_EXPONENT = 5000  # takes the smallest float64 to infinity, and the largest to 0


def _ldexp_kernel(x: np.ndarray, exponent: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    # numpy has no loops for unsigned exponents, and would wrap large ones.
    low = 0 if exponent.dtype.kind == "u" else -_LARGEST_EXPONENT
    if exponent.dtype.itemsize > (1 if exponent.dtype.kind == "u" else 4):
        exponent = np.minimum(np.maximum(exponent, low), _LARGEST_EXPONENT)
    return np.ldexp(x, exponent.astype(np.int32, copy=False), out=out)


_LDEXP = binary("ldexp", _ldexp_kernel, lambda g, y, a, b: ldexp(g, b), None)
_NEXTAFTER = binary("nextafter", np.nextafter, lambda g, y, a, b: g, lambda g, y, a, b: zeros_like(g), native=True)


@specialized
@op("numpy.Ldexp")
def ldexp(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Multiplies by powers of 2, exactly.

    `x1 * 2^x2`

    Args:
        x1: Numbers.
        x2: Exponents: integers.

    Returns:
        Floats of the common dtype of both.

    Raises:
        DTypeError: If the exponents are not integers, or `x1` is complex.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ldexp([0.5, 3.0], [1, 2])
        array([ 1., 12.], dtype=float32)
    """
    x1, x2 = as_value(x1), as_value(x2)
    if dtype_of(x2) not in INTEGERS:
        raise DTypeError(f"`ldexp` expects the exponents x2 to be integers. Received: exponents of {dtype_of(x2)}")
    dtype = _float_type("ldexp", x1, x2)
    return apply(_LDEXP, x1 if dtype_of(x1) == dtype else cast(x1, dtype), x2)


@specialized
@op("numpy.Nextafter")
def nextafter(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the next floating-point number after x1 in the direction of x2, element by element.

    Raises:
        DTypeError: If an argument is complex.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(nextafter(1.0, 2.0))
        1.0000001
    """
    x1, x2 = as_value(x1), as_value(x2)  # as in Keras, Python numbers are not weakly typed here
    dtype = _float_type("nextafter", x1, x2)
    return apply(_NEXTAFTER, *[each if dtype_of(each) == dtype else cast(each, dtype) for each in (x1, x2)])


@cache
def _promoted_to_float(*dtypes: str) -> str:
    return promote([*dtypes, "float"])


def _float_type(name: str, *values: Tensor) -> str:
    """Returns the floating-point dtype in which values are computed with."""
    dtype = _promoted_to_float(*map(dtype_of, values))
    if "float" not in dtype:
        raise DTypeError(f"`{name}` expects real numbers. Received: values whose common dtype is {dtype}")
    return dtype
