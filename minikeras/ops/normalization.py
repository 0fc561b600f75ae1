"""Normalization by given or by own moments."""

from typing import Any

from ..config import epsilon as default_epsilon
from ..engine.dtypes import dtype_of, result_type
from ..engine.primitive import broadcast_shapes
from ..engine.registry import op
from ..errors import ArgumentTypeError, ShapeError, warn_legacy
from ..typing import Axis, Tensor, TensorLike
from .arithmetic import add, multiply, subtract
from .common.arguments import as_value, normalize_axes, normalize_axis, promoted, static_shape
from .conversion import cast
from .exponents import rsqrt, square
from .reductions import mean as mean_of
from .shaping import expand_dims, reshape
from .statistics import moments, var


@op("nn.BatchNorm", settings="axis epsilon")
def batch_normalization(
    x: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    axis: int,
    offset: TensorLike | None = None,
    scale: TensorLike | None = None,
    epsilon: float = 1e-3,
) -> Tensor:
    """Normalizes a tensor by a mean and a variance for each index along an axis.

    `y = (x - mean) / (variance + epsilon)^(1/2) * scale + offset`

    Args:
        x: Input tensor, of any shape.
        mean: The means, shape (size of the axis,).
        variance: The variances, shape (size of the axis,).
        axis: The axis.
        offset: What is added, shape (size of the axis,); nothing if None.
        scale: What is multiplied by, shape (size of the axis,); nothing if None.
        epsilon: Small constant added to the variance to avoid division by zero.

    Returns:
        A tensor of the shape of `x`, in the common dtype of the inputs.

    Raises:
        ShapeError: If one of the others does not have the size of the axis.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> batch_normalization([[1.0, 2.0]], [0.0, 1.0], [1.0, 0.25], axis=-1, epsilon=0.0)
        array([[1., 2.]], dtype=float32)
    """
    given = {"x": x, "mean": mean, "variance": variance, "offset": offset, "scale": scale}
    given = {name: as_value(value) for name, value in given.items() if value is not None}
    sizes = static_shape(given["x"])
    axis = normalize_axis(axis, len(sizes))
    for name, value in given.items():
        shape = static_shape(value)
        fits = len(shape) == 1 and (None in (shape[0], sizes[axis]) or shape[0] == sizes[axis])
        if name != "x" and not fits:
            raise ShapeError(
                f"`batch_normalization`: `{name}` must be a vector with one number for each index along axis {axis}. "
                f"Expected: shape ({sizes[axis]},), for x of shape {sizes}. Received: shape {shape}"
            )
    x, *vectors = promoted(*given.values(), to_float=True)
    names = [name for name in given if name != "x"]
    after = tuple(range(1, len(sizes) - axis))
    columns = {name: expand_dims(each, after) if after else each for name, each in zip(names, vectors, strict=True)}
    return standardized(x, epsilon=epsilon, **columns)


def standardized(
    x: Tensor,
    mean: Tensor | None,
    variance: Tensor,
    epsilon: float,
    scale: Tensor | None = None,
    offset: Tensor | None = None,
) -> Tensor:
    """Returns `(x - mean) / (variance + epsilon)^(1/2) * scale + offset`; all broadcast to `x`, in its dtype.

    Args:
        x: Input tensor, of any shape.
        mean: What is subtracted; nothing if None.
        variance: The variance.
        epsilon: Small constant added to the variance to avoid division by zero.
        scale: What is multiplied by; nothing if None.
        offset: What is added; nothing if None.
    """
    inverse = rsqrt(add(variance, epsilon))
    if scale is not None:  # first, since both together may be smaller than `x`
        inverse = multiply(inverse, scale)
    y = multiply(x if mean is None else subtract(x, mean), inverse)
    return y if offset is None else add(y, offset)


def _layer_in_keras(kwargs: dict, **others: object) -> dict:
    return {"kwargs": {"rms_scaling": bool(kwargs.get("rms_scaling", False))}}


@op("nn.LayerNorm", settings="axis epsilon rms_scaling", as_in_keras=_layer_in_keras)
def layer_normalization(
    x: TensorLike,
    gamma: TensorLike | None = None,
    beta: TensorLike | None = None,
    axis: Axis = -1,
    epsilon: float | None = None,
    **kwargs: Any,
) -> Tensor:
    """Normalizes a tensor by its mean and variance along axes.

    `y = (x - mean(x)) / (var(x) + epsilon)^(1/2) * gamma + beta`

    It computes in float32 at least.

    Args:
        x: Input tensor, of any shape.
        gamma: What is multiplied by, with the sizes of the axes, or broadcasting to `x`; nothing if None.
        beta: What is added, likewise; nothing if None.
        axis: Axis or axes.
        epsilon: Small constant added to the variance to avoid division by zero; by default as configured.
        **kwargs: `rms_scaling`, which is deprecated: whether to divide by the standard deviation only.

    Returns:
        A tensor of the shape and dtype of `x`.

    Raises:
        ShapeError: If `gamma` or `beta` does not fit.

    Source: https://keras.io/api/ops/nn/, Ba et al. 2016, https://arxiv.org/abs/1607.06450

    Example:
        >>> layer_normalization([1.0, 3.0], epsilon=0.0)
        array([-1.,  1.], dtype=float32)
    """
    rms_scaling = kwargs.pop("rms_scaling", False)
    if kwargs:
        raise ArgumentTypeError(f"`layer_normalization` has no arguments {', '.join(sorted(kwargs))}.")
    if rms_scaling:
        warn_legacy("`layer_normalization(rms_scaling=True)`", "`rms_normalization`")
    return layer_normalized(x, gamma, beta, axis, epsilon, rms_scaling)


def layer_normalized(
    x: TensorLike,
    gamma: TensorLike | None,
    beta: TensorLike | None,
    axis: Axis,
    epsilon: float | None,
    rms_scaling: bool = False,
) -> Tensor:
    """Computes `layer_normalization`."""
    x = as_value(x)
    dtype = dtype_of(x)
    x = cast(x, result_type(dtype, "float32"))
    axes = normalize_axes(axis, len(static_shape(x)))
    epsilon = default_epsilon() if epsilon is None else epsilon
    gamma, beta = _fitted("gamma", gamma, x, axes), _fitted("beta", beta, x, axes)
    mean, variance = (None, var(x, axes, keepdims=True)) if rms_scaling else moments(x, axes, keepdims=True)
    return cast(standardized(x, mean, variance, epsilon, gamma, None if rms_scaling else beta), dtype)


def _fitted(name: str, value: TensorLike | None, x: Tensor, axes: tuple[int, ...]) -> Tensor | None:
    """Returns a factor or summand with the sizes of the axes such that it broadcasts to `x`."""
    if value is None:
        return None
    value = cast(as_value(value), dtype_of(x))
    sizes = static_shape(x)
    if len(static_shape(value)) != len(sizes) and axes != (len(sizes) - 1,):
        value = reshape(
            value, tuple(size if axis in axes else 1 for axis, size in enumerate(_with_one_unknown(sizes, axes)))
        )
    return _checked("layer_normalization", name, value, x)


def _with_one_unknown(sizes: tuple, axes: tuple[int, ...]) -> tuple:
    """Returns sizes in which the only unknown one along the axes is -1, for `reshape`."""
    unknown = [axis for axis in axes if sizes[axis] is None]
    return tuple(-1 if [axis] == unknown else size for axis, size in enumerate(sizes))


def _checked(where: str, name: str, value: Tensor, x: Tensor) -> Tensor:
    """Returns a factor or summand, provided that it broadcasts to `x`, whose shape the result has."""
    shape, sizes = static_shape(value), static_shape(x)
    try:
        together = broadcast_shapes(shape, sizes)
    except ShapeError:
        together = ()
    if len(together) != len(sizes) or any(
        None not in pair and pair[0] != pair[1] for pair in zip(together, sizes, strict=True)
    ):
        raise ShapeError(f"`{where}`: `{name}` must broadcast to x, of shape {sizes}. Received: shape {shape}")
    return value


@op("nn.RMSNorm", settings="axis epsilon")
def rms_normalization(
    x: TensorLike, scale: TensorLike | None = None, axis: Axis = -1, epsilon: float | None = None
) -> Tensor:
    """Divides a tensor by its root mean square along axes.

    `y = x / (mean(x^2) + epsilon)^(1/2) * scale`

    It computes in float32 at least.

    Args:
        x: Input tensor, of any shape; a number becomes a vector.
        scale: What is multiplied by; broadcasts to `x`; nothing if None.
        axis: Axis or axes.
        epsilon: Small constant added to the mean square to avoid division by zero; by default as configured.

    Returns:
        A tensor of the shape and dtype of `x`.

    Raises:
        ShapeError: If `scale` does not broadcast to `x`.

    Source: https://keras.io/api/ops/nn/, Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467

    Example:
        >>> rms_normalization([2.0, -2.0], epsilon=0.0)
        array([ 1., -1.], dtype=float32)
    """
    x = as_value(x)
    dtype = dtype_of(x)
    x = cast(x, result_type(dtype, "float32"))
    x = x if static_shape(x) else expand_dims(x, 0)
    axes = normalize_axes(axis, len(static_shape(x)))
    epsilon = default_epsilon() if epsilon is None else epsilon
    y = multiply(x, rsqrt(add(mean_of(square(x), axes, keepdims=True), epsilon)))
    if scale is not None:
        y = multiply(y, _checked("rms_normalization", "scale", cast(as_value(scale), dtype_of(x)), x))
    return cast(y, dtype)
