"""Interpolation of arrays at fractional coordinates.

Linear interpolation, its derivatives with respect to coordinates, and the adjoints of both are closed under
differentiation: two primitives have gradients of any order.
"""

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from ...argument_checks import check_number, is_int
from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of, is_float
from ...engine.primitive import Primitive, Spec
from ...engine.registry import op
from ...errors import ArgumentError, ShapeError, brief, unknown_name
from ...typing import Tensor, TensorLike
from ..common.arguments import as_real, as_value, real, static_shape
from ..common.broadcasting import unbroadcast
from ..conversion import cast
from ..creation import zeros_like
from ..joining import stack
from ..reductions import sum
from ..shaping import reshape

FILL_MODES = ("constant", "mirror", "nearest", "reflect", "wrap")
ORDERS = {"bilinear": 1, "nearest": 0}
_BLOCK = 1 << 14  # points whose intermediate arrays fit in the cache
_NARROW = 16  # channels; for fewer, weights are repeated, so that numpy's inner loops are long
_FAR = 2.0**40  # beyond any array; larger coordinates do not fit in an int64


def _half_away(x: np.ndarray) -> np.ndarray:
    """Rounds to the nearest integer, halves away from zero."""
    whole = np.trunc(x)
    whole += np.copysign((np.abs(x - whole) >= 0.5).astype(x.dtype), x)
    return whole


def _mirrored(index: np.ndarray, size: int) -> np.ndarray:
    """Maps indices into an array that is continued by reflection about its first and last elements."""
    last = max(size - 1, 1)
    return np.minimum(np.abs((index + last) % (2 * last) - last), size - 1)


_CONTINUED = {
    "mirror": _mirrored,
    # The mirror image of an array with an element between any two, and at both ends.
    "reflect": lambda index, size: (_mirrored(2 * index + 1, 2 * size + 1) - 1) // 2,
    "wrap": lambda index, size: index % size,
}


def _put_inside(index: np.ndarray, size: int, mode: str) -> None:
    """Replaces indices outside of an axis by those of the fill mode."""
    if mode not in _CONTINUED:
        np.maximum(index, 0, out=index)
        np.minimum(index, size - 1, out=index)
        return
    outside = np.flatnonzero((index < 0) | (index >= size))
    if outside.size:
        index[outside] = _CONTINUED[mode](index[outside], size)


def _neighbors(place: np.ndarray, size: int, stride: int, order: int, mode: str, is_slope: bool) -> list[tuple]:
    """Returns the elements next to coordinates of one axis.

    Args:
        place: The coordinates.
        size: The size of the axis.
        stride: The distance of its elements in the array.
        order: 0 for the nearest element, 1 for both.
        mode: The fill mode.
        is_slope: Whether to return the derivatives of the weights.

    Returns:
        For each, its offset in the array, whether it is inside (None if all are), and its weight (None if it is 1).
    """
    below = np.floor(place) if order else _half_away(place)
    distance = place - below if order else None
    low, high = (-_FAR, _FAR) if mode in _CONTINUED else (-1, size)
    whole = np.clip(below, low, high).astype("int64")
    found = []
    for shift in range(order + 1):
        index = whole + shift
        _put_inside(index, size, mode)
        index *= stride
        is_inside = (below >= -shift) & (below <= size - 1 - shift) if mode == "constant" else None
        if distance is None:
            weight = None
        elif is_slope:
            weight = np.full_like(distance, 2 * shift - 1)
        else:
            weight = distance if shift else 1 - distance
        found.append((index, is_inside, weight))
    return found


def _corners(places: np.ndarray, sizes: Sequence[int], order: int, mode: str, slopes: tuple) -> Iterator[tuple]:
    """Yields the elements around points: offsets, whether they are inside (None: all), and weights (None: 1)."""
    axes = [
        _neighbors(place, size, math.prod(sizes[axis + 1 :]), order, mode, axis in slopes)
        for axis, (place, size) in enumerate(zip(places, sizes, strict=True))
    ]
    for corner in itertools.product(*axes):
        offset, is_inside, weight = corner[0]
        for other_offset, other_inside, other_weight in corner[1:]:
            offset = offset + other_offset
            is_inside = None if is_inside is None else is_inside & other_inside
            weight = None if weight is None else weight * other_weight
        yield offset, is_inside, weight


def _result_dtype(x: Spec, coordinates: Spec, order: int) -> str:
    return x.dtype if order == 0 or is_float(x.dtype) else coordinates.dtype


def _spread_points(coordinates: np.ndarray, batch: int) -> np.ndarray:
    """Returns coordinates of shape (batch or 1, axes, points) as shape (axes, batch * points)."""
    count, points = coordinates.shape[1:]
    rows = np.broadcast_to(coordinates, (batch, count, points)).transpose(1, 0, 2)
    return np.ascontiguousarray(rows).reshape(count, batch * points)


def _interpolate_kernel(
    x: np.ndarray, coordinates: np.ndarray, order: int, mode: str, fill_value: float, slopes: tuple
) -> np.ndarray:
    batch, *sizes, channels = x.shape
    points = coordinates.shape[2]
    elements = x.reshape(-1, channels)
    places = _spread_points(coordinates, batch)
    result = np.empty((batch * points, channels), _result_dtype(x, coordinates, order))
    kind = np.result_type(result.dtype, coordinates.dtype) if order else result.dtype
    outside = np.asarray(fill_value).astype(x.dtype)
    for start in range(0, len(result), _BLOCK):
        part = result[start : start + _BLOCK]
        first = np.arange(start, start + len(part)) // points * math.prod(sizes) if batch > 1 else None
        total = np.zeros(part.shape, kind)
        for offset, is_inside, weight in _corners(places[:, start : start + _BLOCK], sizes, order, mode, slopes):
            value = np.take(elements, offset if first is None else offset + first, 0, mode="clip")
            if is_inside is not None:
                np.copyto(value, outside, where=~is_inside[:, None])
            total += value if weight is None else _weighted(value, weight, kind)
        part[...] = total
    return result.reshape(batch, points, channels)


def _weighted(value: np.ndarray, weight: np.ndarray, dtype: np.dtype) -> np.ndarray:
    channels = value.shape[1]
    if channels >= _NARROW:
        return np.multiply(value, weight[:, None], dtype=dtype)
    repeated = weight if channels == 1 else np.repeat(weight, channels)
    return np.multiply(value.reshape(-1), repeated, dtype=dtype).reshape(value.shape)


def _spread_kernel(
    g: np.ndarray, coordinates: np.ndarray, shape: tuple, order: int, mode: str, slopes: tuple
) -> np.ndarray:
    batch, *sizes, channels = shape
    count = batch * math.prod(sizes)
    g = g.reshape(-1, channels)
    sums = np.zeros((count, channels))
    first = np.repeat(np.arange(batch) * math.prod(sizes), coordinates.shape[2])
    for offset, is_inside, weight in _corners(_spread_points(coordinates, batch), sizes, order, mode, slopes):
        offset = np.clip(offset + first, 0, count - 1)  # those of undefined coordinates may be anywhere
        for channel in range(channels):
            share = g[:, channel] if weight is None else g[:, channel] * weight
            share = share if is_inside is None else np.where(is_inside, share, 0)
            sums[:, channel] += np.bincount(offset, share, count)
    return sums.reshape(shape).astype(g.dtype)


def _spread_to_coordinates(g: Tensor, x: Tensor, coordinates: Tensor, fill_value: float, params: dict) -> Tensor:
    """Returns the gradient of coordinates: that of the result times the derivatives of the interpolation."""
    if params["order"] == 0:
        return zeros_like(coordinates)
    slopes, parts = params["slopes"], []
    for axis in range(static_shape(coordinates)[1]):
        if axis in slopes:  # the second derivative of a linear function
            parts.append(zeros_like(g[..., 0]))
            continue
        derivative = {**params, "slopes": tuple(sorted((*slopes, axis))), "fill_value": fill_value}
        parts.append(sum(g * apply(_INTERPOLATE, x, coordinates, **derivative), axis=-1))
    return cast(unbroadcast(stack(parts, axis=1), coordinates), dtype_of(coordinates))


def _gradient_of_elements(g: Tensor, y: Tensor, x: Tensor, c: Tensor, fill_value: float, **params: object) -> Tensor:
    return cast(apply(_SPREAD, g, c, shape=static_shape(x), **params), dtype_of(x)) if is_float(dtype_of(x)) else None


_INTERPOLATE = Primitive(
    "interpolate",
    _interpolate_kernel,
    shape=lambda x, coordinates, order, **params: (
        (x.shape[0], coordinates.shape[2], x.shape[-1]),
        _result_dtype(x, coordinates, order),
    ),
    vjps=(
        _gradient_of_elements,
        lambda g, y, x, c, fill_value, **params: _spread_to_coordinates(g, x, c, fill_value, params),
    ),
)
_SPREAD = Primitive(
    "interpolate_adjoint",
    _spread_kernel,
    shape=lambda g, coordinates, shape, **params: (shape, g.dtype),
    vjps=(
        lambda h, y, g, c, shape, **params: apply(_INTERPOLATE, h, c, fill_value=0, **params),
        lambda h, y, g, c, shape, **params: _spread_to_coordinates(g, h, c, 0, params),
    ),
)


def _rounded_kernel(x: np.ndarray, dtype: str) -> np.ndarray:
    return _half_away(x).astype(dtype)


_ROUNDED = Primitive("round_half_away", _rounded_kernel, shape=lambda x, dtype: (x.shape, dtype))


def sample(x: Tensor, coordinates: Tensor, order: int, fill_mode: str, fill_value: float) -> Tensor:
    """Interpolates each array of a batch at coordinates.

    Args:
        x: Shape (batch, *sizes, channels); the sizes are not 0.
        coordinates: Floating-point coordinates of shape (batch or 1, number of `sizes`, points).
        order: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: One of `FILL_MODES`.
        fill_value: The value outside of the arrays in the mode "constant".

    Returns:
        Shape (batch, points, channels), in the dtype of `x`; integers are rounded.

    Example:
        >>> sample(np.float32([[[2], [4]]]), np.float32([[[0.5, 1.25]]]), 1, "nearest", 0.0).tolist()
        [[[3.0], [4.0]]]
    """
    dtype = dtype_of(x)
    y = apply(_INTERPOLATE, x, coordinates, order=order, mode=fill_mode, fill_value=fill_value, slopes=())
    return apply(_ROUNDED, y, dtype=dtype) if order == 1 and "int" in dtype else cast(y, dtype)


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
    fill_value = check_number("map_coordinates", "fill_value", fill_value, finite=False, error=ArgumentError)
    inputs = real(as_value(inputs), "map_coordinates")
    is_sequence = isinstance(coordinates, (list, tuple)) and any(hasattr(each, "dtype") for each in coordinates)
    coordinates = as_real(stack(coordinates) if is_sequence else coordinates, "map_coordinates")
    sizes, places = static_shape(inputs), static_shape(coordinates)
    if len(places) < 2 or not sizes or places[0] != len(sizes):
        raise ShapeError(
            "`map_coordinates` expects coordinates of shape (number of axes of `inputs`, ...), of 2 axes or more. "
            f"Received: inputs of shape {sizes}, coordinates of shape {places}"
        )
    if 0 in sizes:
        raise ShapeError(f"`map_coordinates` expects an array with elements. Received: inputs of shape {sizes}")
    points = reshape(coordinates, (1, places[0], math.prod(places[1:])))
    result = sample(reshape(inputs, (1, *sizes, 1)), points, int(order), fill_mode, fill_value)
    return reshape(result, places[1:])
