"""Smooth activation functions: ops with the defaults of layers."""

from .. import ops
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike


@filtered
def sigmoid(x: TensorLike) -> Tensor:
    """Sigmoid, with values in (0, 1).

    `1 / (1 + e^-x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> sigmoid([0.0])
        array([0.5], dtype=float32)
    """
    return ops.sigmoid(x)


@filtered
def log_sigmoid(x: TensorLike) -> Tensor:
    """Log-sigmoid, which is numerically more stable than the logarithm of `sigmoid`.

    `ln(1 / (1 + e^-x))`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> log_sigmoid([0.0, -100.0])
        array([  -0.6931472, -100.       ], dtype=float32)
    """
    return ops.log_sigmoid(x)


@filtered
def tanh(x: TensorLike) -> Tensor:
    """Hyperbolic tangent, with values in (-1, 1).

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> tanh([0.0])
        array([0.], dtype=float32)
    """
    return ops.tanh(x)


@filtered
def tanh_shrink(x: TensorLike) -> Tensor:
    """Tanh shrink: the input minus its hyperbolic tangent.

    `x - tanh(x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> tanh_shrink([0.0, 1.0])
        array([0.        , 0.23840582], dtype=float32)
    """
    return ops.tanh_shrink(x)


@filtered
def exponential(x: TensorLike) -> Tensor:
    """Exponential activation.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> exponential([0.0])
        array([1.], dtype=float32)
    """
    return ops.exp(x)


@filtered
def elu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit.

    `x if x > 0 else alpha * (e^x - 1)`

    Source: https://arxiv.org/abs/1511.07289

    Example:
        >>> elu([-100.0, 2.0])
        array([-1.,  2.], dtype=float32)
    """
    return ops.elu(x, alpha)


@filtered
def celu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """Continuously differentiable exponential linear unit.

    `max(x, 0) + alpha * (e^(min(x, 0) / alpha) - 1)`

    Args:
        x: An array of any shape.
        alpha: The scale of the negative part, which saturates at `-alpha`.

    Raises:
        ArgumentError: If `alpha` is 0.

    Source: https://arxiv.org/abs/1704.07483

    Example:
        >>> celu([-100.0, 2.0], alpha=0.5)
        array([-0.5,  2. ], dtype=float32)
    """
    return ops.celu(x, alpha)


@filtered
def selu(x: TensorLike) -> Tensor:
    """Scaled exponential linear unit, which preserves mean 0 and variance 1; use it with `lecun_normal` weights.

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> selu([0.0, 1.0])
        array([0.      , 1.050701], dtype=float32)
    """
    return ops.selu(x)


@filtered
def gelu(x: TensorLike, approximate: bool = False) -> Tensor:
    """Gaussian error linear unit: the input times the normal distribution function of it.

    `x * (1 + erf(x / sqrt(2))) / 2`

    Args:
        x: An array of any shape.
        approximate: Whether to use the tanh approximation, which differs by less than 0.0005.

    Source: https://arxiv.org/abs/1606.08415

    Example:
        >>> gelu([0.0, 1.0])
        array([0.       , 0.8413447], dtype=float32)
    """
    return ops.gelu(x, approximate)


@filtered
def silu(x: TensorLike) -> Tensor:
    """Sigmoid linear unit: the input times its sigmoid. Also called swish.

    Source: https://arxiv.org/abs/1710.05941

    Example:
        >>> silu([0.0, 1.0])
        array([0.       , 0.7310586], dtype=float32)
    """
    return ops.silu(x)


@filtered
def mish(x: TensorLike) -> Tensor:
    """Mish: the input times the tanh of its softplus.

    `x * tanh(ln(1 + e^x))`

    Source: https://arxiv.org/abs/1908.08681

    Example:
        >>> mish([0.0, 1.0])
        array([0.       , 0.8650984], dtype=float32)
    """
    return ops.multiply(x, ops.tanh(ops.softplus(x)))


@filtered
def softplus(x: TensorLike) -> Tensor:
    """Softplus: a smooth approximation of ReLU.

    `ln(1 + e^x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softplus([0.0])
        array([0.6931472], dtype=float32)
    """
    return ops.softplus(x)


@filtered
def squareplus(x: TensorLike, b: float = 4) -> Tensor:
    """Squareplus: a smooth approximation of ReLU without exponentials.

    `(x + sqrt(x^2 + b)) / 2`

    Args:
        x: An array of any shape.
        b: Smoothness: the output at 0 is `sqrt(b) / 2`.

    Source: https://arxiv.org/abs/2112.11687

    Example:
        >>> squareplus([0.0, 1.5])
        array([1., 2.], dtype=float32)
    """
    return ops.squareplus(x, b)


@filtered
def softsign(x: TensorLike) -> Tensor:
    """Softsign, with values in (-1, 1).

    `x / (1 + |x|)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softsign([-1.0, 3.0])
        array([-0.5 ,  0.75], dtype=float32)
    """
    return ops.softsign(x)


@filtered
def glu(x: TensorLike, axis: int = -1) -> Tensor:
    """Gated linear unit: the first half of the input times the sigmoid of the second half.

    `a * sigmoid(b)` with `x = [a, b]` along the axis

    Args:
        x: An array whose axis has an even size.
        axis: The axis to split.

    Returns:
        An array with half the size along the axis.

    Raises:
        ShapeError: If the size of the axis is odd.

    Source: https://arxiv.org/abs/1612.08083

    Example:
        >>> glu([[1.0, 2.0, 0.0, 0.0]])
        array([[0.5, 1. ]], dtype=float32)
    """
    return ops.glu(x, axis)


swish = silu
