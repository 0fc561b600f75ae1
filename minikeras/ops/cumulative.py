"""Cumulative sums and differences along an axis."""

from functools import partial

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of, standardize_dtype
from ..engine.memory_budget import charge_list
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .arithmetic import subtract
from .common.arguments import as_value, normalize_axes, static_shape
from .comparison import not_equal
from .conversion import cast
from .indexing import get_item
from .shaping import ravel

_CUMSUM = Primitive(
    "cumsum",
    lambda x, axis: np.add.accumulate(x, axis, x.dtype),
    bind=lambda arrays, out, axis: partial(np.add.accumulate, arrays[0], axis, out.dtype, out),
    shape=lambda x, axis: (x.shape, x.dtype),
    vjps=(lambda g, y, x, axis: _backwards(apply(_CUMSUM, _backwards(g, axis), axis=axis), axis),),
)


def _backwards(x: object, axis: int) -> object:
    return get_item(x, (*[slice(None)] * axis, slice(None, None, -1)))


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
    x = as_value(x)
    dtype = dtype_of(x) if dtype is None else standardize_dtype(dtype)
    x = cast(x, "int32" if dtype == "bool" else dtype)
    if axis is None:
        x, axis = ravel(x), 0
    return apply(_CUMSUM, x, axis=normalize_axes(axis, len(static_shape(x)))[0])


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
    before = (slice(None),) * normalize_axes(axis, len(static_shape(a)))[0]
    for _ in range(n):
        later, earlier = get_item(a, (*before, slice(1, None))), get_item(a, (*before, slice(None, -1)))
        a = not_equal(later, earlier) if dtype_of(a) == "bool" else subtract(later, earlier)
    return a
