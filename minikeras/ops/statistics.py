"""Variances and averages."""

import numpy as np

from ..engine.dtypes import COMPLEX, dtype_of
from ..engine.registry import call, op
from ..errors import NotSupportedError, ShapeError, brief
from ..typing import Axis, Tensor, TensorLike
from .arithmetic import multiply, subtract, true_divide
from .common.arguments import as_float, as_value, normalize_axes, promoted, static_shape
from .common.eager import computed, is_eager
from .creation import ones_like
from .exponents import sqrt, square
from .reductions import mean, mean_kernel, sum, sum_kernel
from .shaping import broadcast_to, expand_dims


def _var_kernel(x: np.ndarray, axis: tuple, keepdims: bool) -> np.ndarray:
    deviation = np.asarray(x - mean_kernel(x, axis, keepdims=True))
    return mean_kernel(np.square(deviation, out=deviation), axis, keepdims)


def _std_kernel(x: np.ndarray, axis: tuple, keepdims: bool) -> np.ndarray:
    return np.sqrt(_var_kernel(x, axis, keepdims))


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
    if is_eager(x) and x.dtype.kind == "f":
        return computed(_var_kernel, x, normalize_axes(axis, x.ndim), bool(keepdims))
    deviation = subtract(x, mean(x, axis, keepdims=True))
    is_complex = dtype_of(x) in COMPLEX
    squares = multiply(deviation, call("conj", deviation)) if is_complex else square(deviation)
    return mean(squares, axis, keepdims)


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
    if is_eager(x) and x.dtype.kind == "f":
        return computed(_std_kernel, x, normalize_axes(axis, x.ndim), bool(keepdims))
    return sqrt(call("real", var(x, axis, keepdims)))


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


def _average_kernel(x: np.ndarray, weights: np.ndarray, axis: tuple) -> np.ndarray:
    weights = weights if weights.shape == x.shape else np.broadcast_to(weights, x.shape)
    return sum_kernel(x * weights, axis, keepdims=False) / sum_kernel(weights, axis, keepdims=False)


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
        if is_eager(weights):
            weights = weights.reshape([1 if index in others else -1 for index in range(len(static_shape(x)))])
        else:
            weights = expand_dims(weights, others) if others else weights
    if is_eager(x, weights) and x.dtype.kind == "f" and weights.ndim == x.ndim:
        axes = normalize_axes(axis, x.ndim)
        if all(own in (1, size) for own, size in zip(weights.shape, x.shape, strict=True)):
            return computed(_average_kernel, x, weights, axes)
    if None in static_shape(x):  # a size that is not known cannot be broadcast to, but multiplied with
        weights = multiply(weights, ones_like(x))
    else:
        weights = broadcast_to(weights, static_shape(x))
    return true_divide(sum(multiply(x, weights), axis), sum(weights, axis))
