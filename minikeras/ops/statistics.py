"""Spread, averages and products of many elements."""

import math
from collections.abc import Sequence

from ..engine.dtypes import dtype_of, standardize_dtype
from ..engine.registry import op
from ..errors import NotSupportedError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor
from .comparison import not_equal
from .core import as_float, as_value, cast, normalize_axes, promoted, shape
from .creation import ones
from .elementwise import multiply, sqrt, square, subtract, true_divide
from .joining import append
from .reduction import max, mean, min, sum
from .shaping import broadcast_to, expand_dims, get_item, moveaxis, reshape, squeeze

Axis = int | Sequence[int] | None


@op("numpy.Var", settings="axis keepdims")
def var(x: object, axis: Axis = None, keepdims: bool = False) -> object:
    """Returns the variance along axes; along all of them by default.

    `mean((x - mean(x))^2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(var([1.0, 3.0]))
        1.0
    """
    x = as_float(x)
    return mean(square(subtract(x, mean(x, axis, keepdims=True))), axis, keepdims)


@op("numpy.Std", settings="axis keepdims")
def std(x: object, axis: Axis = None, keepdims: bool = False) -> object:
    """Returns the standard deviation along axes; along all of them by default.

    `var(x)^(1/2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(std([1.0, 3.0]))
        1.0
    """
    return sqrt(var(x, axis, keepdims))


@op("nn.Moments", settings="axes keepdims synchronized")
def moments(x: object, axes: Axis, keepdims: bool = False, synchronized: bool = False) -> tuple:
    """Returns mean and variance along axes.

    Args:
        x: A value of any shape.
        axes: An axis or several.
        keepdims: Keep the axes, with size 1.
        synchronized: Only False: there is one replica.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> average, variance = moments([1.0, 3.0], axes=[0])
        >>> print(average, variance)
        2.0 1.0
    """
    if synchronized:
        raise NotSupportedError(
            f"`moments` has one replica. Expected False. Received: synchronized={brief(synchronized)}"
        )
    return mean(x, axes, keepdims), var(x, axes, keepdims)


@op("numpy.Average", settings="axis")
def average(x: object, axis: Axis = None, weights: object = None) -> object:
    """Returns the weighted mean along axes; along all of them by default.

    `sum(w x) / sum(w)`

    Args:
        x: A value of any shape.
        axis: An axis or several.
        weights: How much each element counts, in the shape of `x`; or of each place along the axis. The same if None.

    Raises:
        ShapeError: If the weights do not go with the value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(average([1.0, 3.0], weights=[3.0, 1.0]))
        1.5
    """
    if weights is None:
        return mean(x, axis)
    x, weights = promoted(as_value(x), as_value(weights), to_float=True)
    if len(shape(weights)) != len(shape(x)):
        places = normalize_axes(axis, len(shape(x)))
        if axis is None or len(places) != 1 or len(shape(weights)) != 1:
            raise ShapeError(
                f"`average` expects weights of shape {shape(x)}, or one for each place along an axis. "
                f"Received: shape {shape(weights)}, axis={brief(axis)}"
            )
        others = tuple(place for place in range(len(shape(x))) if place not in places)
        weights = expand_dims(weights, others) if others else weights
    weights = broadcast_to(weights, shape(x))
    return true_divide(sum(multiply(x, weights), axis), sum(weights, axis))


@op("numpy.Prod", settings="axis keepdims dtype")
def prod(x: object, axis: Axis = None, keepdims: bool = False, dtype: object = None) -> object:
    """Multiplies elements along axes; along all of them by default.

    Args:
        x: A value of any shape.
        axis: An axis or several; None means all.
        keepdims: Keep the axes, with size 1.
        dtype: The type to multiply in; that of the value by default, at least int32 for whole numbers.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(prod([2.0, 3.0, 4.0]))
        24.0
    """
    x = as_value(x)
    given = dtype_of(x) if dtype is None else standardize_dtype(dtype)
    if dtype is None and given in ("bool", "int8", "int16", "uint8", "uint16"):
        given = "uint32" if given in ("uint8", "uint16") else "int32"
    x = cast(x, given)
    if isinstance(x, KerasTensor):
        return sum(x, axis, keepdims)  # has this shape, too
    axes = normalize_axes(axis, len(shape(x)))
    kept = [size for place, size in enumerate(shape(x)) if place not in axes]
    count = math.prod(shape(x)[place] for place in axes)
    parts = reshape(moveaxis(x, axes, tuple(range(len(axes)))), (count, *kept))
    # Halves are multiplied until one is left: the gradient is then right where elements are 0, too.
    while count != 1:
        if count % 2 or not count:
            parts, count = append(parts, ones((1, *kept), given), axis=0), count + 1
        else:
            count //= 2
            parts = multiply(get_item(parts, slice(0, count)), get_item(parts, slice(count, None)))
    found = squeeze(parts, 0)
    return expand_dims(found, axes) if keepdims and axes else found


@op("numpy.Amax", settings="axis keepdims")
def amax(x: object, axis: Axis = None, keepdims: bool = False) -> object:
    """Returns the largest element along axes; the same as `max`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(amax([1.0, 3.0, 2.0]))
        3.0
    """
    return max(x, axis, keepdims)


@op("numpy.Amin", settings="axis keepdims")
def amin(x: object, axis: Axis = None, keepdims: bool = False) -> object:
    """Returns the smallest element along axes; the same as `min`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(amin([1.0, 3.0, 2.0]))
        1.0
    """
    return min(x, axis, keepdims)


@op("numpy.Ptp", settings="axis keepdims")
def ptp(x: object, axis: Axis = None, keepdims: bool = False) -> object:
    """Returns the distance of the largest from the smallest element along axes; along all of them by default.

    `max(x) - min(x)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(ptp([1.0, 3.0, 2.0]))
        2.0
    """
    return subtract(max(x, axis, keepdims), min(x, axis, keepdims))


@op("numpy.CountNonzero", settings="axis")
def count_nonzero(x: object, axis: Axis = None) -> object:
    """Counts the elements that are not 0 along axes; along all of them by default.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(count_nonzero([0.0, 3.0, 2.0]))
        2
    """
    return sum(cast(not_equal(x, 0), "int32"), axis)
