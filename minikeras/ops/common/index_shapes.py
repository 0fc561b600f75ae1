"""Shape inference for indexing, without allocating the result: advanced indexing would copy it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

_Group = list[tuple[int, ...]]


def indexed_shape(sizes: Sequence[int], key: Any) -> tuple[int, ...]:
    """Returns the shape of `x[key]`.

    Args:
        sizes: The shape of x.
        key: What numpy accepts: integers, slices, None, `...`, arrays of integers, or a tuple of these.

    Raises:
        IndexError: If an index is out of bounds, or there are more indices than axes.

    Example:
        >>> indexed_shape((4, 5, 10**12), (slice(1, None), [[0, 1, 2]], None))
        (3, 1, 3, 1, 1000000000000)
    """
    parts = list(key) if isinstance(key, tuple) else [key]
    parts = [np.asarray(part) if isinstance(part, (list, tuple, np.ndarray)) else part for part in parts]
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    is_mask = any(array.dtype.kind not in "iu" for array in arrays) or any(isinstance(part, bool) for part in parts)
    if is_mask:
        return np.broadcast_to(0, sizes)[key].shape  # a mask is as large as what it masks anyway
    used = sum(part is not None and part is not Ellipsis for part in parts)
    rest = [slice(None)] * (len(sizes) - used)
    position = next((index for index, part in enumerate(parts) if part is Ellipsis), len(parts))
    parts[position + 1 : position + 1] = rest  # after the `...`, which separates arrays even if it spans no axis
    before, picked, after = _grouped(parts, list(sizes))
    try:
        return (*before, *np.broadcast_shapes(*picked), *after)
    except ValueError as error:
        raise IndexError(f"arrays of indices have the shapes {picked}, which cannot be broadcast together") from error


def _grouped(parts: list, sizes: list[int]) -> tuple[list[int], _Group, list[int]]:
    """Returns the sizes before the advanced indices, the shapes of these indices, and the sizes after them."""
    before: list[int] = []
    after: list[int] = []
    picked: _Group = []
    is_behind = is_apart = False
    for part in parts:
        if part is Ellipsis or part is None or isinstance(part, slice):
            is_behind = bool(picked)
        if part is Ellipsis:
            continue
        if part is None or isinstance(part, slice):
            size = 1 if part is None else len(range(*part.indices(sizes.pop(0))))
            (after if picked else before).append(size)
            continue
        if not sizes:
            raise IndexError("too many indices for array")
        _check_range(part, sizes.pop(0))
        is_apart = is_apart or is_behind
        picked.append(np.shape(part))
    # As in numpy: the axes of advanced indices come first if slices separate them.
    return ([], picked, before + after) if is_apart else (before, picked, after)


def _check_range(index: Any, size: int) -> None:
    index = np.asarray(index)
    if index.dtype.kind not in "iu":
        raise IndexError(f"only integers, slices, `...`, None and arrays of integers are indices, not {index.dtype}")
    # A broadcast scalar represents indices that are not known yet.
    index = index.reshape(-1)[:1] if not any(index.strides) and index.size else index
    if index.size and not -size <= index.min() <= index.max() < size:
        raise IndexError(
            f"index {index.max() if index.max() >= size else index.min()} is out of bounds for size {size}"
        )
