"""Sorting, and the largest elements."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ShapeError
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, normalize_axes, static_shape
from .conversion import cast
from .indexing import take_along_axis
from .shaping import ravel


def _top_places_kernel(x: np.ndarray, k: int) -> np.ndarray:
    if x.dtype.kind == "f":
        places = np.argsort(-x, axis=-1, kind="stable")  # NaN is last
    else:  # types that have no negative: read backwards, so that the first of equal numbers stays first
        places = x.shape[-1] - 1 - np.argsort(x[..., ::-1], axis=-1, kind="stable")[..., ::-1]
    return places[..., :k].astype(np.int32)


def _in_top_k_kernel(targets: np.ndarray, predictions: np.ndarray, k: int) -> np.ndarray:
    known = targets.view(np.uint32) < predictions.shape[1]  # negative numbers become large ones
    scores = predictions[np.arange(len(targets)), np.where(known, targets, 0)]
    better = np.count_nonzero(predictions > scores[:, None], axis=1)
    return (better < k) & known & np.isfinite(predictions).all(axis=1)


def _in_top_k_rule(targets: Spec, predictions: Spec, k: int) -> tuple:
    return targets.shape, "bool"


_TOP_PLACES = Primitive(
    "top_places",
    _top_places_kernel,
    shape=lambda x, k: ((*x.shape[:-1], k), "int32"),  # where the largest stand
)
_ARGSORT = Primitive(
    "argsort",
    lambda x, axis: np.argsort(x, axis, kind="stable").astype(np.int32),
    shape=lambda x, axis: (x.shape, "int32"),
)
_IN_TOP_K = Primitive("in_top_k", _in_top_k_kernel, shape=_in_top_k_rule)


@op("numpy.Argsort", settings="axis")
def argsort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """Returns the indices that put the elements along an axis in order, the smallest first.

    Equal elements keep their order.

    Args:
        x: A value of any shape.
        axis: The axis; None: the flattened value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> argsort([3.0, 1.0, 2.0])
        array([1, 2, 0], dtype=int32)
    """
    x = as_value(x)
    if axis is None or not static_shape(x):
        x, axis = ravel(x), 0
    return apply(_ARGSORT, x, axis=normalize_axes(axis, len(static_shape(x)))[0])


@op("numpy.Sort", settings="axis")
def sort(x: TensorLike, axis: int | None = -1) -> Tensor:
    """Puts the elements along an axis in order, the smallest first.

    Args:
        x: A value of any shape.
        axis: The axis; None: the flattened value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> sort([3.0, 1.0, 2.0])
        array([1., 2., 3.], dtype=float32)
    """
    x = as_value(x)
    if axis is None:
        x, axis = ravel(x), 0
    return take_along_axis(x, argsort(x, axis), axis)


@op("math.TopK", settings="k sorted")
def top_k(x: TensorLike, k: int, sorted: bool = True) -> tuple[Tensor, Tensor]:
    """Returns the largest elements along the last axis, and their places.

    Args:
        x: A value of shape (..., n).
        k: How many.
        sorted: False: they may come in any order. They always come from the largest to the smallest here, and of
            equal ones the first comes first.

    Returns:
        The values and their indices, each of shape (..., k).

    Raises:
        ShapeError: If there are less than `k` elements.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> values, indices = top_k([1.0, 4.0, 3.0], 2)
        >>> print(values, indices)
        [4. 3.] [1 2]
    """
    x = as_value(x)
    sizes = static_shape(x)
    if not sizes or k < 0 or (sizes[-1] is not None and k > sizes[-1]):
        raise ShapeError(f"`top_k` expects a last axis of at least k={k} elements. Received: a value of shape {sizes}")
    places = apply(_TOP_PLACES, x, k=int(k))
    return take_along_axis(x, places, axis=-1), places


@op("math.InTopK", settings="k")
def in_top_k(targets: TensorLike, predictions: TensorLike, k: int) -> Tensor:
    """Tells whether the score of the right class is among the largest of its row.

    A tie with the last of them counts. A class that does not exist is not among them, and none is in a row with a
    score that is infinite or NaN.

    Args:
        targets: Class numbers, shape (n,).
        predictions: Scores, shape (n, classes).
        k: How many of the largest scores count.

    Returns:
        Booleans of shape (n,).

    Raises:
        ShapeError: If the shapes do not fit together.

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
