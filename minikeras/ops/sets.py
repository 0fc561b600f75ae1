"""Sets: unique elements and membership."""

import math

import numpy as np

from ..engine.dispatch import apply, operand
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, brief
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .common.arguments import as_size, as_value, normalize_axis, promoted, static_shape
from .common.eager import is_eager
from .conversion import cast
from .creation import full
from .indexing import take
from .joining import concatenate
from .selection import where
from .shaping import ravel, reshape


def _numbers_kernel(x: np.ndarray, axis: int, ascending: bool) -> np.ndarray:
    """Returns the number of each element along an axis among the unique ones; NaNs differ from each other."""
    rows = np.moveaxis(x, axis, 0).reshape(x.shape[axis], math.prod(x.shape[:axis] + x.shape[axis + 1 :]))
    if not rows.size:
        return np.zeros(len(rows), np.int32)
    order = np.argsort(rows[:, 0], kind="stable") if rows.shape[1] == 1 else np.lexsort(rows.T[::-1])
    ranked = rows[order]
    numbers = np.empty(len(rows), np.int32)
    numbers[order] = np.cumsum(np.append(False, (ranked[1:] != ranked[:-1]).any(axis=1)))
    if ascending:
        return numbers
    first = _first_of(numbers, numbers.max() + 1)
    places = np.empty(len(first), np.int32)
    places[np.argsort(first)] = np.arange(len(first))
    return places[numbers]


def _numbers_rule(x: Spec, axis: int, ascending: bool) -> tuple:
    return (x.shape[axis],), "int32"


def _first_kernel(numbers: np.ndarray, size: int) -> np.ndarray:
    """Returns the index of the first occurrence of each number below `size`."""
    first = _first_of(numbers, numbers.max(initial=-1) + 1)[:size]
    result = np.full(size, first[0] if len(first) else 0, np.int32)
    result[: len(first)] = first
    return result


def _first_of(numbers: np.ndarray, count: int) -> np.ndarray:
    first = np.empty(count, np.int32)
    first[numbers[::-1]] = np.arange(len(numbers), dtype=np.int32)[::-1]  # of several values, the last one stays
    return first


def _counts_kernel(numbers: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(numbers, minlength=size)[:size].astype(np.int32)


def _size_rule(numbers: Spec, size: int | None) -> tuple:
    return (size,), "int32"


def _isin_kernel(x1: np.ndarray, x2: np.ndarray, assume_unique: bool, invert: bool) -> np.ndarray:
    if x1.size * x2.size > _FEW_PAIRS:
        return np.isin(x1, x2, assume_unique, invert)
    found = np.logical_or.reduce(x1[..., None] == x2.reshape(-1), -1)
    return np.logical_not(found) if invert else found


_FEW_PAIRS = 4096  # which are compared before numpy has chosen one of its ways
_NUMBERS = Primitive("unique_numbers", _numbers_kernel, shape=_numbers_rule, takes_text=True)
_FIRST = Primitive("unique_first", _first_kernel, shape=_size_rule)
_COUNTS = Primitive("unique_counts", _counts_kernel, shape=_size_rule)
_ISIN = Primitive(
    "isin",
    _isin_kernel,
    shape=lambda x1, x2, assume_unique, invert: (x1.shape, "bool"),
    takes_text=True,
)


def _values_kernel(x: np.ndarray) -> np.ndarray:
    """Returns the unique elements in ascending order."""
    if x.dtype.kind in "iu" or not len(x):
        return np.unique(x)
    ordered = x.copy()
    ordered.sort(kind="stable")  # the first of equal elements stays, such as of the zeros, which have a sign
    is_first = np.empty(len(x), bool)
    is_first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def _all_kernel(x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Returns the unique elements in ascending order, their first indices, the number of each element, the counts."""
    flat = x.reshape(-1)
    order = flat.argsort(kind="stable")
    ranked = flat[order]
    is_first = np.ones(len(flat), bool)
    np.not_equal(ranked[1:], ranked[:-1], out=is_first[1:])
    (first,) = is_first.nonzero()
    numbers = np.empty(x.shape, np.int32)
    numbers.reshape(-1)[order] = np.add.accumulate(is_first, 0, np.int32) - np.int32(1)
    ends = np.empty(len(first), np.int32)
    ends[:-1], ends[-1:] = first[1:], len(flat)
    return ranked[first], order[first].astype(np.int32), numbers, ends - first.astype(np.int32)


@op("numpy.Unique", settings="sorted return_index return_inverse return_counts axis size fill_value")
def unique(
    x: TensorLike,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: float | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """Returns the unique elements of a tensor. NaNs differ from each other.

    Args:
        x: Input tensor, of any shape.
        sorted: Whether the elements are in ascending order; otherwise they are in that of their first occurrence.
        return_index: Whether to return the index of the first occurrence of each, shape (size,).
        return_inverse: Whether to return the index among the unique elements of each element of `x`; it has the shape
            of `x`, or one axis if `axis` is given.
        return_counts: Whether to return how often each occurs, shape (size,).
        axis: The axis whose subarrays are compared; None compares the elements of the flattened tensor.
        size: The number of elements to return: more are cut off, fewer are padded. By default it depends on data, so
            that a step is replayed only if it is given.
        fill_value: The padding, 0 by default. Indices are padded with the first index, and counts with 0.

    Returns:
        The unique elements, or a tuple of them and of what else was asked for.

    Raises:
        ArgumentError: If `size` is negative, or `fill_value` does not exist in the dtype of `x`.
        ArgumentTypeError: If `size` is not an integer.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> unique([3, 1, 3])
        array([1, 3], dtype=int32)
        >>> unique([3, 1, 3], return_counts=True, size=3, fill_value=-1)
        (array([ 1,  3, -1], dtype=int32), array([1, 2, 0], dtype=int32))
    """
    x = as_value(x)
    shape = static_shape(x)
    size = None if size is None else as_size(size, "unique", "size")
    if size is not None and size < 0:
        raise ArgumentError(f"`unique` expects `size` to be at least 0. Received: size={brief(size)}")
    if is_eager(x) and axis is None and size is None and sorted:
        if return_index or return_inverse or return_counts:
            wanted = (True, return_index, return_inverse, return_counts)
            return tuple(each for each, is_wanted in zip(_all_kernel(x), wanted, strict=True) if is_wanted)
        return _values_kernel(x.reshape(-1))
    values, along = (ravel(x), 0) if axis is None else (x, normalize_axis(axis, len(shape)))
    numbers = apply(_NUMBERS, values, axis=along, ascending=bool(sorted))
    is_padded = size is not None
    if size is None and not isinstance(numbers, KerasTensor):
        size = int(np.asarray(operand(numbers)).max(initial=-1)) + 1
    index, counts = (apply(each, numbers, size=size) for each in (_FIRST, _COUNTS))
    found = [_taken(values, index, along, counts if is_padded else None, fill_value)]
    if return_index:
        found.append(index)
    if return_inverse:
        found.append(reshape(numbers, shape) if axis is None else numbers)
    if return_counts:
        found.append(counts)
    return found[0] if len(found) == 1 else tuple(found)


def _taken(values: object, index: object, axis: int, counts: object | None, fill_value: float | None) -> object:
    """Returns the elements at the indices; where the count is 0, the padding."""
    if counts is None:
        return take(values, index, axis)
    padding = cast(0 if fill_value is None else fill_value, dtype_of(values))
    sizes = static_shape(values)
    if sizes[axis] == 0:  # there is nothing to take
        values = concatenate([values, full((*sizes[:axis], 1, *sizes[axis + 1 :]), padding, dtype_of(values))], axis)
    there = reshape(counts > 0, (-1,) + (1,) * (len(static_shape(values)) - axis - 1))
    return where(there, take(values, index, axis), padding)


@op("numpy.IsIn", settings="assume_unique invert")
def isin(x1: TensorLike, x2: TensorLike, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Returns whether each element of a tensor occurs in another one. NaN occurs nowhere.

    Args:
        x1: Input tensor, of any shape.
        x2: The elements to look for, of any shape.
        assume_unique: Set it if neither tensor has repeated elements, which is faster.
        invert: Whether to return the opposite.

    Returns:
        Booleans of the shape of `x1`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> isin([[1, 2], [3, 4]], [2, 3])
        array([[False,  True],
               [ True, False]])
    """
    x1, x2 = promoted(*map(as_value, (x1, x2)))
    return apply(_ISIN, x1, x2, assume_unique=bool(assume_unique), invert=bool(invert))
