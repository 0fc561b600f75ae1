"""Slices given by start and shape, and updates of them."""

from collections.abc import Sequence

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentTypeError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, static_shape
from .conversion import cast
from .indexing import get_item


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
)


def _index(value: object) -> int:
    if isinstance(value, (float, np.floating)):
        raise ArgumentTypeError(f"Slices need integers as start indices and sizes. Received: {brief(value)}")
    return int(value)


def _start(name: str, start_indices: Sequence, sizes: Sequence, x: object) -> tuple:
    start = tuple(_index(index) for index in start_indices)
    whole = tuple(x.shape)
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
        start_indices: Start of the slice along each axis.
        shape: The shape of the slice; -1 extends it to the end.

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
        start_indices: Start of the slice along each axis.
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
    return apply(_UPDATE, inputs, updates, start=_start("slice_update", start_indices, updates.shape, inputs))
