"""Interpolation of arrays at fractional coordinates."""

import itertools
import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from ...argument_checks import is_int
from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of, is_float
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError, brief, unknown_name
from ...typing import Tensor, TensorLike
from ..arithmetic import abs, add, multiply, sign
from ..common.arguments import as_float, as_value, static_shape
from ..conversion import cast
from ..indexing import take
from ..joining import stack
from ..logic import logical_and
from ..rounding import floor, trunc
from ..selection import where
from ..shaping import reshape
from ..splitting import unstack

FILL_MODES = ("constant", "mirror", "nearest", "reflect", "wrap")
ORDERS = {"bilinear": 1, "nearest": 0}
_FAR = 2.0**40  # beyond any array; larger coordinates do not fit in an int64


def _offset_kernel(place: np.ndarray, size: int, mode: str, shift: int, stride: int) -> np.ndarray:
    index = np.clip(place, -_FAR, _FAR).astype("int64")
    index += shift
    if mode == "wrap":
        np.remainder(index, size, out=index)
    elif mode == "mirror":
        _mirror(index, size)
    elif mode == "reflect":  # the mirror image of an array with an element between any two, and at both ends
        index *= 2
        index += 1
        _mirror(index, 2 * size + 1)
        index -= 1
        np.floor_divide(index, 2, out=index)
    else:
        np.clip(index, 0, size - 1, out=index)
    index *= stride
    return index


def _mirror(index: np.ndarray, size: int) -> None:
    """Maps indices, in place, into an array that is continued by reflection about its first and last elements."""
    last = max(size - 1, 1)
    index += last
    np.remainder(index, 2 * last, out=index)
    index -= last
    np.abs(index, out=index)
    np.minimum(index, size - 1, out=index)


_OFFSET = Primitive(
    "element_offset",
    _offset_kernel,
    shape=lambda place, size, mode, shift, stride: (place.shape, "int64"),
    vjps=(None,),
)


def _rounded(x: Tensor) -> Tensor:
    """Rounds to the nearest integer, halves away from zero."""
    whole = trunc(x)
    return where(abs(x - whole) >= 0.5, whole + sign(x), whole)


def _neighbors(places: Tensor, size: int, stride: int, order: int, mode: str) -> list[tuple]:
    """Returns the elements next to coordinates of one axis.

    Args:
        places: The coordinates.
        size: The size of the axis.
        stride: The distance of its elements in the array.
        order: 0 for the nearest element, 1 for both.
        mode: The fill mode.

    Returns:
        For each, its offset in the array, whether it is inside (None if all are), and its weight.
    """
    below = floor(places) if order == 1 else _rounded(places)
    distance = places - below
    found = []
    for shift in range(order + 1):
        offset = apply(_OFFSET, below, size=size, mode=mode, shift=shift, stride=stride)
        is_inside = logical_and(below >= -shift, below < size - shift) if mode == "constant" else None
        found.append((offset, is_inside, distance if shift else 1 - distance))
    return found


def sample(x: Tensor, coordinates: Sequence[Tensor], order: int, fill_mode: str, fill_value: float) -> Tensor:
    """Interpolates each array of a batch at coordinates.

    Args:
        x: Shape (batch, *sizes, channels); the sizes are not 0.
        coordinates: For each axis of `sizes`, floating-point coordinates of shape (batch or 1, points).
        order: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: One of `FILL_MODES`.
        fill_value: The value outside of the arrays in the mode "constant".

    Returns:
        Shape (batch, points, channels), in the dtype of `x`; integers are rounded.

    Example:
        >>> sample(np.float32([[[2], [4]]]), [np.float32([[0.5, 1.25]])], 1, "nearest", 0.0).tolist()
        [[[3.0], [4.0]]]
    """
    dtype = dtype_of(x)
    batch, *sizes, channels = static_shape(x)
    elements = reshape(x, (batch * math.prod(sizes), channels))
    first = np.arange(batch)[:, None] * math.prod(sizes)
    outside = cast(fill_value, dtype)
    total: Any = None
    with np.errstate(all="ignore"):  # operators on arrays are numpy's own
        axes = [
            _neighbors(places, size, math.prod(sizes[axis + 1 :]), order, fill_mode)
            for axis, (places, size) in enumerate(zip(coordinates, sizes, strict=True))
        ]
        for corner in itertools.product(*axes):
            offsets, are_inside, weights = zip(*corner, strict=True)
            value = take(elements, reduce(add, offsets if batch == 1 else (*offsets, first)), axis=0)
            if fill_mode == "constant":
                value = where(reduce(logical_and, are_inside)[..., None], value, outside)
            if order == 1:
                weight = reduce(multiply, weights)[..., None]
                value = weight * (value if is_float(dtype) else cast(value, dtype_of(weight)))
            total = value if total is None else total + value
        is_rounded = order == 1 and "int" in dtype
        return cast(_rounded(total) if is_rounded else total, dtype)


@op("image.MapCoordinates", settings="order fill_mode fill_value")
def map_coordinates(
    inputs: TensorLike,
    coordinates: TensorLike | Sequence[TensorLike],
    order: int,
    fill_mode: str = "constant",
    fill_value: float = 0,
) -> Tensor:
    """Interpolates an array at fractional coordinates.

    Args:
        inputs: Input tensor, of any shape.
        coordinates: Shape (number of axes of `inputs`, ...): the coordinates along each axis.
        order: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: What is outside of the array. "constant": `fill_value`; "nearest": the nearest element; "reflect"
            (d c b a | a b c d | d c b a): the reflection about the edges; "mirror" (d c b | a b c d | c b a): the
            reflection about the first and last elements; "wrap" (a b c d | a b c d | a b c d): the opposite side.
        fill_value: The value of "constant".

    Returns:
        Shape `coordinates.shape[1:]`, in the dtype of `inputs`; integers are rounded.

    Raises:
        ArgumentError: If the order or the fill mode is invalid.
        ShapeError: If there are not as many coordinates as axes, or the array has no elements.

    Source: https://keras.io/api/ops/image/#map_coordinates-function

    Example:
        >>> map_coordinates([1.0, 3.0], [[0.0, 0.25, 1.5]], order=1)
        array([1. , 1.5, 1.5], dtype=float32)
    """
    if not is_int(order) or order not in (0, 1):
        raise ArgumentError(f"`map_coordinates` expects an order of 0 or 1. Received: order={brief(order)}")
    if fill_mode not in FILL_MODES:
        raise unknown_name("`fill_mode` of `map_coordinates`", fill_mode, FILL_MODES)
    inputs = as_value(inputs)
    is_sequence = isinstance(coordinates, (list, tuple)) and any(hasattr(each, "dtype") for each in coordinates)
    coordinates = as_float(stack(coordinates) if is_sequence else coordinates)
    sizes, places = static_shape(inputs), static_shape(coordinates)
    if len(places) < 2 or not sizes or places[0] != len(sizes):
        raise ShapeError(
            "`map_coordinates` expects coordinates of shape (number of axes of `inputs`, ...), of 2 axes or more. "
            f"Received: inputs of shape {sizes}, coordinates of shape {places}"
        )
    if 0 in sizes:
        raise ShapeError(f"`map_coordinates` expects an array with elements. Received: inputs of shape {sizes}")
    along = [reshape(each, (1, -1)) for each in unstack(coordinates, places[0])]
    result = sample(reshape(inputs, (1, *sizes, 1)), along, order, fill_mode, fill_value)
    return reshape(result, places[1:])
