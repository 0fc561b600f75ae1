"""Cumulative sums and products, and differences, along an axis."""

from functools import partial

import numpy as np

from ..engine.batch_rules import along_another
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of, standardize_dtype
from ..engine.memory_budget import charge_list
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .arithmetic import multiply, subtract
from .common.arguments import as_value, normalize_axis, static_shape
from .comparison import not_equal
from .conversion import cast
from .creation import ones_like
from .indexing import get_item
from .joining import concatenate
from .shaping import ravel

CUMSUM = Primitive(
    "cumsum",
    lambda x, axis: np.add.accumulate(x, axis, x.dtype),
    bind=lambda arrays, out, axis: partial(np.add.accumulate, arrays[0], axis, out.dtype, out),
    shape=lambda x, axis: (x.shape, x.dtype),
    vjps=(lambda g, y, x, axis: _backwards(apply(CUMSUM, _backwards(g, axis), axis=axis), axis),),
    batch=along_another,
)


def _backwards(x: object, axis: int) -> object:
    return get_item(x, (*[slice(None)] * axis, slice(None, None, -1)))


def _recurrence_kernel(factors: np.ndarray, x: np.ndarray, axis: int) -> np.ndarray:
    out = np.array(x)
    rows, factors = np.moveaxis(out, axis, 0), np.moveaxis(factors, axis, 0)
    for index in range(1, len(rows)):
        rows[index] += factors[index - 1] * rows[index - 1]
    return out


def _recurrence_vjp(g: object, y: object, factors: object, x: object, axis: int) -> list:
    back = _backwards_recurrence(factors, g, axis)
    before = (slice(None),) * axis
    later, earlier = get_item(back, (*before, slice(1, None))), get_item(y, (*before, slice(None, -1)))
    return [multiply(later, earlier), back]


# A linear recurrence: y_0 = x_0 and y_i = x_i + f_(i - 1) y_(i - 1).
_RECURRENCE = Primitive(
    "linear_recurrence",
    _recurrence_kernel,
    shape=lambda factors, x, axis: (x.shape, x.dtype),
    vjps=_recurrence_vjp,
    batch=lambda axes, *specs, axis: along_another((0, 0), *specs, axis=axis) if set(axes) <= {0, None} else None,
)


def _backwards_recurrence(factors: object, x: object, axis: int) -> object:
    """Returns the linear recurrence from the end: y_i = x_i + f_i y_(i + 1)."""
    return _backwards(apply(_RECURRENCE, _backwards(factors, axis), _backwards(x, axis), axis=axis), axis)


def _cumprod_vjp(g: object, y: object, x: object, axis: int) -> object:
    # Nothing is divided by elements, which may be 0: x_i has the product of all before it as a factor, and its other
    # factors, those of the products it occurs in, follow from the next ones.
    if not static_shape(x)[axis]:
        return g
    before = (slice(None),) * axis
    inner = _backwards_recurrence(get_item(x, (*before, slice(1, None))), g, axis)
    first = ones_like(get_item(y, (*before, slice(0, 1))))
    return multiply(concatenate([first, get_item(y, (*before, slice(None, -1)))], axis), inner)


CUMPROD = Primitive(
    "cumprod",
    lambda x, axis: np.multiply.accumulate(x, axis, x.dtype),
    bind=lambda arrays, out, axis: partial(np.multiply.accumulate, arrays[0], axis, out.dtype, out),
    shape=lambda x, axis: (x.shape, x.dtype),
    vjps=(_cumprod_vjp,),
    batch=along_another,
)


@specialized
@op("numpy.Cumsum", settings="axis dtype")
def cumsum(x: TensorLike, axis: int | None = None, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the cumulative sum along an axis.

    `y_i = x_0 + ... + x_i`

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        dtype: The dtype of the sums; by default that of the input, int32 for booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> cumsum([1.0, 2.0, 3.0])
        array([1., 3., 6.], dtype=float32)
    """
    return accumulated(CUMSUM, x, axis, dtype)


@specialized
@op("numpy.Cumprod", settings="axis dtype")
def cumprod(x: TensorLike, axis: int | None = None, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the cumulative product along an axis.

    `y_i = x_0 * ... * x_i`

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        dtype: The dtype of the products; by default that of the input, int32 for booleans.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> cumprod([1.0, 2.0, 3.0])
        array([1., 2., 6.], dtype=float32)
    """
    return accumulated(CUMPROD, x, axis, dtype)


def accumulated(primitive: Primitive, x: TensorLike, axis: int | None, dtype: DTypeLike | None) -> Tensor:
    """Returns cumulative sums or products along an axis, by a primitive.

    Args:
        primitive: `CUMSUM` or `CUMPROD`.
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.
        dtype: The dtype of the result; by default that of the input, int32 for booleans.

    Example:
        >>> accumulated(CUMPROD, [2.0, 3.0], 0, None)
        array([2., 6.], dtype=float32)
    """
    x = as_value(x)
    if dtype is not None or dtype_of(x) == "bool":
        dtype = dtype_of(x) if dtype is None else standardize_dtype(dtype)
        x = cast(x, "int32" if dtype == "bool" else dtype)
    if axis is None:
        x, axis = ravel(x), 0
    return apply(primitive, x, axis=normalize_axis(axis, len(static_shape(x))))


@specialized
@op("numpy.Diff", settings="n axis")
def diff(a: TensorLike, n: int = 1, axis: int = -1) -> Tensor:
    """Returns the n-th discrete difference along an axis.

    `y_i = a_(i + 1) - a_i`

    Args:
        a: Input tensor, of any shape.
        n: The number of times to take differences.
        axis: The axis.

    Raises:
        ArgumentError: If `n` is negative.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> diff([1.0, 3.0, 6.0])
        array([2., 3.], dtype=float32)
    """
    if n < 0:
        raise ArgumentError(f"`diff` expects `n` to be at least 0. Received: n={brief(n)}")
    charge_list(10 * n, f"`diff` with n={n}")  # each iteration creates symbolic tensors
    a = as_value(a)
    before = (slice(None),) * normalize_axis(axis, len(static_shape(a)))
    for _ in range(n):
        later, earlier = get_item(a, (*before, slice(1, None))), get_item(a, (*before, slice(None, -1)))
        a = not_equal(later, earlier) if dtype_of(a) == "bool" else subtract(later, earlier)
    return a
