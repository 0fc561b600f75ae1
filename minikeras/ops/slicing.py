"""Slices given by start and shape, and updates of them."""

import math
from collections.abc import Sequence

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..engine.tensor import Tensor as TracedTensor
from ..errors import ArgumentTypeError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, static_shape
from .conversion import cast
from .indexing import get_item
from .shaping import reshape


def _block(start: tuple, sizes: Sequence) -> tuple:
    return tuple(np.s_[first : first + size] for first, size in zip(start, sizes, strict=True))


def _update_kernel(x: np.ndarray, updates: np.ndarray, start: tuple, out: np.ndarray | None = None) -> np.ndarray:
    out = np.empty_like(x) if out is None else out
    np.copyto(out, x)
    out[_block(start, updates.shape)] = updates
    return out


_UPDATE = Primitive(
    "slice_update",
    _update_kernel,
    shape=lambda x, updates, start: (x.shape, x.dtype),
    vjps=(
        lambda g, y, x, updates, start: apply(_UPDATE, g, np.zeros(updates.shape, dtype_of(g)), start=start),
        lambda g, y, x, updates, start: get_item(g, _block(start, updates.shape)),
    ),
    has_out=True,
    takes_text=True,
)


def _block_at(x: np.ndarray, starts: Sequence[np.ndarray], sizes: Sequence[int]) -> tuple:
    """Returns the key of a block; what would exceed the array begins earlier."""
    inside = (min(max(int(first), 0), total - size) for first, size, total in zip(starts, sizes, x.shape, strict=True))
    return _block(tuple(inside), sizes)


def _slice_at_kernel(x: np.ndarray, *starts: np.ndarray, sizes: tuple, out: np.ndarray | None = None) -> np.ndarray:
    out = np.empty(sizes, x.dtype) if out is None else out
    out[...] = x[_block_at(x, starts, sizes)]
    return out


def _update_at_kernel(
    x: np.ndarray, updates: np.ndarray, *starts: np.ndarray, out: np.ndarray | None = None
) -> np.ndarray:
    out = np.empty_like(x) if out is None else out
    np.copyto(out, x)
    out[_block_at(x, starts, updates.shape)] = updates
    return out


# The same with starts that are operands: a step may be run again with others.
_SLICE_AT = Primitive(
    "dynamic_slice",
    _slice_at_kernel,
    shape=lambda x, *starts, sizes: (sizes, x.dtype),
    vjps=lambda g, y, x, *starts, sizes: [
        apply(_UPDATE_AT, np.zeros(tuple(x.shape), dtype_of(g)), g, *starts),
        *[None] * len(starts),
    ],
    has_out=True,
    takes_text=True,
)
_UPDATE_AT = Primitive(
    "dynamic_update_slice",
    _update_at_kernel,
    shape=lambda x, updates, *starts: (x.shape, x.dtype),
    vjps=lambda g, y, x, updates, *starts: [
        apply(_UPDATE_AT, g, np.zeros(updates.shape, dtype_of(g)), *starts),
        apply(_SLICE_AT, g, *starts, sizes=tuple(updates.shape)),
        *[None] * len(starts),
    ],
    has_out=True,
    takes_text=True,
)


def _dynamic_starts(name: str, start_indices: Sequence | TensorLike, sizes: Sequence, x: object) -> list | None:
    """Returns the start indices as operands if one of them is traced or symbolic; None if all are known."""
    is_vector = len(getattr(start_indices, "shape", (1,))) == 1
    if not is_vector or not hasattr(start_indices, "__iter__"):
        raise ArgumentTypeError(
            f"`{name}` expects a sequence of integers as `start_indices`. Received: {brief(start_indices)}"
        )
    if isinstance(start_indices, (TracedTensor, KerasTensor)):
        (count,) = start_indices.shape
        start_indices = [get_item(start_indices, number) for number in range(len(sizes) if count is None else count)]
    given = list(start_indices)
    if not any(isinstance(each, (TracedTensor, KerasTensor)) for each in given):
        return None
    starts = [as_value(each) for each in given]
    for each in starts:
        if np.dtype(dtype_of(each)).kind not in "iu" or math.prod(static_shape(each)) != 1:
            raise ArgumentTypeError(f"`{name}` needs integers as start indices. Received: {brief(each)}")
    whole = static_shape(x)
    fits = len(starts) == len(sizes) == len(whole) and all(
        size is not None and 0 <= size and (total is None or size <= total)
        for size, total in zip(sizes, whole, strict=True)
    )
    if not fits:
        raise ShapeError(
            f"`{name}`: a slice of shape {tuple(sizes)}, whose start is a traced value, does not fit a tensor of shape "
            f"{whole}."
        )
    return [reshape(each, ()) for each in starts]


def _are_data(start_indices: Sequence | TensorLike) -> bool:
    """Tells whether start indices are arrays, so that they are moved inside as traced ones are."""
    return any(isinstance(each, np.ndarray) for each in (start_indices, *start_indices))


def _index(value: object) -> int:
    if isinstance(value, (float, np.floating)):
        raise ArgumentTypeError(f"Slices need integers as start indices and sizes. Received: {brief(value)}")
    return int(value)


def _start(name: str, start_indices: Sequence, sizes: Sequence, x: object) -> tuple:
    start = tuple(_index(index) for index in start_indices)
    whole = tuple(x.shape)
    if _are_data(start_indices) and len(start) == len(sizes) == len(whole) and None not in (*sizes, *whole):
        start = tuple(max(0, min(each)) for each in zip(start, np.subtract(whole, sizes).tolist(), strict=True))
    fits = len(start) == len(sizes) == len(whole) and all(
        size is None or 0 <= first and (total is None or first + size <= total)
        for first, size, total in zip(start, sizes, whole, strict=True)
    )
    if not fits:
        raise ShapeError(f"`{name}`: a slice of shape {tuple(sizes)} at {start} exceeds a tensor of shape {whole}.")
    return start


@op("core.Slice", settings="shape")
def slice(inputs: TensorLike, start_indices: Sequence[int], shape: Sequence[int]) -> Tensor:
    """Returns a slice of a tensor.

    Args:
        inputs: Input tensor.
        start_indices: Start of the slice along each axis. If one is a tensor, a slice that would exceed `inputs` begins
            earlier.
        shape: The shape of the slice; -1 extends it to the end, unless a start index is traced.

    Raises:
        ArgumentTypeError: If a start index or a size is not an integer.
        ShapeError: If the slice exceeds the tensor.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> slice([[1, 2], [3, 4]], (0, 1), (2, 1))
        array([[2],
               [4]], dtype=int32)
    """
    inputs = as_value(inputs)
    whole = static_shape(inputs)
    starts = _dynamic_starts("slice", start_indices, shape, inputs)
    if starts is not None:
        return apply(_SLICE_AT, inputs, *starts, sizes=tuple(map(_index, shape)))
    sizes = [
        (None if total is None else total - _index(first)) if size == -1 else _index(size)
        for first, size, total in zip(start_indices, shape, whole, strict=False)
    ]
    start = _start("slice", start_indices, sizes if len(shape) == len(whole) else shape, inputs)
    ends = [None if size is None else first + size for first, size in zip(start, sizes, strict=True)]
    return get_item(inputs, tuple(np.s_[first:end] for first, end in zip(start, ends, strict=True)))


@op("core.SliceUpdate")
def slice_update(inputs: TensorLike, start_indices: Sequence[int], updates: TensorLike) -> Tensor:
    """Returns a copy of a tensor with a slice replaced.

    Args:
        inputs: Input tensor.
        start_indices: Start of the slice along each axis. If one is a tensor, a slice that would exceed `inputs` begins
            earlier.
        updates: The new values, with as many axes as `inputs`.

    Raises:
        ShapeError: If the slice exceeds the tensor.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> slice_update([1, 2, 3], [1], [7])
        array([1, 7, 3], dtype=int32)
    """
    inputs = as_value(inputs)
    updates = cast(as_value(updates), dtype_of(inputs))
    starts = _dynamic_starts("slice_update", start_indices, static_shape(updates), inputs)
    if starts is not None:
        return apply(_UPDATE_AT, inputs, updates, *starts)
    return apply(_UPDATE, inputs, updates, start=_start("slice_update", start_indices, updates.shape, inputs))
