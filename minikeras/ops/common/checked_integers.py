"""Checks of integers that run with every step, replays included: embedding ids, and casts that must be exact."""

from collections.abc import Callable, Sequence

import numpy as np

from ...engine.batch_rules import followed
from ...engine.dispatch import apply
from ...engine.dtypes import TEXT, dtype_of, has_fractions
from ...engine.primitive import Primitive, copying
from ...errors import DataError
from ...graph.keras_tensor import KerasTensor
from ...typing import Tensor, TensorLike
from ..conversion import cast

_CHUNK = 1_000_000  # elements compared at a time


def checked_ids(ids: TensorLike, size: int, where: str) -> Tensor:
    """Returns ids as integers after checking their range.

    Args:
        ids: Ids of any dtype.
        size: The number of ids; valid ones are 0 to `size - 1`.
        where: Prefix of error messages.

    Raises:
        DataError: If an id is out of range or not an integer.

    Example:
        >>> checked_ids(np.array([1.0, 0.0]), 2, "Embedding")
        array([1, 0], dtype=int32)
    """
    return apply(_IDS, ids, size=size, where=where)


def exact_cast(x: TensorLike, dtype: str, where: str) -> Tensor:
    """Casts values to an integer dtype, provided that it can represent all of them.

    Args:
        x: A tensor; symbolic tensors pass unchecked.
        dtype: The integer dtype.
        where: Prefix of error messages.

    Raises:
        DataError: If a value cannot be represented.

    Example:
        >>> exact_cast(np.array([3.0]), "uint8", "Input 'x'")
        array([3], dtype=uint8)
    """
    if isinstance(x, KerasTensor) or not loses(dtype_of(x), dtype):
        return cast(x, dtype)
    return apply(_EXACT, x, dtype=dtype, where=where)


def loses(source: str, target: str) -> bool:
    """Returns whether a cast to an integer dtype may change values.

    Example:
        >>> loses("int64", "int32"), loses("uint8", "int32"), loses("int32", "float32")
        (True, False, False)
    """
    return (
        target != TEXT
        and np.dtype(target).kind in "iu"
        and source != "bool"
        and not np.can_cast(source, target, "safe")
    )


def check_ids(ids: np.ndarray, size: int, where: str) -> None:
    """Raises if an id is out of range; see `checked_ids`."""
    if not ids.size:
        return
    if has_fractions(ids.dtype):
        good = (ids == np.trunc(ids)).all() and 0 <= ids.min() and ids.max() < size  # false for NaN
    else:
        # Viewed as unsigned, negative ids are the largest numbers: one pass checks both bounds.
        good = ids.view(f"u{ids.dtype.itemsize}").max() < size
    if not good:
        inside = (ids == np.trunc(ids)) & (ids >= 0) & (ids < size)
        index = tuple(map(int, np.argwhere(~inside)[0]))
        raise DataError(
            f"{where}: expected ids that are integers from 0 to {size - 1}. Received: {ids[index]} at {index}. "
            "Is `input_dim` the number of ids, the largest one plus 1?"
        )


def check_exact(x: np.ndarray, dtype: str, where: str) -> None:
    """Raises if the integer dtype cannot represent a value; see `exact_cast`."""
    rows = max(1, _CHUNK // max(1, x[:1].size))
    with np.errstate(all="ignore"):
        for start in range(0, len(x), rows):
            part = x[start : start + rows]
            _compare(part, part.astype(dtype), where, start)


def _compare(x: np.ndarray, result: np.ndarray, where: str, start: int = 0) -> None:
    same = x == result  # numpy compares integers of different dtypes by value
    if same.all():
        return
    first, *rest = map(int, np.argwhere(~same)[0])
    limits = np.iinfo(result.dtype)
    raise DataError(
        f"{where}: expected integers from {limits.min} to {limits.max}, of the declared dtype {result.dtype}. "
        f"Received: {x[(first, *rest)]} at {(start + first, *rest)}"
    )


def _ids_kernel(ids: np.ndarray, size: int, where: str) -> np.ndarray:
    check_ids(ids, size, where)
    return ids.astype(_id_dtype(ids.dtype))


def _ids_rule(ids: object, size: int, where: str) -> tuple:
    return ids.shape, _id_dtype(ids.dtype)


def _id_dtype(dtype: object) -> str:
    """Returns the dtype in which ids are used as indices; older versions of numpy cannot index with uint64."""
    dtype = np.dtype(dtype)
    if dtype.kind not in "iu" or dtype.itemsize < 4:
        return "int32"
    return "int64" if dtype == "uint64" else dtype.name


def _bind_ids(arrays: Sequence[np.ndarray], out: np.ndarray, size: int, where: str) -> Callable[[], None]:
    """Prepares the check for replay: a single pass over integers, viewed as unsigned."""
    ids = arrays[0]
    copy = copying(out, ids)
    if has_fractions(ids.dtype) or not ids.size:
        unsigned = None
    else:
        unsigned = ids.view(f"u{ids.dtype.itemsize}")

    def run() -> None:
        if unsigned is None or np.maximum.reduce(unsigned, None) >= size:
            check_ids(ids, size, where)
        copy()

    return run


def _exact_kernel(x: np.ndarray, dtype: str, where: str) -> np.ndarray:
    result = x.astype(dtype)
    _compare(x, result, where)
    return result


_IDS = Primitive("checked_ids", _ids_kernel, bind=_bind_ids, shape=_ids_rule, batch=followed)
_EXACT = Primitive("exact_cast", _exact_kernel, shape=lambda x, dtype, where: (x.shape, dtype), batch=followed)
