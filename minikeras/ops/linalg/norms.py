"""Norms of vectors and matrices, and normalization."""

import math
from collections.abc import Sequence

import numpy as np

from ... import config
from ...engine.dtypes import COMPLEX, dtype_of
from ...engine.registry import op
from ...engine.specialization import specialized
from ...errors import ArgumentError, brief
from ...typing import Axis, Tensor, TensorLike
from ..arithmetic import absolute, true_divide
from ..common.arguments import as_float, normalize_axes, normalize_axis, static_shape
from ..comparison import equal
from ..conversion import cast
from ..exponents import power, sqrt, square
from ..extrema import maximum
from ..reductions import max, min, sum
from ..selection import where
from ..shaping import expand_dims, moveaxis, ravel
from .decompositions import svd


def _largest(x: object, axis: Axis, keepdims: bool = False) -> object:
    """Returns the maximum of numbers that are not negative; 0 if there are none."""
    return max(x, axis, keepdims, initial=0 if 0 in static_shape(x) else None)


_OF_SINGULAR_VALUES = {2: _largest, -2: min, "nuc": sum}
_MATRIX_NORMS = (*_OF_SINGULAR_VALUES, 1, -1, math.inf, -math.inf)


@specialized
@op("linalg.Norm", settings="ord axis keepdims")
def norm(x: TensorLike, ord: int | float | str | None = None, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Vector or matrix norm.

    Args:
        x: Input tensor, of any shape.
        ord: Order of the norm. For vectors: 2 (the default), 1, any other number, `inf`, `-inf`, or 0 (the number of
            nonzero elements). For matrices: "fro" (the default), "nuc" (the sum of the singular values), 2 or -2 (the
            largest or smallest of them), 1, -1, `inf` or `-inf`.
        axis: The axis of vectors, or the two axes of matrices. None: the flattened input if `ord` is None too, else
            the axes of a vector or matrix.
        keepdims: Whether to keep the reduced axes, with size 1.

    Raises:
        ArgumentError: If `ord` or `axis` is invalid.

    Source: https://keras.io/api/ops/linalg/

    Example:
        >>> print(norm([3.0, 4.0]))
        5.0
    """
    x = as_float(x)
    rank = len(static_shape(x))
    axes = tuple(range(rank)) if axis is None else tuple(axis) if hasattr(axis, "__iter__") else (axis,)
    normalize_axes(axes, rank)  # refuses axes that do not exist, or occur twice
    if dtype_of(x) in COMPLEX and not (len(axes) == 2 and ord in (2, -2, "nuc")):
        x = absolute(x)
    if ord is None or (ord == 2 and len(axes) == 1) or (ord == "fro" and len(axes) == 2):
        if axis is None and rank > 1 and not keepdims:
            x, axes = ravel(x), (0,)
        return sqrt(sum(square(x), axes, keepdims))
    if len(axes) == 1:
        return _vector_norm(x, ord, axes, keepdims)
    if len(axes) != 2:
        raise ArgumentError(
            f"`norm` with an `ord` expects one or two axes. Received: ord={brief(ord)}, axis={brief(axis)}"
        )
    if ord not in _MATRIX_NORMS:
        raise ArgumentError(
            f"`norm` of matrices expects ord 'fro', 'nuc', 1, -1, 2, -2, inf or -inf. Received: ord={brief(ord)}"
        )
    rows, columns = (normalize_axis(each, rank) for each in axes)
    if ord in _OF_SINGULAR_VALUES:
        x = x if (rows, columns) == (rank - 2, rank - 1) else moveaxis(x, (rows, columns), (-2, -1))
        values = svd(x, compute_uv=False)
        found = _OF_SINGULAR_VALUES[ord](values, -1)
        return expand_dims(found, (rows, columns)) if keepdims else found
    adds, others = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = sum(absolute(x), adds)
    found = (_largest if ord > 0 else min)(sums, others - (others > adds))
    return expand_dims(found, (rows, columns)) if keepdims else found


def _vector_norm(x: object, ord: object, axes: tuple, keepdims: bool) -> object:
    if isinstance(ord, str):
        raise ArgumentError(f"`norm` of vectors expects a number as `ord`. Received: ord={brief(ord)}")
    if ord in (math.inf, -math.inf):
        return (_largest if ord > 0 else min)(absolute(x), axes, keepdims)
    if ord == 0:
        return sum(cast(x != 0, dtype_of(x)), axes, keepdims)
    if ord == 1:
        return sum(absolute(x), axes, keepdims)
    return power(sum(power(absolute(x), ord), axes, keepdims), 1.0 / ord)


@specialized
@op("nn.Normalize", settings="axis order epsilon")
def normalize(
    x: TensorLike, axis: int | Sequence[int] | None = -1, order: int = 2, epsilon: float | None = None
) -> Tensor:
    """Normalizes vectors or matrices to unit norm; zeros are returned unchanged.

    `x / max((sum_i |x_i|^order)^(1 / order), epsilon)`

    Args:
        x: Input tensor, of any shape; a scalar is a vector of one element.
        axis: The axis of the vectors; or with order 2 several axes, which count as one. With order 1 two axes are those
            of matrices, whose norm is the largest sum of absolute values of a column. None: all axes.
        order: Order of the norm, a positive integer.
        epsilon: Lower bound of the norm that is divided by; `keras.config.epsilon()` by default.

    Raises:
        ArgumentError: If the order is not a positive integer, or there is no such norm over several axes.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> normalize([[3.0, 4.0], [0.0, 0.0]])
        array([[0.6, 0.8],
               [0. , 0. ]], dtype=float32)
    """
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or order < 1:
        raise ArgumentError(f"`normalize` expects `order` to be a positive integer. Received: order={brief(order)}")
    x = as_float(x)
    x = x if static_shape(x) else expand_dims(x, 0)
    axes = normalize_axes(axis, len(static_shape(x)))
    epsilon = config.epsilon() if epsilon is None else epsilon
    if order != 2 and len(axes) > 1:
        if order > 1 or len(axes) > 2:
            raise ArgumentError(
                "`normalize` expects order 2 for several axes, or order 1 for two, those of matrices. "
                f"Received: axis={brief(axis)}, order={order}"
            )
        return true_divide(x, maximum(norm(x, 1, axis, keepdims=True), epsilon))
    powers = square(x) if order == 2 else power(absolute(x), int(order))
    total = sum(powers, axis=axes, keepdims=True)
    # The derivative of a root at 0 is infinite; the branch that `where` discards must not make the gradient NaN.
    zero, one = cast(0, dtype_of(x)), cast(1, dtype_of(x))
    safe = where(equal(total, 0), one, total)
    length = where(equal(total, 0), zero, sqrt(safe) if order == 2 else power(safe, 1 / int(order)))
    return true_divide(x, maximum(length, epsilon))
