"""Conversion of user data to nested arrays with the examples along their first axis."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import config
from ..engine import tree
from ..engine.dtypes import as_text, first_other_than_text, holds_text, is_real
from ..errors import ArgumentError, DataError, brief
from .sparse import SparseRows, from_sparse, is_sparse


def as_arrays(part: object, name: str, takes_text: bool = False) -> Any:
    """Returns a nested structure of arrays; nested lists of numbers become one array.

    Args:
        part: Arrays, pandas frames, scipy sparse matrices, lists of numbers, and anything else that converts to an
            array, nested in any way. Sparse matrices become `SparseRows`.
        name: What errors call it.
        takes_text: Whether it may be arrays of strings, which become arrays of objects.

    Raises:
        DataError: If it is not numeric, or has no examples.
    """
    if part is None or isinstance(part, np.ndarray):
        return part if part is None else _checked(part, name, takes_text)
    if isinstance(part, SparseRows) or is_sparse(part):  # some of them are dicts
        return _checked(part if isinstance(part, SparseRows) else from_sparse(part, name), name, takes_text)
    if isinstance(part, dict):
        _check_keys(part, name)
        return {key: as_arrays(value, f"{name}[{key!r}]", takes_text) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        if _holds_arrays(part):
            values = [as_arrays(value, f"{name}[{index}]", takes_text) for index, value in enumerate(part)]
            return type(part)(*values) if hasattr(part, "_fields") else type(part)(values)
        return _checked(_from_list(part, name), name, takes_text)
    if type(part).__module__.partition(".")[0] == "pandas" and hasattr(part, "to_numpy"):
        return _checked(_from_frame(part), name, takes_text)
    if hasattr(part, "__array__") and not hasattr(part, "__next__") and not isinstance(part, type):
        return _checked(np.asarray(part), name, takes_text)
    if isinstance(part, (str, type)) or not hasattr(part, "__iter__"):
        raise DataError(
            f"`{name}` must be a numpy array, a list of numbers, or a list, tuple or dict of arrays. "
            f"Received: {brief(part)}"
        )
    raise DataError(
        f"`{name}` must be a numpy array, a list of numbers, or a list, tuple or dict of arrays. Received: "
        f"{type(part).__name__}. A generator or dataset must yield whole batches `(x, y)` and be given as `x`."
    )


def _holds_arrays(part: object) -> bool:
    """Tells whether a nested list is a structure of arrays rather than an array written as a list."""
    if isinstance(part, (SparseRows, np.ndarray)) or is_sparse(part):
        return bool(np.ndim(part))
    if isinstance(part, (list, tuple, dict)):
        return any(map(_holds_arrays, part.values() if isinstance(part, dict) else part))
    return hasattr(part, "__array__") and bool(np.ndim(part))


def _check_keys(part: dict, name: str) -> None:
    """Refuses keys that cannot be sorted: their order is that of the arrays."""
    try:
        sorted(part)
    except TypeError:
        raise DataError(f"`{name}` must be a dict with strings as keys. Received: keys {list(part)}") from None


def _from_frame(frame: Any) -> np.ndarray:
    """Returns a pandas frame as an array, a series as a column; missing values become NaN."""
    kinds = [dtype.kind for dtype in (frame.dtypes if frame.ndim == 2 else [frame.dtype])]
    array = frame.to_numpy()
    if array.dtype == object and all(kind in "biuf" for kind in kinds):
        array = frame.to_numpy(dtype=config.floatx(), na_value=np.nan)
    return array if array.ndim == 2 else array[:, None]


def _from_list(part: object, name: str) -> np.ndarray:
    try:
        return np.asarray(part)
    except ValueError as error:
        raise DataError(f"`{name}` is a list whose rows do not have one length: {error}") from error


def dense(structure: Any) -> Any:
    """Returns nested arrays with sparse ones made dense."""
    return tree.map_structure(lambda leaf: leaf if isinstance(leaf, np.ndarray) else np.asarray(leaf), structure)


def _checked(array: Any, name: str, takes_text: bool) -> Any:
    # `np.ma` is imported on first access, and a process forked during the import would wait for its lock forever.
    is_plain = type(array) is np.ndarray
    if not is_plain and isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array):
        raise DataError(
            f"`{name}` is a masked array, and {np.ma.count_masked(array)} of its elements are masked: training would "
            "see the values under the mask. Fill them, as in `.filled(0)`; a `Masking` layer or a `sample_weight` of 0 "
            "leaves them out."
        )
    if not isinstance(array, (np.memmap, SparseRows)):
        array = np.asarray(array)  # no subclass, whose methods may differ
    if takes_text and not isinstance(array, SparseRows) and not is_real(array.dtype) and holds_text(array):
        array = as_text(array)
    elif takes_text and array.dtype.kind == "O" and any(isinstance(each, (str, bytes)) for each in array.flat):
        raise DataError(
            f"`{name}` must be numbers or strings, and not both. Received: {first_other_than_text(array)}. Fill "
            "missing values first, as in `frame.fillna('')`."
        )
    elif not is_real(array.dtype):
        raise DataError(
            f"`{name}` must be numeric. Received: an array of dtype {array.dtype}. "
            "Convert it, e.g. with `.astype('float32')`; encode text or categories as integers first."
        )
    if array.ndim == 0:
        raise DataError(f"`{name}` must have a batch axis. Received: a single number, {array}")
    if array.size == 0:
        raise DataError(
            f"`{name}` is empty: expected at least one example with one value. Received: shape {array.shape}"
        )
    return array


def common_length(parts: Sequence, names: Sequence[str]) -> int:
    """Returns the number of examples.

    Args:
        parts: Nested arrays.
        names: What errors call them.

    Raises:
        DataError: If there are no arrays, or they have different lengths.
    """
    lengths = [(name, leaf.shape[0]) for part, name in zip(parts, names, strict=False) for leaf in tree.flatten(part)]
    if not tree.flatten(parts[0]):
        raise DataError(f"There is no data: `{names[0]}` is {brief(parts[0])}.")
    if len({length for _, length in lengths}) > 1:
        listing = ", ".join(f"{name}: {length}" for name, length in lengths)
        raise DataError(f"All arrays must have the same number of examples. Received: {listing}")
    return lengths[0][1]


def split(data: tuple, fraction: float) -> tuple[tuple, tuple]:
    """Splits nested arrays into the first part and the last `fraction` of the examples.

    Raises:
        ArgumentError: If one of the parts would be empty.
    """
    size = tree.flatten(data)[0].shape[0]
    cut = int(size * (1.0 - fraction))
    if cut == 0 or cut == size:
        raise ArgumentError(
            f"`validation_split={fraction}` of {size} examples leaves {cut} for training and {size - cut} for "
            "validation: both need at least one."
        )
    return tree.map_structure(lambda a: a[:cut], data), tree.map_structure(lambda a: a[cut:], data)
