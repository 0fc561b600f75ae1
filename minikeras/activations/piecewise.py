"""Piecewise activation functions: ops with the defaults of layers."""

from .. import ops
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike
from .legacy import renamed


@filtered
def linear(x: TensorLike) -> Tensor:
    """Linear activation: returns its input.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> linear(2.0)
        2.0
    """
    return x


@filtered
@renamed(alpha="negative_slope")
def relu(x: TensorLike, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """Rectified linear unit, with optional slope, maximum and threshold.

    `min(x, max_value) if x > threshold else negative_slope * (x - threshold)`

    Args:
        x: An array of any shape.
        negative_slope: The slope below the threshold.
        max_value: The maximum output; None for no limit.
        threshold: The threshold above which the output equals the input.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> relu([-2.0, 1.0, 9.0], negative_slope=0.5, max_value=5.0)
        array([-1.,  1.,  5.], dtype=float32)
    """
    if max_value is None and threshold == 0:
        return ops.leaky_relu(x, negative_slope) if negative_slope else ops.relu(x)
    x = ops.convert_to_tensor(x)
    if threshold:
        y = ops.where(x > threshold, x, 0)
    else:
        y = ops.relu6(x) if max_value == 6 else ops.relu(x)
    if max_value is not None and (threshold or max_value != 6):
        y = ops.clip(y, 0, max_value)
    return y - negative_slope * ops.relu(threshold - x) if negative_slope else y


@filtered
def leaky_relu(x: TensorLike, negative_slope: float = 0.2) -> Tensor:
    """Leaky rectified linear unit.

    `x if x > 0 else negative_slope * x`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> leaky_relu([-1.0, 2.0])
        array([-0.2,  2. ], dtype=float32)
    """
    return ops.leaky_relu(x, negative_slope)


@filtered
def relu6(x: TensorLike) -> Tensor:
    """Rectified linear unit with maximum 6.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> relu6([-1.0, 2.0, 7.0])
        array([0., 2., 6.], dtype=float32)
    """
    return ops.relu6(x)


@filtered
def hard_sigmoid(x: TensorLike) -> Tensor:
    """Piecewise linear approximation of the sigmoid.

    `relu6(x + 3) / 6`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> hard_sigmoid([-3.0, 0.0, 3.0])
        array([0. , 0.5, 1. ], dtype=float32)
    """
    return ops.hard_sigmoid(x)


@filtered
def hard_silu(x: TensorLike) -> Tensor:
    """Hard SiLU: the input times its hard sigmoid. Also called hard swish.

    `x * relu6(x + 3) / 6`

    Source: https://arxiv.org/abs/1905.02244

    Example:
        >>> hard_silu([-3.0, 1.5, 3.0])
        array([-0.   ,  1.125,  3.   ], dtype=float32)
    """
    return ops.hard_silu(x)


@filtered
def hard_tanh(x: TensorLike) -> Tensor:
    """Hard tanh: clips the input to [-1, 1].

    `min(max(x, -1), 1)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> hard_tanh([-2.0, 0.5, 2.0])
        array([-1. ,  0.5,  1. ], dtype=float32)
    """
    return ops.hard_tanh(x)


@filtered
def hard_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """Hard shrink: sets elements within the threshold to 0.

    `x if |x| > threshold else 0`

    Args:
        x: An array of any shape.
        threshold: The threshold.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> hard_shrink([-1.0, 0.2, 0.5, 2.0])
        array([-1.,  0.,  0.,  2.], dtype=float32)
    """
    return ops.hard_shrink(x, threshold)


@filtered
def soft_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """Soft shrink: shrinks elements towards 0 by the threshold.

    `x - threshold if x > threshold else x + threshold if x < -threshold else 0`

    Args:
        x: An array of any shape.
        threshold: The threshold.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> soft_shrink([-1.0, 0.2, 0.5, 2.0])
        array([-0.5,  0. ,  0. ,  1.5], dtype=float32)
    """
    return ops.soft_shrink(x, threshold)


@filtered
def threshold(x: TensorLike, threshold: float, default_value: float) -> Tensor:
    """Replaces elements that are not above the threshold.

    `x if x > threshold else default_value`

    Args:
        x: An array of any shape.
        threshold: The threshold.
        default_value: The replacement.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> threshold([-1.0, 0.5, 2.0], 0.5, 7.0)
        array([7., 7., 2.], dtype=float32)
    """
    return ops.threshold(x, threshold, default_value)


@filtered
def sparse_plus(x: TensorLike) -> Tensor:
    """Sparse plus: a ReLU that is smooth between -1 and 1.

    `0 if x <= -1 else (x + 1)^2 / 4 if x < 1 else x`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> sparse_plus([-2.0, 0.0, 2.0])
        array([0.  , 0.25, 2.  ], dtype=float32)
    """
    return ops.sparse_plus(x)


@filtered
def sparse_sigmoid(x: TensorLike) -> Tensor:
    """Sparse sigmoid: the derivative of `sparse_plus`, piecewise linear.

    `min(max((x + 1) / 2, 0), 1)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> sparse_sigmoid([-2.0, 0.0, 2.0])
        array([0. , 0.5, 1. ], dtype=float32)
    """
    return ops.sparse_sigmoid(x)


hard_swish = hard_silu
