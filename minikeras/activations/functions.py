"""The activation functions themselves: thin names for ops, with the defaults that layers use."""

from .. import ops


def linear(x: object) -> object:
    """Returns the value as it is.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> linear(2.0)
        2.0
    """
    return x


def relu(x: object, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> object:
    """Returns each element if it is above a threshold, else 0, or a value on a line of small slope.

    `min(x, max_value) if x > threshold else negative_slope * (x - threshold)`

    Args:
        x: A value of any shape.
        negative_slope: The slope below the threshold.
        max_value: The largest result; None for no limit.
        threshold: Where the result starts to be the value itself.

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


def leaky_relu(x: object, negative_slope: float = 0.2) -> object:
    """Returns positive elements as they are, and the others times a small slope.

    `x if x > 0 else negative_slope * x`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> leaky_relu([-1.0, 2.0])
        array([-0.2,  2. ], dtype=float32)
    """
    return ops.leaky_relu(x, negative_slope)


def relu6(x: object) -> object:
    """Returns each element, moved into [0, 6].

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> relu6([-1.0, 2.0, 7.0])
        array([0., 2., 6.], dtype=float32)
    """
    return ops.relu6(x)


def softmax(x: object, axis: int = -1) -> object:
    """Turns scores along an axis into probabilities.

    `e^x_i / sum_j e^x_j`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softmax([0.0, 0.0])
        array([0.5, 0.5], dtype=float32)
    """
    return ops.softmax(x, axis)


def log_softmax(x: object, axis: int = -1) -> object:
    """Returns the logarithm of `softmax`, without its rounding to 0.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> log_softmax([0.0, 0.0])
        array([-0.6931472, -0.6931472], dtype=float32)
    """
    return ops.log_softmax(x, axis)


def sigmoid(x: object) -> object:
    """Squashes each element into (0, 1).

    `1 / (1 + e^-x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> sigmoid([0.0])
        array([0.5], dtype=float32)
    """
    return ops.sigmoid(x)


def tanh(x: object) -> object:
    """Squashes each element into (-1, 1).

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> tanh([0.0])
        array([0.], dtype=float32)
    """
    return ops.tanh(x)


def exponential(x: object) -> object:
    """Returns the exponential of each element.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> exponential([0.0])
        array([1.], dtype=float32)
    """
    return ops.exp(x)


def elu(x: object, alpha: float = 1.0) -> object:
    """Returns positive elements as they are; the others approach `-alpha`.

    `x if x > 0 else alpha * (e^x - 1)`

    Source: https://arxiv.org/abs/1511.07289

    Example:
        >>> elu([-100.0, 2.0])
        array([-1.,  2.], dtype=float32)
    """
    return ops.elu(x, alpha)


def selu(x: object) -> object:
    """Scales `elu` so that activations keep mean 0 and variance 1; goes with `lecun_normal` weights.

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> selu([0.0, 1.0])
        array([0.      , 1.050701], dtype=float32)
    """
    return ops.selu(x)


def gelu(x: object, approximate: bool = False) -> object:
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


def silu(x: object) -> object:
    """Multiplies each element by its sigmoid. Also called swish.

    Source: https://arxiv.org/abs/1710.05941

    Example:
        >>> silu([0.0, 1.0])
        array([0.       , 0.7310586], dtype=float32)
    """
    return ops.silu(x)


def hard_sigmoid(x: object) -> object:
    """Approximates sigmoid by straight lines.

    `relu6(x + 3) / 6`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> hard_sigmoid([-3.0, 0.0, 3.0])
        array([0. , 0.5, 1. ], dtype=float32)
    """
    return ops.hard_sigmoid(x)


def softplus(x: object) -> object:
    """Returns a smooth form of relu.

    `ln(1 + e^x)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softplus([0.0])
        array([0.6931472], dtype=float32)
    """
    return ops.softplus(x)


def softsign(x: object) -> object:
    """Squashes each element into (-1, 1), more slowly than tanh.

    `x / (1 + |x|)`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softsign([-1.0, 3.0])
        array([-0.5 ,  0.75], dtype=float32)
    """
    return ops.softsign(x)


def mish(x: object) -> object:
    """Multiplies each element by the tanh of its softplus.

    `x * tanh(ln(1 + e^x))`

    Source: https://arxiv.org/abs/1908.08681

    Example:
        >>> mish([0.0, 1.0])
        array([0.       , 0.8650984], dtype=float32)
    """
    x = ops.convert_to_tensor(x)
    return x * ops.tanh(ops.softplus(x))


swish = silu
