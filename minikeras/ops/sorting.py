"""Sorting, and the k largest elements."""

import numpy as np

from ..engine.batch_rules import Batching, leading
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..engine.specialization import specialized
from ..errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, check_real, normalize_axis, static_shape
from .conversion import cast
from .indexing import take_along_axis
from .shaping import ravel


def _top_k_kernel(x: np.ndarray, k: int) -> np.ndarray:
    if x.dtype.kind == "f":
        indices = np.argsort(-x, axis=-1, kind="stable")  # NaNs are last
    else:  # some integers have no negative: sorted in reverse, so that the first of equal elements stays first
        indices = x.shape[-1] - 1 - np.argsort(x[..., ::-1], axis=-1, kind="stable")[..., ::-1]
    return indices[..., :k].astype(np.int32)


def _in_top_k_kernel(targets: np.ndarray, predictions: np.ndarray, k: int) -> np.ndarray:
    known = targets.view(np.uint32) < predictions.shape[1]  # viewed as unsigned, negative indices are large
    if not predictions.shape[1]:
        return known
    target_values = predictions[np.arange(len(targets)), np.where(known, targets, 0)]
    better = np.count_nonzero(predictions > target_values[:, None], axis=1)
    return (better < k) & known & np.isfinite(predictions).all(axis=1)


def _in_top_k_rule(targets: Spec, predictions: Spec, k: int) -> tuple:
    return targets.shape, "bool"


def _rows_of_both(axes: tuple, *specs: Spec, k: int) -> Batching:
    return Batching((0, 0), 0)


_TOP_K = Primitive(
    "top_k",
    _top_k_kernel,
    shape=lambda x, k: ((*x.shape[:-1], k), "int32"),  # the indices of the largest elements
    batch=lambda axes, x, k: leading(axes) if len(x.shape) > 1 else None,
)
_ARGSORT = Primitive(
    "argsort",
    lambda x, axis: x.argsort(axis, "stable").astype(np.int32),
    shape=lambda x, axis: (x.shape, "int32"),
    takes_text=True,
)
_ARGPARTITION = Primitive(
    "argpartition",
    lambda x, kth, axis: x.argpartition(kth, axis).astype(np.int32),
    shape=lambda x, kth, axis: (x.shape, "int32"),
)
_IN_TOP_K = Primitive("in_top_k", _in_top_k_kernel, shape=_in_top_k_rule, batch=_rows_of_both)


@specialized
@op("numpy.Argsort", settings="axis")
def argsort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """Returns the indices that sort a tensor along an axis, in ascending order.

    The sort is stable.

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> argsort([3.0, 1.0, 2.0])
        array([1, 2, 0], dtype=int32)
    """
    x = as_value(x)
    if axis is None or not static_shape(x):
        x, axis = ravel(x), 0
    return apply(_ARGSORT, x, axis=normalize_axis(axis, len(static_shape(x))))


@specialized
@op("numpy.Argpartition", settings="kth axis")
def argpartition(x: TensorLike, kth: int, axis: int | None = -1) -> Tensor:
    """Returns indices that partition a tensor along an axis.

    Taken in that order, the element at position `kth` is the one that sorting would put there; smaller elements are
    before it, larger ones and NaN after it, in no particular order.

    Args:
        x: Input tensor, of any shape.
        kth: The position; negative ones count from the end.
        axis: The axis; None flattens the input first.

    Raises:
        ArgumentTypeError: If `kth` is not an integer.
        ArgumentError: If there is no such position.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> argpartition([30.0, 10.0, 20.0], 1)[1].item()
        2
    """
    x = as_value(x)
    if axis is None or not static_shape(x):
        x, axis = ravel(x), 0
    check_real("argpartition", x)
    axis = normalize_axis(axis, len(static_shape(x)))
    size = static_shape(x)[axis]
    if not isinstance(kth, (int, np.integer)):
        raise ArgumentTypeError(f"`argpartition` expects an integer as `kth`. Received: kth={brief(kth)}")
    if size is not None and not -size <= kth < size:
        raise ArgumentError(f"`argpartition` expects -{size} <= kth < {size}, for axis {axis}. Received: kth={kth}")
    return apply(_ARGPARTITION, x, kth=int(kth), axis=axis)


_FEW = 256  # elements that a stable sort sorts in the same time


def _sort_kernel(x: np.ndarray, axis: int) -> np.ndarray:
    if x.size <= _FEW or x.dtype.kind == "c":
        ordered = x.copy()
        ordered.sort(axis, "stable")
        return ordered
    if axis != x.ndim - 1:  # sorting rows takes a fraction of sorting columns
        rows = np.ascontiguousarray(np.moveaxis(x, axis, -1))
        return np.ascontiguousarray(np.moveaxis(_sort_kernel(rows, x.ndim - 1), -1, axis))
    ordered = x.copy()
    ordered.sort(-1)  # a stable sort takes ten times as long
    if x.dtype.kind == "f":  # elements that are equal cannot be told apart, but for zeros, which have a sign
        is_zero = ordered == 0
        if np.count_nonzero(is_zero):
            ordered[is_zero] = x[x == 0]  # in their order, as a stable sort leaves them
    return ordered


def _sort_vjp(g: object, y: object, x: object, axis: int) -> object:
    ranks = argsort(argsort(x, axis), axis)  # where each element is in the result
    return take_along_axis(g, ranks, axis)


_SORT = Primitive(
    "sort",
    _sort_kernel,
    shape=lambda x, axis: (x.shape, x.dtype),
    vjps=(_sort_vjp,),
    takes_text=True,
)


@specialized
@op("numpy.Sort", settings="axis")
def sort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """Sorts a tensor along an axis, in ascending order.

    Args:
        x: Input tensor, of any shape.
        axis: The axis; None flattens the input first.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> sort([3.0, 1.0, 2.0])
        array([1., 2., 3.], dtype=float32)
    """
    x = as_value(x)
    if axis is None:
        x, axis = ravel(x), 0
    return apply(_SORT, x, axis=normalize_axis(axis, len(static_shape(x))))


@op("math.TopK", settings="k sorted")
def top_k(x: TensorLike, k: int, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """Returns the k largest elements along the last axis, and their indices.

    Args:
        x: Input tensor of shape (..., n).
        k: The number of elements.
        sorted: Whether the elements must be in descending order. Here they always are; of equal elements, the first
            comes first.

    Returns:
        The values and their indices, each of shape (..., k).

    Raises:
        ShapeError: If there are fewer than `k` elements.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> values, indices = top_k([1.0, 4.0, 3.0], 2)
        >>> print(values, indices)
        [4. 3.] [1 2]
    """
    x = as_value(x)
    check_real("top_k", x)
    sizes = static_shape(x)
    if not sizes or k < 0 or (sizes[-1] is not None and k > sizes[-1]):
        raise ShapeError(f"`top_k` expects a last axis of at least k={k} elements. Received: a tensor of shape {sizes}")
    indices = apply(_TOP_K, x, k=int(k))
    return take_along_axis(x, indices, axis=-1), indices


@op("math.InTopK", settings="k")
def in_top_k(targets: TensorLike, predictions: TensorLike, k: int) -> Tensor:
    """Returns whether each target is among the top k predictions.

    Ties with the k-th prediction count as hits; invalid class indices and rows with non-finite predictions do not.

    Args:
        targets: Class indices, shape (n,).
        predictions: Scores, shape (n, classes).
        k: The number of top predictions.

    Returns:
        Booleans of shape (n,).

    Raises:
        ShapeError: If the shapes are incompatible.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> in_top_k([1, 0], [[0.1, 0.4, 0.5], [0.1, 0.4, 0.5]], k=2)
        array([ True, False])
    """
    predictions, targets = as_value(predictions), cast(targets, "int32")
    rows, numbers = static_shape(predictions), static_shape(targets)
    if len(rows) != 2 or len(numbers) != 1 or (None not in (rows[0], numbers[0]) and rows[0] != numbers[0]):
        raise ShapeError(
            "`in_top_k` expects predictions of shape (n, classes) and targets of shape (n,). "
            f"Received: predictions of shape {rows}, targets of shape {numbers}"
        )
    if "float" not in dtype_of(predictions):
        predictions = cast(predictions, None)
    return apply(_IN_TOP_K, targets, predictions, k=int(k))
