"""Smooth activation functions: thin names for ops, with the defaults that layers use."""

from .. import ops
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike


@filtered
def sigmoid(x: TensorLike) -> Tensor:
    """Squashes each element into (0, 1).

    `1 / (1 + e^-x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> sigmoid([0.0])
        array([0.5], dtype=float32)
    """
    return ops.sigmoid(x)


@filtered
def log_sigmoid(x: TensorLike) -> Tensor:
    """Returns the logarithm of `sigmoid`, without its rounding to 0.

    `ln(1 / (1 + e^-x))`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> log_sigmoid([0.0, -100.0])
        array([  -0.6931472, -100.       ], dtype=float32)
    """
    return ops.log_sigmoid(x)


@filtered
def tanh(x: TensorLike) -> Tensor:
    """Squashes each element into (-1, 1).

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> tanh([0.0])
        array([0.], dtype=float32)
    """
    return ops.tanh(x)


@filtered
def tanh_shrink(x: TensorLike) -> Tensor:
    """Subtracts from each element its hyperbolic tangent, which takes the small ones to nearly 0.

    `x - tanh(x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> tanh_shrink([0.0, 1.0])
        array([0.        , 0.23840582], dtype=float32)
    """
    return ops.tanh_shrink(x)


@filtered
def exponential(x: TensorLike) -> Tensor:
    """Returns the exponential of each element.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> exponential([0.0])
        array([1.], dtype=float32)
    """
    return ops.exp(x)


@filtered
def elu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """Returns positive elements as they are; the others approach `-alpha`.

    `x if x > 0 else alpha * (e^x - 1)`

    Source: https://arxiv.org/abs/1511.07289

    Example:
        >>> elu([-100.0, 2.0])
        array([-1.,  2.], dtype=float32)
    """
    return ops.elu(x, alpha)


@filtered
def celu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """Returns positive elements as they are; the others approach `-alpha`, with the slope 1 at 0 for every alpha.

    `max(x, 0) + alpha * (e^(min(x, 0) / alpha) - 1)`

    Args:
        x: A value of any shape.
        alpha: The distance of the lower bound from 0.

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
    """Scales `elu` so that activations keep mean 0 and variance 1; goes with `lecun_normal` weights.

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> selu([0.0, 1.0])
        array([0.      , 1.050701], dtype=float32)
    """
    return ops.selu(x)


@filtered
def gelu(x: TensorLike, approximate: bool = False) -> Tensor:
    """Weights each element by the probability that a normal random number is below it.

    `x * (1 + erf(x / sqrt(2))) / 2`

    Args:
        x: A value of any shape.
        approximate: Use tanh in place of erf, which differs by less than 0.0005.

    Source: https://arxiv.org/abs/1606.08415

    Example:
        >>> gelu([0.0, 1.0])
        array([0.       , 0.8413447], dtype=float32)
    """
    return ops.gelu(x, approximate)


@filtered
def silu(x: TensorLike) -> Tensor:
    """Multiplies each element by its sigmoid. Also called swish.

    Source: https://arxiv.org/abs/1710.05941

    Example:
        >>> silu([0.0, 1.0])
        array([0.       , 0.7310586], dtype=float32)
    """
    return ops.silu(x)


@filtered
def mish(x: TensorLike) -> Tensor:
    """Multiplies each element by the tanh of its softplus.

    `x * tanh(ln(1 + e^x))`

    Source: https://arxiv.org/abs/1908.08681

    Example:
        >>> mish([0.0, 1.0])
        array([0.       , 0.8650984], dtype=float32)
    """
    return ops.multiply(x, ops.tanh(ops.softplus(x)))


@filtered
def softplus(x: TensorLike) -> Tensor:
    """Returns a smooth form of relu.

    `ln(1 + e^x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softplus([0.0])
        array([0.6931472], dtype=float32)
    """
    return ops.softplus(x)


@filtered
def squareplus(x: TensorLike, b: float = 4) -> Tensor:
    """Returns a smooth form of relu that needs no exponential.

    `(x + sqrt(x^2 + b)) / 2`

    Args:
        x: A value of any shape.
        b: How smooth: the result at 0 is `sqrt(b) / 2`.

    Source: https://arxiv.org/abs/2112.11687

    Example:
        >>> squareplus([0.0, 1.5])
        array([1., 2.], dtype=float32)
    """
    return ops.squareplus(x, b)


@filtered
def softsign(x: TensorLike) -> Tensor:
    """Squashes each element into (-1, 1), more slowly than tanh.

    `x / (1 + |x|)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softsign([-1.0, 3.0])
        array([-0.5 ,  0.75], dtype=float32)
    """
    return ops.softsign(x)


@filtered
def glu(x: TensorLike, axis: int = -1) -> Tensor:
    """Multiplies the first half of a value by the sigmoid of the second half: a gated linear unit.

    `a * sigmoid(b)` with `x = [a, b]` along the axis

    Args:
        x: A value whose axis has an even size.
        axis: The axis that is halved.

    Returns:
        A value with half the size along the axis.

    Raises:
        ShapeError: If the size of the axis is odd.

    Source: https://arxiv.org/abs/1612.08083

    Example:
        >>> glu([[1.0, 2.0, 0.0, 0.0]])
        array([[0.5, 1. ]], dtype=float32)
    """
    return ops.glu(x, axis)


swish = silu
