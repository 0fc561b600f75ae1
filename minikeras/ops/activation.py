"""Activation functions beyond relu, sigmoid and tanh."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from .comparison import logical_and, where
from .core import cast, promoted
from .elementwise import absolute, add, multiply, sigmoid, tanh, true_divide, unary
from .special import erf

# The fixed point of mean 0 and variance 1: Klambauer et al., 2017, https://arxiv.org/abs/1706.02515
_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


def _relu6_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.clip(x, 0, 6, out=out)


def _softplus_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.logaddexp(x, x.dtype.type(0), out=out)


_RELU6 = unary("relu6", _relu6_kernel, lambda g, y, x: g * cast(logical_and(y > 0, y < 6), dtype_of(g)))
_SOFTPLUS = unary("softplus", _softplus_kernel, lambda g, y, x: g * sigmoid(x))


_LEAKY_RELU = Primitive(
    "leaky_relu",
    lambda x, negative_slope: np.where(x > 0, x, x * x.dtype.type(negative_slope)),
    shape=lambda x, negative_slope: (x.shape, x.dtype),
    vjps=(lambda g, y, x, negative_slope: where(x > 0, g, g * negative_slope),),
    elementwise=True,
)


def _below_zero(x: np.ndarray, alpha: float) -> np.ndarray:
    return x.dtype.type(alpha) * np.expm1(np.minimum(x, 0))


# At 0 the slopes of elu and selu are alpha and the scale, as in TensorFlow.
_ELU = Primitive(
    "elu",
    lambda x, alpha: np.where(x > 0, x, _below_zero(x, alpha)),
    shape=lambda x, alpha: (x.shape, x.dtype),
    vjps=(lambda g, y, x, alpha: where(x > 0, g, g * (y + alpha)),),
    elementwise=True,
)

_SELU = Primitive(
    "selu",
    lambda x: x.dtype.type(_SELU_SCALE) * np.where(x >= 0, x, _below_zero(x, _SELU_ALPHA)),
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: g * where(x >= 0, _SELU_SCALE, y + _SELU_SCALE * _SELU_ALPHA),),
    elementwise=True,
)


@op
def leaky_relu(x: object, negative_slope: float = 0.2) -> object:
    """Returns positive elements as they are, and the others times a small slope.

    `x if x > 0 else negative_slope * x`

    Args:
        x: A value of any shape.
        negative_slope: The slope below 0.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> leaky_relu([-1.0, 2.0])
        array([-0.2,  2. ], dtype=float32)
    """
    return apply(_LEAKY_RELU, *promoted(x, to_float=True), negative_slope=float(negative_slope))


@op
def relu6(x: object) -> object:
    """Returns each element, moved into [0, 6].

    `min(max(x, 0), 6)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> relu6([-1.0, 2.0, 7.0])
        array([0., 2., 6.], dtype=float32)
    """
    return apply(_RELU6, x)


@op
def elu(x: object, alpha: float = 1.0) -> object:
    """Returns positive elements as they are; the others approach `-alpha`.

    `x if x > 0 else alpha * (e^x - 1)`

    Args:
        x: A value of any shape.
        alpha: The distance of the lower bound from 0.

    Source: https://arxiv.org/abs/1511.07289

    Example:
        >>> elu([-100.0, 2.0])
        array([-1.,  2.], dtype=float32)
    """
    return apply(_ELU, *promoted(x, to_float=True), alpha=float(alpha))


@op
def selu(x: object) -> object:
    """Scales `elu` so that activations keep mean 0 and variance 1 from layer to layer.

    `1.0507 * elu(x, alpha=1.6733)`

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> selu([0.0, 1.0])
        array([0.      , 1.050701], dtype=float32)
    """
    return apply(_SELU, *promoted(x, to_float=True))


@op
def gelu(x: object, approximate: bool = True) -> object:
    """Weights each element by the probability that a normal random number is below it.

    `x * (1 + erf(x / sqrt(2))) / 2`, or approximately
    `x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2`

    Args:
        x: A value of any shape.
        approximate: Use the second formula.

    Source: https://arxiv.org/abs/1606.08415

    Example:
        >>> gelu([0.0, 1.0], approximate=False)
        array([0.       , 0.8413447], dtype=float32)
    """
    (x,) = promoted(x, to_float=True)
    if approximate:
        cube = multiply(x, multiply(x, x))
        squashed = tanh(multiply(math.sqrt(2 / math.pi), add(x, multiply(0.044715, cube))))
    else:
        squashed = erf(true_divide(x, math.sqrt(2)))
    return multiply(multiply(0.5, x), add(squashed, 1))


@op
def silu(x: object) -> object:
    """Multiplies each element by its sigmoid.

    `x / (1 + e^-x)`

    Source: https://arxiv.org/abs/1710.05941

    Example:
        >>> silu([0.0, 1.0])
        array([0.       , 0.7310586], dtype=float32)
    """
    (x,) = promoted(x, to_float=True)
    return multiply(x, sigmoid(x))


@op
def hard_sigmoid(x: object) -> object:
    """Approximates sigmoid by straight lines.

    `relu6(x + 3) / 6`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> hard_sigmoid([-3.0, 0.0, 3.0])
        array([0. , 0.5, 1. ], dtype=float32)
    """
    (x,) = promoted(x, to_float=True)
    return relu6(x + 3) / 6


@op
def softplus(x: object) -> object:
    """Returns a smooth form of relu.

    `ln(1 + e^x)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> softplus([0.0, 100.0])
        array([  0.6931472, 100.       ], dtype=float32)
    """
    return apply(_SOFTPLUS, *promoted(x, to_float=True))


@op
def softsign(x: object) -> object:
    """Squashes each element into (-1, 1).

    `x / (1 + |x|)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> softsign([-1.0, 3.0])
        array([-0.5 ,  0.75], dtype=float32)
    """
    (x,) = promoted(x, to_float=True)
    return true_divide(x, add(absolute(x), 1))


swish = silu
