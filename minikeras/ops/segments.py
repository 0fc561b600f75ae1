"""Sums over segments."""

import math

import numpy as np

from ..engine.dispatch import apply, operand
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .common.arguments import as_value, static_shape
from .conversion import cast
from .indexing import take
from .selection import where
from .shaping import reshape


def _segment_sum_kernel(data: np.ndarray, segment_ids: np.ndarray, num_segments: int) -> np.ndarray:
    inside = segment_ids.view(np.uint32) < num_segments  # viewed as unsigned, negative ids are large
    if not inside.all():
        if segment_ids.max() >= num_segments:
            raise ArgumentError(
                f"`segment_sum` expects segment ids below num_segments={num_segments}. "
                f"Received: segment_ids up to {segment_ids.max()}"
            )
        data, segment_ids = data[inside], segment_ids[inside]
    width = math.prod(data.shape[1:])
    if width > 1:  # each column has its own bins
        segment_ids = (segment_ids[:, None] * width + np.arange(width)).reshape(-1)
    flat, bins = data.reshape(-1), num_segments * width
    if data.dtype.kind == "f":  # accumulates in float64, so that long sums are accurate
        sums = np.bincount(segment_ids, flat, bins).astype(data.dtype)
    else:
        sums = np.zeros(bins, data.dtype)
        np.add.at(sums, segment_ids, flat)
    return sums.reshape(num_segments, *data.shape[1:])


def _segment_gradient(g: object, y: object, data: object, segment_ids: object, num_segments: int) -> object:
    dropped = segment_ids < 0
    taken = take(g, where(dropped, 0, segment_ids), axis=0)
    return where(reshape(dropped, (-1,) + (1,) * (len(static_shape(data)) - 1)), 0, taken)


_SEGMENT_SUM = Primitive(
    "segment_sum",
    _segment_sum_kernel,
    shape=lambda data, segment_ids, num_segments: ((num_segments, *data.shape[1:]), data.dtype),
    vjps=(_segment_gradient, None),
)


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
    data, segment_ids = as_value(data), cast(segment_ids, "int32")
    rows, numbers = static_shape(data), static_shape(segment_ids)
    if len(numbers) != 1 or not rows or (None not in (rows[0], numbers[0]) and rows[0] != numbers[0]):
        raise ShapeError(
            "`segment_sum` expects one segment id for each row of the data. "
            f"Received: data of shape {rows}, segment_ids of shape {numbers}"
        )
    if num_segments is None and not isinstance(segment_ids, KerasTensor):
        num_segments = int(np.asarray(operand(segment_ids)).max(initial=-1)) + 1
    return apply(_SEGMENT_SUM, data, segment_ids, num_segments=num_segments)
