"""Variances and averages."""

from ..engine.dtypes import COMPLEX, dtype_of
from ..engine.registry import call, op
from ..engine.specialization import specialized
from ..errors import NotSupportedError, ShapeError, brief
from ..typing import Axis, Tensor, TensorLike
from .arithmetic import multiply, subtract, true_divide
from .common.arguments import as_float, as_value, normalize_axes, promoted, static_shape
from .creation import ones_like
from .exponents import sqrt, square
from .reductions import mean, sum
from .shaping import broadcast_to, expand_dims


@specialized
@op("numpy.Var", settings="axis keepdims")
def var(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the variance along the given axes, by default along all.

    `mean(|x - mean(x)|^2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(var([1.0, 3.0]))
        1.0
    """
    x = as_float(x)
    deviation = subtract(x, mean(x, axis, keepdims=True))
    is_complex = dtype_of(x) in COMPLEX
    squares = multiply(deviation, call("conj", deviation)) if is_complex else square(deviation)
    return mean(squares, axis, keepdims)


@specialized
@op("numpy.Std", settings="axis keepdims")
def std(x: TensorLike, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the standard deviation along the given axes, by default along all.

    `var(x)^(1/2)`

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(std([1.0, 3.0]))
        1.0
    """
    x = as_float(x)
    return sqrt(call("real", var(x, axis, keepdims)))


@specialized
@op("nn.Moments", settings="axes keepdims synchronized")
def moments(x: TensorLike, axes: Axis, keepdims: bool = False, synchronized: bool = False) -> tuple[Tensor, Tensor]:
    """Returns the mean and variance along the given axes.

    Args:
        x: Input tensor, of any shape.
        axes: Axis or axes.
        keepdims: Whether to keep the reduced axes, with size 1.
        synchronized: Must be False: there is only one replica.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> average, variance = moments([1.0, 3.0], axes=[0])
        >>> print(average, variance)
        2.0 1.0
    """
    if synchronized:
        raise NotSupportedError(
            f"`moments` supports one replica only. Expected False. Received: synchronized={brief(synchronized)}"
        )
    return mean(x, axes, keepdims), var(x, axes, keepdims)


@specialized
@op("numpy.Average", settings="axis")
def average(x: TensorLike, axis: Axis = None, weights: TensorLike | None = None) -> Tensor:
    """Returns the weighted mean along the given axes, by default along all.

    `sum(w x) / sum(w)`

    Args:
        x: Input tensor, of any shape.
        axis: Axis or axes.
        weights: The weights, in the shape of `x`, or one for each index along the axis; equal if None.

    Raises:
        ShapeError: If the shape of the weights does not match.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(average([1.0, 3.0], weights=[3.0, 1.0]))
        1.5
    """
    if weights is None:
        return mean(x, axis)
    x, weights = promoted(as_value(x), as_value(weights), to_float=True)
    if len(static_shape(weights)) != len(static_shape(x)):
        axes = normalize_axes(axis, len(static_shape(x)))
        if axis is None or len(axes) != 1 or len(static_shape(weights)) != 1:
            raise ShapeError(
                f"`average` expects weights of shape {static_shape(x)}, or one for each index along an axis. "
                f"Received: shape {static_shape(weights)}, axis={brief(axis)}"
            )
        others = tuple(index for index in range(len(static_shape(x))) if index not in axes)
        weights = expand_dims(weights, others) if others else weights
    if None in static_shape(x):  # a size that is not known cannot be broadcast to, but multiplied with
        weights = multiply(weights, ones_like(x))
    else:
        weights = broadcast_to(weights, static_shape(x))
    return true_divide(sum(multiply(x, weights), axis), sum(weights, axis))
