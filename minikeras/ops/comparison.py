"""Elementwise comparisons."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.registry import call, op
from ..engine.specialization import specialized
from ..typing import Tensor, TensorLike
from .arithmetic import absolute, subtract
from .common.arguments import promoted
from .common.elementwise import binary
from .logic import isfinite, isnan, logical_and, logical_or

_EQUAL = binary("equal", np.equal, None, None, "bool", takes_text=True)
_NOT_EQUAL = binary("not_equal", np.not_equal, None, None, "bool", takes_text=True)
_LESS = binary("less", np.less, None, None, "bool", takes_text=True)
_LESS_EQUAL = binary("less_equal", np.less_equal, None, None, "bool", takes_text=True)
_GREATER = binary("greater", np.greater, None, None, "bool", takes_text=True)
_GREATER_EQUAL = binary("greater_equal", np.greater_equal, None, None, "bool", takes_text=True)


@op("numpy.Equal")
def equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the truth value of `x1 == x2`, element by element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(equal(1, 2))
        False
    """
    return apply(_EQUAL, *promoted(x1, x2))


@op("numpy.NotEqual")
def not_equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the truth value of `x1 != x2`, element by element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(not_equal(1, 2))
        True
    """
    return apply(_NOT_EQUAL, *promoted(x1, x2))


@op("numpy.Less")
def less(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the truth value of `x1 < x2`, element by element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(less(1, 2))
        True
    """
    return apply(_LESS, *promoted(x1, x2))


@op("numpy.LessEqual")
def less_equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the truth value of `x1 <= x2`, element by element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(less_equal(1, 2))
        True
    """
    return apply(_LESS_EQUAL, *promoted(x1, x2))


@op("numpy.Greater")
def greater(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the truth value of `x1 > x2`, element by element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(greater(1, 2))
        False
    """
    return apply(_GREATER, *promoted(x1, x2))


@op("numpy.GreaterEqual")
def greater_equal(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns the truth value of `x1 >= x2`, element by element.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(greater_equal(1, 2))
        False
    """
    return apply(_GREATER_EQUAL, *promoted(x1, x2))


@specialized
@op("numpy.Isclose", settings="equal_nan")
def isclose(x1: TensorLike, x2: TensorLike, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Returns whether elements are equal within a tolerance.

    `|x1 - x2| <= atol + rtol * |x2|`

    Args:
        x1: First input tensor.
        x2: Second input tensor, the reference of the relative tolerance.
        rtol: Relative tolerance.
        atol: Absolute tolerance.
        equal_nan: Whether to consider NaNs as equal.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isclose(1.0, 1.000001))
        True
    """
    x1, x2 = promoted(x1, x2, to_float=True)
    near = absolute(subtract(x1, x2)) <= absolute(x2) * rtol + atol
    same = logical_or(equal(x1, x2), logical_and(near, isfinite(x2)))
    return logical_or(same, logical_and(isnan(x1), isnan(x2))) if equal_nan else same


@specialized
@op("numpy.AllClose", settings="rtol atol equal_nan")
def allclose(x1: TensorLike, x2: TensorLike, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Returns whether all elements are equal within a tolerance; see `isclose`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(allclose([1.0, 2.0], [1.0, 2.1]))
        False
    """
    return call("all", isclose(x1, x2, rtol, atol, equal_nan))
