"""Reductions over segments: sums, products and extrema of the rows with the same id."""

import math
from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply, operand
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .arithmetic import divide, multiply, subtract
from .common.accumulation import combine_rows_at
from .common.arguments import as_sizes, as_value, check_real, static_shape
from .comparison import equal
from .conversion import cast
from .extrema import maximum
from .indexing import take
from .selection import where
from .shaping import reshape


def _inside(name: str, data: np.ndarray, segment_ids: np.ndarray, num_segments: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the rows and ids without those of negative ids."""
    inside = segment_ids.view(np.uint32) < num_segments  # viewed as unsigned, negative ids are large
    if inside.all():
        return data, segment_ids
    if segment_ids.max() >= num_segments:
        raise ArgumentError(
            f"`{name}` expects segment ids below num_segments={num_segments}. "
            f"Received: segment_ids up to {segment_ids.max()}"
        )
    return data[inside], segment_ids[inside]


def _segment_sum_kernel(data: np.ndarray, segment_ids: np.ndarray, num_segments: int) -> np.ndarray:
    data, segment_ids = _inside("segment_sum", data, segment_ids, num_segments)
    if data.dtype.kind != "f":
        return _filled(np.add, 0, data, segment_ids, num_segments)
    width = math.prod(data.shape[1:])
    if width != 1:  # each column has its own bins
        segment_ids = (segment_ids[:, None] * width + np.arange(width)).reshape(-1)
    # Accumulates in float64, so that long sums are accurate.
    sums = np.bincount(segment_ids, data.reshape(-1), num_segments * width).astype(data.dtype)
    return sums.reshape(num_segments, *data.shape[1:])


def _filled(ufunc: np.ufunc, empty: object, data: np.ndarray, segment_ids: np.ndarray, count: int) -> np.ndarray:
    result = np.full((count, *data.shape[1:]), empty, data.dtype)
    combine_rows_at(ufunc, result, segment_ids, data)
    return result


def lowest(dtype: str) -> object:
    """Returns the value of a maximum over nothing: -inf, the lowest integer or False.

    Example:
        >>> lowest("float32"), lowest("int8")
        (-inf, -128)
    """
    kind = np.dtype(dtype).kind
    return -np.inf if kind == "f" else False if kind == "b" else np.iinfo(dtype).min


def highest(dtype: str) -> object:
    """Returns the value of a minimum over nothing: inf, the highest integer or True.

    Example:
        >>> highest("float32"), highest("int8")
        (inf, 127)
    """
    kind = np.dtype(dtype).kind
    return np.inf if kind == "f" else True if kind == "b" else np.iinfo(dtype).max


def _kernel(name: str, ufunc: np.ufunc, empty: Callable) -> Callable:
    def kernel(data: np.ndarray, segment_ids: np.ndarray, num_segments: int) -> np.ndarray:
        data, segment_ids = _inside(name, data, segment_ids, num_segments)
        return _filled(ufunc, empty(data.dtype), data, segment_ids, num_segments)

    return kernel


def rows_at(x: object, segment_ids: object) -> object:
    """Returns the row of each id: `x[segment_ids]`, and zeros for negative ids.

    Example:
        >>> rows_at(np.float32([1, 2]), np.int32([1, -1, 0]))
        array([2., 0., 1.], dtype=float32)
    """
    dropped = segment_ids < 0
    taken = take(x, where(dropped, 0, segment_ids), axis=0)
    return where(reshape(dropped, (-1,) + (1,) * (len(static_shape(x)) - 1)), cast(0, dtype_of(x)), taken)


def _sum_gradient(g: object, y: object, data: object, segment_ids: object, num_segments: int) -> object:
    return rows_at(g, segment_ids)


def _extreme_gradient(g: object, y: object, data: object, segment_ids: object, num_segments: int) -> object:
    """Equal elements share the gradient evenly."""
    hit = equal(data, rows_at(y, segment_ids))
    ones = cast(hit, dtype_of(g))
    ties = apply(_SEGMENT_SUM, ones, segment_ids, num_segments=num_segments)
    return multiply(ones, rows_at(divide(g, maximum(ties, 1)), segment_ids))


def product_gradient(g: object, data: object, segment_ids: object, num_segments: int) -> object:
    """Returns the gradient of products over segments: `g` times the product of the other elements.

    Division by an element that is 0 is avoided: where one other element of the segment is 0, the product of the others
    is 0, but its derivative is not.

    Args:
        g: The gradient of the products, shape (num_segments, ...).
        data: The elements, shape (n, ...).
        segment_ids: The segment of each row, shape (n,).
        num_segments: The number of segments.
    """
    zero, dtype = equal(data, 0), dtype_of(g)
    nonzero = where(zero, cast(1, dtype), data)
    product = apply(_SEGMENT_PROD, nonzero, segment_ids, num_segments=num_segments)
    own_zeros, own_sum = cast(zero, dtype), where(zero, data, cast(0, dtype))
    zeros, total = (
        rows_at(apply(_SEGMENT_SUM, each, segment_ids, num_segments=num_segments), segment_ids)
        for each in (own_zeros, own_sum)
    )
    others = subtract(zeros, own_zeros)  # how many other elements are 0
    factor = where(equal(others, 0), cast(1, dtype), where(equal(others, 1), subtract(total, own_sum), cast(0, dtype)))
    return multiply(divide(rows_at(multiply(g, product), segment_ids), nonzero), factor)


def _prod_gradient(g: object, y: object, data: object, segment_ids: object, num_segments: int) -> object:
    return product_gradient(g, data, segment_ids, num_segments)


def _segment_rule(data: Spec, segment_ids: Spec, num_segments: int | None) -> tuple:
    return (num_segments, *data.shape[1:]), data.dtype


def _segments(name: str, kernel: Callable, gradient: Callable) -> Primitive:
    return Primitive(name, kernel, shape=_segment_rule, vjps=(gradient, None))


_SEGMENT_SUM = _segments("segment_sum", _segment_sum_kernel, _sum_gradient)
_SEGMENT_PROD = _segments("segment_prod", _kernel("segment_prod", np.multiply, lambda dtype: 1), _prod_gradient)
_SEGMENT_MAX = _segments("segment_max", _kernel("segment_max", np.maximum, lowest), _extreme_gradient)
_SEGMENT_MIN = _segments("segment_min", _kernel("segment_min", np.minimum, highest), _extreme_gradient)


def _segments_in_keras(num_segments: int | None, sorted: bool, **others: object) -> dict:
    """On TensorFlow, Keras accepts `sorted` only where `num_segments` is not given."""
    return {"sorted": sorted and num_segments is None}


@op("math.SegmentSum", settings="num_segments sorted", as_in_keras=_segments_in_keras)
def segment_sum(
    data: TensorLike, segment_ids: TensorLike, num_segments: int | None = None, sorted: bool = False
) -> Tensor:
    """Sums the rows of each segment.

    `y_s = sum of data_i over all i with segment_ids_i = s`

    Args:
        data: Input tensor of shape (n, ...).
        segment_ids: The segment id of each row, shape (n,); rows with negative ids are dropped.
        num_segments: The number of segments; by default the largest id plus 1, which depends on data, so that a
            step is replayed only if it is given.
        sorted: Whether the ids are sorted; the result does not depend on it.

    Returns:
        The sums, shape (num_segments, ...).

    Raises:
        ShapeError: If there is not one segment id per row.
        ArgumentError: If a segment id is too large.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> segment_sum([1.0, 2.0, 4.0], [0, 2, 0], num_segments=3)
        array([5., 0., 2.], dtype=float32)
    """
    return _reduce(_SEGMENT_SUM, data, segment_ids, num_segments)


@op("math.SegmentProd", settings="num_segments sorted", as_in_keras=_segments_in_keras)
def segment_prod(
    data: TensorLike, segment_ids: TensorLike, num_segments: int | None = None, sorted: bool = False
) -> Tensor:
    """Multiplies the rows of each segment.

    `y_s = product of data_i over all i with segment_ids_i = s`

    Args:
        data: Input tensor of shape (n, ...).
        segment_ids: The segment id of each row, shape (n,); rows with negative ids are dropped.
        num_segments: The number of segments; by default the largest id plus 1, as in `segment_sum`.
        sorted: Whether the ids are sorted; the result does not depend on it.

    Returns:
        The products, shape (num_segments, ...); 1 for segments without rows.

    Raises:
        ShapeError: If there is not one segment id per row.
        ArgumentError: If a segment id is too large.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> segment_prod([1.0, 2.0, 4.0], [2, 0, 0])
        array([8., 1., 1.], dtype=float32)
    """
    return _reduce(_SEGMENT_PROD, data, segment_ids, num_segments)


@op("math.SegmentMax", settings="num_segments sorted", as_in_keras=_segments_in_keras)
def segment_max(
    data: TensorLike, segment_ids: TensorLike, num_segments: int | None = None, sorted: bool = False
) -> Tensor:
    """Returns the maximum of the rows of each segment.

    Args:
        data: Input tensor of shape (n, ...).
        segment_ids: The segment id of each row, shape (n,); rows with negative ids are dropped.
        num_segments: The number of segments; by default the largest id plus 1, as in `segment_sum`.
        sorted: Whether the ids are sorted; the result does not depend on it.

    Returns:
        The maxima, shape (num_segments, ...); the lowest value of the dtype, for floats -inf, for segments without
        rows.

    Raises:
        ShapeError: If there is not one segment id per row.
        ArgumentError: If a segment id is too large.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> segment_max([1.0, 2.0, 4.0], [0, 2, 0])
        array([  4., -inf,   2.], dtype=float32)
    """
    data = as_value(data)
    check_real("segment_max", data)
    return _reduce(_SEGMENT_MAX, data, segment_ids, num_segments)


@op("math.SegmentMin", settings="num_segments sorted", as_in_keras=_segments_in_keras)
def segment_min(
    data: TensorLike, segment_ids: TensorLike, num_segments: int | None = None, sorted: bool = False
) -> Tensor:
    """Returns the minimum of the rows of each segment.

    Args:
        data: Input tensor of shape (n, ...).
        segment_ids: The segment id of each row, shape (n,); rows with negative ids are dropped.
        num_segments: The number of segments; by default the largest id plus 1, as in `segment_sum`.
        sorted: Whether the ids are sorted; the result does not depend on it.

    Returns:
        The minima, shape (num_segments, ...); the highest value of the dtype, for floats inf, for segments without
        rows.

    Raises:
        ShapeError: If there is not one segment id per row.
        ArgumentError: If a segment id is too large.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> segment_min([1.0, 2.0, 4.0], [0, 2, 0])
        array([ 1., inf,  2.], dtype=float32)
    """
    data = as_value(data)
    check_real("segment_min", data)
    return _reduce(_SEGMENT_MIN, data, segment_ids, num_segments)


def _reduce(primitive: Primitive, data: object, segment_ids: object, num_segments: int | None) -> object:
    data, segment_ids = as_value(data), cast(segment_ids, "int32")
    rows, numbers = static_shape(data), static_shape(segment_ids)
    if len(numbers) != 1 or not rows or (None not in (rows[0], numbers[0]) and rows[0] != numbers[0]):
        raise ShapeError(
            f"`{primitive.name}` expects one segment id for each row of the data. "
            f"Received: data of shape {rows}, segment_ids of shape {numbers}"
        )
    if num_segments is not None:
        (count,) = as_sizes(num_segments, primitive.name, "num_segments")
        if count < 0:
            raise ArgumentError(f"`{primitive.name}` expects `num_segments` of at least 0. Received: {num_segments}")
    if num_segments is None and not isinstance(segment_ids, KerasTensor):
        num_segments = int(np.asarray(operand(segment_ids)).max(initial=-1)) + 1
    return apply(primitive, data, segment_ids, num_segments=num_segments)
