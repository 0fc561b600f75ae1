"""Comparisons, logic and selection: operations whose results are true or false, or depend on it."""

from collections.abc import Callable, Sequence

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, broadcast_shapes
from ..engine.registry import call, op
from ..errors import ArgumentError, NotSupportedError, brief
from .core import cast, promoted, unbroadcast
from .elementwise import absolute, binary, subtract, unary

_EQUAL = binary("equal", np.equal, None, None, "bool")
_NOT_EQUAL = binary("not_equal", np.not_equal, None, None, "bool")
_LESS = binary("less", np.less, None, None, "bool")
_LESS_EQUAL = binary("less_equal", np.less_equal, None, None, "bool")
_GREATER = binary("greater", np.greater, None, None, "bool")
_GREATER_EQUAL = binary("greater_equal", np.greater_equal, None, None, "bool")
_LOGICAL_AND = binary("logical_and", np.logical_and, None, None, "bool")
_LOGICAL_OR = binary("logical_or", np.logical_or, None, None, "bool")
_LOGICAL_XOR = binary("logical_xor", np.logical_xor, None, None, "bool")
_LOGICAL_NOT = unary("logical_not", np.logical_not, None, "bool")
_ISFINITE = unary("isfinite", np.isfinite, None, "bool")
_ISINF = unary("isinf", np.isinf, None, "bool")
_ISNAN = unary("isnan", np.isnan, None, "bool")


def _bind_where(arrays: list, out: np.ndarray) -> Callable[[], None]:
    condition, first, second = arrays

    def run() -> None:
        np.copyto(out, second)
        np.copyto(out, first, where=condition)

    return run


_WHERE = Primitive(
    "where",
    np.where,
    bind=_bind_where,
    shape=lambda c, a, b: (broadcast_shapes(c.shape, a.shape, b.shape), a.dtype),
    vjps=(
        None,
        lambda g, y, c, a, b: unbroadcast(where(c, g, cast(0, dtype_of(g))), a),
        lambda g, y, c, a, b: unbroadcast(where(c, cast(0, dtype_of(g)), g), b),
    ),
)


@op("numpy.Equal")
def equal(x1: object, x2: object) -> object:
    """Tells where two values are equal.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(equal(1, 2))
        False
    """
    return apply(_EQUAL, *promoted(x1, x2))


@op("numpy.NotEqual")
def not_equal(x1: object, x2: object) -> object:
    """Tells where two values differ.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(not_equal(1, 2))
        True
    """
    return apply(_NOT_EQUAL, *promoted(x1, x2))


@op("numpy.Less")
def less(x1: object, x2: object) -> object:
    """Tells where the first value is smaller.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(less(1, 2))
        True
    """
    return apply(_LESS, *promoted(x1, x2))


@op("numpy.LessEqual")
def less_equal(x1: object, x2: object) -> object:
    """Tells where the first value is smaller or equal.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(less_equal(1, 2))
        True
    """
    return apply(_LESS_EQUAL, *promoted(x1, x2))


@op("numpy.Greater")
def greater(x1: object, x2: object) -> object:
    """Tells where the first value is larger.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(greater(1, 2))
        False
    """
    return apply(_GREATER, *promoted(x1, x2))


@op("numpy.GreaterEqual")
def greater_equal(x1: object, x2: object) -> object:
    """Tells where the first value is larger or equal.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(greater_equal(1, 2))
        False
    """
    return apply(_GREATER_EQUAL, *promoted(x1, x2))


@op("numpy.LogicalAnd")
def logical_and(x1: object, x2: object) -> object:
    """Tells where both values are true.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_and(True, True))
        True
    """
    return apply(_LOGICAL_AND, cast(x1, "bool"), cast(x2, "bool"))


@op("numpy.LogicalOr")
def logical_or(x1: object, x2: object) -> object:
    """Tells where at least one of two values is true.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_or(True, False))
        True
    """
    return apply(_LOGICAL_OR, cast(x1, "bool"), cast(x2, "bool"))


@op("numpy.LogicalXor")
def logical_xor(x1: object, x2: object) -> object:
    """Tells where exactly one of two values is true.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_xor(True, True))
        False
    """
    return apply(_LOGICAL_XOR, cast(x1, "bool"), cast(x2, "bool"))


@op("numpy.LogicalNot")
def logical_not(x: object) -> object:
    """Tells where a value is false.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(logical_not(True))
        False
    """
    return apply(_LOGICAL_NOT, cast(x, "bool"))


@op("numpy.Isfinite")
def isfinite(x: object) -> object:
    """Tells where a value is neither infinite nor NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isfinite(float("nan")))
        False
    """
    return apply(_ISFINITE, x)


@op("numpy.Isinf")
def isinf(x: object) -> object:
    """Tells where a value is infinite.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isinf(float("-inf")))
        True
    """
    return apply(_ISINF, x)


@op("numpy.Isnan")
def isnan(x: object) -> object:
    """Tells where a value is NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isnan(float("nan")))
        True
    """
    return apply(_ISNAN, x)


@op("numpy.Where")
def where(condition: object, x1: object = None, x2: object = None) -> object:
    """Takes each element from the first value where the condition is true, else from the second.

    Args:
        condition: Booleans; broadcast with the values.
        x1: The value where true.
        x2: The value where false.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> where([True, False], [1.0, 2.0], 0.0)
        array([1., 0.], dtype=float32)
    """
    if x1 is None or x2 is None:
        raise NotSupportedError(
            "`where` needs the values to choose from: without them the shape of the result would depend on the data. "
            f"Received: x1={brief(x1)}, x2={brief(x2)}"
        )
    return apply(_WHERE, cast(condition, "bool"), *promoted(x1, x2))


@op("numpy.Select")
def select(condlist: Sequence, choicelist: Sequence, default: object = 0) -> object:
    """Takes each element from the value whose condition is the first one that is true there.

    Args:
        condlist: The conditions.
        choicelist: A value for each of them.
        default: The value where no condition is true.

    Raises:
        ArgumentError: If there are not as many values as conditions.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> select([[True, False], [True, True]], [[1.0, 2.0], [3.0, 4.0]])
        array([1., 4.], dtype=float32)
    """
    if not condlist or len(condlist) != len(choicelist):
        raise ArgumentError(
            f"`select` expects a value for each condition. Received: {len(choicelist)} for {len(condlist)}"
        )
    *choices, result = promoted(*choicelist, default)
    for condition, choice in reversed(list(zip(condlist, choices, strict=True))):
        result = where(condition, choice, result)
    return result


@op("numpy.Isclose", settings="equal_nan")
def isclose(x1: object, x2: object, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> object:
    """Tells where two values are nearly equal.

    `|x1 - x2| <= atol + rtol * |x2|`

    Args:
        x1: A value.
        x2: The value it is compared with.
        rtol: How much they may differ, relative to `x2`.
        atol: How much they may differ besides.
        equal_nan: Whether NaN is close to NaN.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(isclose(1.0, 1.000001))
        True
    """
    x1, x2 = promoted(x1, x2, to_float=True)
    near = absolute(subtract(x1, x2)) <= absolute(x2) * rtol + atol
    same = logical_or(equal(x1, x2), logical_and(near, isfinite(x2)))
    return logical_or(same, logical_and(isnan(x1), isnan(x2))) if equal_nan else same


@op("numpy.AllClose", settings="rtol atol equal_nan")
def allclose(x1: object, x2: object, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> object:
    """Tells whether two values are nearly equal everywhere; see `isclose`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> bool(allclose([1.0, 2.0], [1.0, 2.1]))
        False
    """
    return call("all", isclose(x1, x2, rtol, atol, equal_nan))
