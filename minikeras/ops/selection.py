"""Elementwise selection by conditions."""

from collections.abc import Callable, Sequence
from typing import Any, overload

import numpy as np

from ..engine.batch_rules import aligned
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of, is_float, limits_of
from ..engine.primitive import Primitive, broadcast_shapes
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_bool, as_value, check_real, is_constant, promoted, wide
from .common.broadcasting import unbroadcast
from .common.eager import is_eager
from .comparison import equal, greater, less
from .conversion import cast
from .logic import isnan, logical_not, logical_or
from .searching import nonzero, nonzero_kernel


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
    computes=False,
    batch=aligned,
)


@overload
def where(condition: TensorLike, x1: None = None, x2: None = None) -> tuple[Tensor, ...]:
    """Returns the indices at which the condition is true."""


@overload
def where(condition: TensorLike, x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns elements of `x1` where the condition is true, and of `x2` elsewhere."""


@op("numpy.Where")
def where(condition: TensorLike, x1: TensorLike | None = None, x2: TensorLike | None = None) -> Any:
    """Returns elements of `x1` where the condition is true, and of `x2` elsewhere.

    Args:
        condition: Booleans, broadcast with `x1` and `x2`.
        x1: Values where the condition is true.
        x2: Values where it is false.

    Returns:
        The elements. Without `x1` and `x2`, the indices at which the condition is true, as from `nonzero`.

    Raises:
        ArgumentError: If only one of `x1` and `x2` is given.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> where([True, False], [1.0, 2.0], 0.0)
        array([1., 0.], dtype=float32)
        >>> where([True, False, True])
        (array([0, 2], dtype=int32),)
    """
    if x1 is None and x2 is None:
        if is_eager(condition) and condition.ndim:
            return nonzero_kernel(condition)
        return nonzero(condition)
    if x1 is None or x2 is None:
        raise ArgumentError(f"`where` expects both `x1` and `x2`, or neither. Received: x1={brief(x1)}, x2={brief(x2)}")
    return apply(_WHERE, as_bool(condition), *promoted(x1, x2))


@specialized
@op("numpy.Select")
def select(condlist: Sequence, choicelist: Sequence, default: TensorLike = 0) -> Tensor:
    """Returns elements of the choice whose condition is the first to be true.

    Args:
        condlist: The conditions.
        choicelist: One tensor for each condition.
        default: The value where no condition is true.

    Raises:
        ArgumentError: If these are no lists, or there are not as many choices as conditions.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> select([[True, False], [True, True]], [[1.0, 2.0], [3.0, 4.0]])
        array([1., 4.], dtype=float32)
    """
    for name, value in (("condlist", condlist), ("choicelist", choicelist)):
        if not isinstance(value, (list, tuple)):
            raise ArgumentError(f"`select` expects lists of tensors. Received: {name}={brief(value)}")
    if not condlist or len(condlist) != len(choicelist):
        raise ArgumentError(
            f"`select` expects a choice for each condition. Received: {len(choicelist)} for {len(condlist)}"
        )
    *choices, result = promoted(*choicelist, default)
    for condition, choice in reversed(list(zip(condlist, choices, strict=True))):
        result = where(condition, choice, result)
    return result


def _heaviside_kernel(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    found = np.heaviside(x1, x2)
    if not np.count_nonzero(np.isnan(found)):
        return found
    return np.where(np.isnan(x1), x2, found)  # other than in numpy


def _at_zero(x1: object) -> object:
    return logical_not(logical_or(less(x1, 0), greater(x1, 0)))


_HEAVISIDE = Primitive(
    "heaviside",
    _heaviside_kernel,
    shape=lambda a, b: (broadcast_shapes(a.shape, b.shape), a.dtype),
    batch=aligned,
    vjps=(None, lambda g, y, a, b: unbroadcast(where(_at_zero(a), g, cast(0, dtype_of(g))), b)),
)


@specialized
@op("numpy.Heaviside")
def heaviside(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Heaviside step function: 0 for negative elements, 1 for positive ones, and `x2` at 0.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> heaviside([-2.0, 0.0, 2.0], 0.5)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    x1, x2 = wide(x1, x2)
    check_real("heaviside", x1)
    dtype = dtype_of(x1)
    if is_float(dtype):
        return apply(_HEAVISIDE, x1, x2)
    return where(less(x1, 0), cast(0, dtype), where(greater(x1, 0), cast(1, dtype), x2))


@specialized
@op("numpy.NanToNum", settings="nan posinf neginf")
def nan_to_num(x: TensorLike, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """Replaces NaNs and infinities.

    Args:
        x: Input tensor, of any shape.
        nan: Replacement for NaN; tensors are broadcast, and have gradients.
        posinf: Replacement for positive infinity; by default the largest number of the dtype.
        neginf: Replacement for negative infinity; by default the lowest number of the dtype.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> nan_to_num([1.0, float("nan"), float("inf")], posinf=9.0)
        array([1., 0., 9.], dtype=float32)
    """
    x = as_value(x)
    dtype = dtype_of(x)
    if "float" not in dtype:
        return x
    limits = limits_of(dtype)
    posinf, neginf = limits.max if posinf is None else posinf, limits.min if neginf is None else neginf
    for found, value in ((isnan(x), nan), (equal(x, float("inf")), posinf), (equal(x, float("-inf")), neginf)):
        x = where(found, cast(float(value) if is_constant(value) else value, dtype), x)
    return x
