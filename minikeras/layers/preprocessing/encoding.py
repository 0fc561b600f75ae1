"""Category indices as one-hot vectors, multi-hot vectors and counts, for all layers with an `output_mode`."""

from typing import Any

import numpy as np

from ... import ops
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec
from ...errors import unknown_name
from ...typing import Tensor

_OLD_NAMES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


def check_output_mode(where: str, mode: Any, allowed: tuple[str, ...]) -> str:
    """Returns an output mode by its present name.

    Raises:
        UnknownNameError: If it is not among the allowed ones.
    """
    name = _OLD_NAMES.get(mode, mode) if isinstance(mode, str) else mode
    if not isinstance(name, str) or name not in allowed:
        raise unknown_name(f"output_mode of {where}", mode, allowed)
    return name


def encoded(indices: Tensor, mode: str, depth: int, dtype: str) -> Tensor:
    """Returns category indices in the form of an output mode.

    Args:
        indices: Integers, or floats that are integers; those outside [0, depth) are left out.
        mode: "int", "one_hot", "multi_hot" or "count".
        depth: The number of categories.
        dtype: The dtype of the result.

    Returns:
        For "one_hot", each index as a vector, in place of a last axis of size 1 if there are several axes; else one
        vector for all indices along the second axis, or along the only one.

    Example:
        >>> encoded(np.array([[0, 2, 2]]), "count", 3, "float32")
        array([[1., 0., 2.]], dtype=float32)
    """
    if mode == "int":
        return ops.cast(indices, dtype)
    shape = ops.shape(indices)
    if not shape:
        indices, shape = ops.reshape(indices, (1,)), (1,)
    if mode != "one_hot":
        return apply(_TOTALS, indices, depth=depth, dtype=dtype, counts=mode == "count")
    if len(shape) > 1 and shape[-1] == 1:
        indices = ops.squeeze(indices, -1)
    return ops.one_hot(indices, depth, dtype=dtype)


def encoded_shape(shape: tuple, mode: str, depth: int | None) -> tuple:
    """Returns the shape of `encoded`.

    Example:
        >>> encoded_shape((None, 5), "multi_hot", 3), encoded_shape((None, 5), "one_hot", 3)
        ((None, 3), (None, 5, 3))
    """
    shape = tuple(shape)
    if mode == "int":
        return shape
    if mode == "one_hot":
        return (*(shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape or (1,)), depth)
    return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)


def totals(indices: np.ndarray, depth: int, dtype: str, counts: bool) -> np.ndarray:
    """Returns how often each category occurs along the second axis, or along the only one; or just whether it does."""
    rows = indices if indices.ndim > 1 else indices[None]
    rows = np.moveaxis(rows, 1, -1)
    with np.errstate(invalid="ignore"):
        flat = rows.reshape(-1, rows.shape[-1]).astype(np.int64)
    total = totals_of_rows(flat.ravel(), np.full(len(flat), flat.shape[1]), depth, dtype, counts)
    return total.reshape(*rows.shape[:-1], depth) if indices.ndim > 1 else total[0]


def totals_of_rows(indices: np.ndarray, lengths: np.ndarray, depth: int, dtype: str, counts: bool) -> np.ndarray:
    """Returns the totals of rows of any length, shape (rows, depth).

    Args:
        indices: The indices of all rows, one after the other.
        lengths: The number of indices of each row.
        depth: The number of categories; indices outside [0, depth) are left out.
        dtype: The dtype of the result.
        counts: Whether to count; else a category that occurs is 1.
    """
    places = np.repeat(np.arange(len(lengths)) * depth, lengths)
    inside = (indices >= 0) & (indices < depth)
    if not inside.all():
        places, indices = places[inside], indices[inside]
    result = np.zeros(len(lengths) * depth, dtype)
    if counts:
        np.add.at(result, places + indices, result.dtype.type(1))
    else:
        result[places + indices] = 1
    return result.reshape(-1, depth)


def _rule(x: Spec, depth: int, dtype: str, counts: bool) -> tuple:
    return encoded_shape(x.shape, "count", depth), dtype


_TOTALS = Primitive("category_totals", totals, shape=_rule)
