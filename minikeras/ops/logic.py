"""Elementwise logic, and tests for infinities and NaN."""

from collections.abc import Sequence

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import COMPLEX, dtype_of
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import DTypeError
from ..typing import Tensor, TensorLike
from .common.arguments import as_bool, as_value
from .common.elementwise import binary, unary

_LOGICAL_AND = binary("logical_and", np.logical_and, None, None, "bool")
_LOGICAL_OR = binary("logical_or", np.logical_or, None, None, "bool")
_LOGICAL_XOR = binary("logical_xor", np.logical_xor, None, None, "bool")
_LOGICAL_NOT = unary("logical_not", np.logical_not, None, "bool")
_ISFINITE = unary("isfinite", np.isfinite, None, "bool")
_ISINF = unary("isinf", np.isinf, None, "bool")
_ISPOSINF = unary("isposinf", lambda x, out=None: np.equal(x, np.inf, out=out), None, "bool")
_ISNEGINF = unary("isneginf", lambda x, out=None: np.equal(x, -np.inf, out=out), None, "bool")
_ISNAN = unary("isnan", np.isnan, None, "bool")


@specialized
@op("numpy.LogicalAnd")
def logical_and(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Computes the element-wise logical AND.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_and(True, True))
        True
    """
    return apply(_LOGICAL_AND, *_truths(x1, x2))


@specialized
@op("numpy.LogicalOr")
def logical_or(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Computes the element-wise logical OR.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_or(True, False))
        True
    """
    return apply(_LOGICAL_OR, *_truths(x1, x2))


@specialized
@op("numpy.LogicalXor")
def logical_xor(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Computes the element-wise logical XOR.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_xor(True, True))
        False
    """
    return apply(_LOGICAL_XOR, *_truths(x1, x2))


@specialized
@op("numpy.LogicalNot")
def logical_not(x: TensorLike) -> Tensor:
    """Computes the element-wise logical NOT.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_not(True))
        False
    """
    return apply(_LOGICAL_NOT, *_truths(x))


@op("numpy.Isfinite")
def isfinite(x: TensorLike) -> Tensor:
    """Tests element by element for finiteness: neither infinite nor NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isfinite(float("nan")))
        False
    """
    return apply(_ISFINITE, x)


@op("numpy.Isinf")
def isinf(x: TensorLike) -> Tensor:
    """Tests element by element for infinities.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isinf(float("-inf")))
        True
    """
    return apply(_ISINF, x)


@op("numpy.Isnan")
def isnan(x: TensorLike) -> Tensor:
    """Tests element by element for NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isnan(float("nan")))
        True
    """
    return apply(_ISNAN, x)


@op("numpy.Isposinf")
def isposinf(x: TensorLike) -> Tensor:
    """Returns whether each element is positive infinity.

    Raises:
        DTypeError: If they are complex.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> isposinf([float("inf"), float("-inf"), 0.0])
        array([ True, False, False])
    """
    return apply(_ISPOSINF, _ordered("isposinf", x))


@op("numpy.Isneginf")
def isneginf(x: TensorLike) -> Tensor:
    """Returns whether each element is negative infinity.

    Raises:
        DTypeError: If they are complex.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> isneginf([float("inf"), float("-inf"), 0.0])
        array([False,  True, False])
    """
    return apply(_ISNEGINF, _ordered("isneginf", x))


def _truths(*values: TensorLike) -> Sequence[Tensor]:
    """Returns values as booleans; numpy tests arrays of numbers itself."""
    return [as_bool(value) for value in values]


def _ordered(name: str, x: TensorLike) -> Tensor:
    x = as_value(x)
    if dtype_of(x) in COMPLEX:
        raise DTypeError(f"`{name}` expects real numbers, which have a sign. Received: a tensor of {dtype_of(x)}")
    return x
