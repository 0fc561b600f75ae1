"""Rounding to integers and decimals."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of, is_inexact
from ..engine.registry import call, op
from ..engine.specialization import specialized
from ..typing import Tensor, TensorLike
from .common.arguments import as_float, as_value
from .common.elementwise import unary
from .conversion import cast, convert_to_tensor

_FLOOR = unary("floor", np.floor, None)
_CEIL = unary("ceil", np.ceil, None)
_ROUND = unary("round", np.rint, None)
_TRUNC = unary("trunc", np.trunc, None)


@op("numpy.Floor")
def floor(x: TensorLike) -> Tensor:
    """Returns the floor of each element: the largest integer not above it.

    `floor(x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(floor(4.7))
        4.0
    """
    return apply(_FLOOR, as_float(x))


@op("numpy.Ceil")
def ceil(x: TensorLike) -> Tensor:
    """Returns the ceiling of each element: the smallest integer not below it.

    `ceil(x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(ceil(3.2))
        4.0
    """
    return apply(_CEIL, as_float(x))


@specialized
@op("numpy.Round", settings="decimals")
def round(x: TensorLike, decimals: int = 0) -> Tensor:
    """Rounds each element to the given number of decimals, half to even.

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
    return call("true_divide", apply(_ROUND, call("multiply", x, scale)), scale)


@op("numpy.Trunc")
def trunc(x: TensorLike) -> Tensor:
    """Truncates each element towards 0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(trunc(-2.7))
        -2.0
    """
    if type(x) is np.ndarray and x.dtype.kind == "f":
        return apply(_TRUNC, x)
    x = convert_to_tensor(x)
    return apply(_TRUNC, x) if is_inexact(dtype_of(x)) else x
