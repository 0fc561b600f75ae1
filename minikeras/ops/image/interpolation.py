"""Interpolation of arrays at fractional coordinates.

Linear interpolation, its derivatives with respect to coordinates, and the adjoints of both are closed under
differentiation: two primitives have gradients of any order.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...argument_checks import check_number, is_int
from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of, is_float
from ...engine.primitive import Primitive, Spec
from ...engine.registry import op
from ...engine.specialization import specialized
from ...errors import ArgumentError, ShapeError, brief, unknown_name
from ...typing import Shape, Tensor, TensorLike
from ..common.arguments import as_real, as_value, check_real, static_shape
from ..common.broadcasting import unbroadcast
from ..conversion import cast
from ..creation import zeros_like
from ..joining import stack
from ..reductions import sum
from .bilinear import bilinear
from .coordinates import GivenCoordinates
from .neighbors import FILL_MODES, combined, half_away, neighbors

ORDERS = {"bilinear": 1, "nearest": 0}
_BLOCK = 1 << 14  # elements that are combined at a time: their intermediate arrays fit in the cache
_NARROW = 16  # channels; for fewer, weights are repeated, so that numpy's inner loops are long


def result_dtype(x: Spec, coordinates: Spec, order: int) -> str:
    """Returns the dtype of the interpolation: that of coordinates for integers, unless one is taken as it is."""
    return x.dtype if order == 0 or is_float(x.dtype) else coordinates.dtype


def _result_shape(x: Shape, coordinates: Shape, is_batch: bool) -> Shape:
    return (x[0], *coordinates[2:], x[-1]) if is_batch else tuple(coordinates[1:])


class _Layout(NamedTuple):
    """The images and coordinates of a batch, as matrices.

    Args:
        images: The images, shape (images, elements, channels); all as one if their coordinates differ.
        places: The coordinates, shape (axes, points); if they differ, those of one image after those of another.
        sizes: The spatial sizes.
        first: The first element of the image of each point; None if it is 0.
    """

    images: np.ndarray
    places: np.ndarray
    sizes: Shape
    first: np.ndarray | None


def _laid_out(x: np.ndarray, coordinates: np.ndarray, is_batch: bool) -> _Layout:
    if not is_batch:
        return _Layout(x.reshape(1, -1, 1), coordinates.reshape(x.ndim, -1), x.shape, None)
    batch, *sizes, channels = x.shape
    count, elements, points = len(sizes), math.prod(sizes), math.prod(coordinates.shape[2:])
    if len(coordinates) == 1:
        return _Layout(x.reshape(batch, elements, channels), coordinates.reshape(count, points), sizes, None)
    places = np.ascontiguousarray(coordinates.swapaxes(0, 1)).reshape(count, batch * points)
    first = np.repeat(np.arange(batch) * elements, points)
    return _Layout(x.reshape(1, batch * elements, channels), places, sizes, first)


def interpolated(
    x: np.ndarray, coordinates: np.ndarray, order: int, mode: str, fill_value: float, slopes: tuple, is_batch: bool
) -> np.ndarray:
    """Returns arrays interpolated at coordinates: the kernel of `sample`, whose arguments it has.

    Args:
        x: The arrays.
        coordinates: The coordinates.
        order: 0 or 1.
        mode: One of `FILL_MODES`.
        fill_value: The value of "constant".
        slopes: The axes along which the derivative is taken instead.
        is_batch: Whether there are axes of the batch and of channels.
    """
    if order and is_batch and not slopes and x.ndim == 4:
        result = bilinear(x, GivenCoordinates(coordinates), mode, fill_value)
        if result is not None:
            return result
    images, places, sizes, first = _laid_out(x, coordinates, is_batch)
    count, points = places.shape
    channels = images.shape[2]
    dtype = kind = x.dtype
    if order and dtype != coordinates.dtype:
        dtype = np.dtype(result_dtype(x, coordinates, order))
        kind = np.result_type(dtype, coordinates.dtype)
    result = np.empty(_result_shape(x.shape, coordinates.shape, is_batch), dtype)
    rows = result.reshape(len(images), points, channels)
    block = max(_BLOCK // ((order + 1) ** count * channels), 1)
    for start in range(0, points, block):
        offsets, is_outside, weights = neighbors(places[:, start : start + block], sizes, order, mode, slopes)
        if first is not None:
            offsets = offsets + first[start : start + block]
        if weights is not None and channels > 1:
            weights = weights[..., None] if channels >= _NARROW else np.repeat(weights, channels, -1)
        for image, y in zip(images, rows, strict=True):
            values = _taken(image, offsets)
            if is_outside is not None:
                np.copyto(values, np.asarray(fill_value).astype(x.dtype), where=is_outside[..., None])
            part = y[start : start + block]
            if weights is None:
                part[...] = values.reshape(part.shape)
                continue
            if channels < _NARROW:
                values = values.reshape(*offsets.shape[:-1], part.size)
                part = part.reshape(part.size)
            _blend(values, weights, kind, part)
    return result


def _taken(image: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Returns elements of shape (elements, channels): those outside are to be replaced."""
    if image.shape[1] == 1:  # rows of one element are taken in more time
        return image.reshape(-1).take(offsets, None, None, "clip")[..., None]
    return image.take(offsets, 0, None, "clip")


def _blend(values: np.ndarray, weights: np.ndarray, dtype: np.dtype, result: np.ndarray) -> None:
    """Sums over the neighbors along one axis after the other; overwrites the values if they have the dtype."""
    for axis in range(weights.shape[1] - 1, -1, -1):
        values = np.multiply(values, weights[:, axis], values if values.dtype == dtype else None, dtype=dtype)
        before = (slice(None),) * axis
        low = values[(*before, 0)]
        values = np.add(low, values[(*before, 1)], low if axis else result)


def _spread_kernel(
    g: np.ndarray, coordinates: np.ndarray, shape: tuple, order: int, mode: str, slopes: tuple, is_batch: bool
) -> np.ndarray:
    sums = np.zeros(shape)
    images, places, sizes, first = _laid_out(sums, coordinates, is_batch)
    count, points = places.shape
    _, elements, channels = images.shape
    shares = g.reshape(len(images), points, channels)
    block = max(_BLOCK >> order * count, elements)  # each costs as much as a pass over the elements
    for start in range(0, points, block):
        offsets, is_outside, weights = neighbors(places[:, start : start + block], sizes, order, mode, slopes)
        if first is not None:
            offsets = offsets + first[start : start + block]
        factor = 1 if weights is None else combined(np.multiply, weights)
        if is_outside is not None:
            np.copyto(offsets, 0, where=is_outside)
        for image, share in zip(images, shares, strict=True):
            for channel in range(channels):
                values = np.multiply(share[start : start + block, channel], factor)
                values = values if is_outside is None else np.where(is_outside, 0, values)
                image[:, channel] += np.bincount(offsets.ravel(), values.ravel(), elements)
    return sums.astype(g.dtype)


def gradient_of_coordinates(g: Tensor, x: Tensor, coordinates: Tensor, fill_value: float, params: dict) -> Tensor:
    """Returns the gradient of coordinates: that of the result times the derivatives of the interpolation."""
    if params["order"] == 0:
        return zeros_like(coordinates)
    slopes, is_batch, parts = params["slopes"], params["is_batch"], []
    for axis in range(static_shape(coordinates)[int(is_batch)]):
        if axis in slopes:  # the second derivative of a linear function
            parts.append(zeros_like(g[..., 0] if is_batch else g))
            continue
        derivative = {**params, "slopes": tuple(sorted((*slopes, axis))), "fill_value": fill_value}
        part = g * apply(_INTERPOLATE, x, coordinates, **derivative)
        parts.append(sum(part, axis=-1) if is_batch else part)
    return cast(unbroadcast(stack(parts, axis=int(is_batch)), coordinates), dtype_of(coordinates))


def gradient_of_elements(g: Tensor, y: Tensor, x: Tensor, c: Tensor, fill_value: float, **params: object) -> Tensor:
    """Returns the gradient of arrays that were interpolated; None for integers."""
    return cast(apply(_SPREAD, g, c, shape=static_shape(x), **params), dtype_of(x)) if is_float(dtype_of(x)) else None


def _interpolate_rule(x: Spec, coordinates: Spec, order: int, is_batch: bool, **params: object) -> tuple:
    return _result_shape(x.shape, coordinates.shape, is_batch), result_dtype(x, coordinates, order)


_INTERPOLATE = Primitive(
    "interpolate",
    interpolated,
    shape=_interpolate_rule,
    vjps=(
        gradient_of_elements,
        lambda g, y, x, c, fill_value, **params: gradient_of_coordinates(g, x, c, fill_value, params),
    ),
)
_SPREAD = Primitive(
    "interpolate_adjoint",
    _spread_kernel,
    shape=lambda g, coordinates, shape, **params: (shape, g.dtype),
    vjps=(
        lambda h, y, g, c, shape, **params: apply(_INTERPOLATE, h, c, fill_value=0, **params),
        lambda h, y, g, c, shape, **params: gradient_of_coordinates(g, h, c, 0, params),
    ),
)


def _rounded_kernel(x: np.ndarray, dtype: str) -> np.ndarray:
    return half_away(x).astype(dtype)


_ROUNDED = Primitive("round_half_away", _rounded_kernel, shape=lambda x, dtype: (x.shape, dtype))


def sample(
    x: Tensor, coordinates: Tensor, order: int, fill_mode: str, fill_value: float, is_batch: bool = True
) -> Tensor:
    """Interpolates each array of a batch at coordinates.

    Args:
        x: Shape (batch, *sizes, channels); the sizes are not 0.
        coordinates: Floating-point coordinates of shape (batch or 1, number of `sizes`, *points).
        order: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: One of `FILL_MODES`.
        fill_value: The value outside of the arrays in the mode "constant".
        is_batch: Whether there are axes of the batch and of channels; if not, `x` has the shape `sizes`, and the
            coordinates (number of `sizes`, *points).

    Returns:
        Shape (batch, *points, channels), or `points`, in the dtype of `x`; integers are rounded.

    Example:
        >>> sample(np.float32([[[2], [4]]]), np.float32([[[0.5, 1.25]]]), 1, "nearest", 0.0).tolist()
        [[[3.0], [4.0]]]
    """
    params = {"order": order, "mode": fill_mode, "fill_value": fill_value, "slopes": (), "is_batch": is_batch}
    return in_dtype_of(x, apply(_INTERPOLATE, x, coordinates, **params), order)


def in_dtype_of(x: Tensor, y: Tensor, order: int) -> Tensor:
    """Returns what was interpolated, in the dtype of the array; integers are rounded."""
    dtype = dtype_of(x)
    if dtype_of(y) == dtype:
        return y
    return apply(_ROUNDED, y, dtype=dtype) if order == 1 and "int" in dtype else cast(y, dtype)


@specialized
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
    inputs = as_value(inputs)
    is_sequence = isinstance(coordinates, (list, tuple)) and any(hasattr(each, "dtype") for each in coordinates)
    check_real("map_coordinates", inputs)
    coordinates = as_real(stack(coordinates) if is_sequence else coordinates, "map_coordinates")
    sizes, places = static_shape(inputs), static_shape(coordinates)
    if len(places) < 2 or not sizes or places[0] != len(sizes):
        raise ShapeError(
            "`map_coordinates` expects coordinates of shape (number of axes of `inputs`, ...), of 2 axes or more. "
            f"Received: inputs of shape {sizes}, coordinates of shape {places}"
        )
    if 0 in sizes:
        raise ShapeError(f"`map_coordinates` expects an array with elements. Received: inputs of shape {sizes}")
    return sample(inputs, coordinates, int(order), fill_mode, fill_value, is_batch=False)
