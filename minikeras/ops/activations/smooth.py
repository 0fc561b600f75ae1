"""Smooth activation functions."""

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from ...engine.dispatch import apply, operand
from ...engine.dtypes import COMPLEX, dtype_of
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...engine.tensor import Tensor as TracedTensor
from ...errors import ArgumentError, ShapeError, brief
from ...typing import Tensor, TensorLike
from ..arithmetic import absolute, add, multiply, negative, true_divide
from ..common.arguments import as_float, is_constant, normalize_axis, promoted, static_shape
from ..common.elementwise import unary
from ..comparison import greater
from ..conversion import cast
from ..exponents import expm1, logaddexp, sqrt, square
from ..indexing import get_item
from ..selection import where
from ..special import erf
from ..trigonometry import tanh


def _sigmoid_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    # exp(-x) overflows to inf below about -88, and 1 / (1 + inf) is 0, as it should be.
    out = np.asarray(np.negative(x, out=out))
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    return np.reciprocal(out, out=out)


@cache
def _one(dtype: np.dtype) -> np.ndarray:
    return np.ones((), dtype)


def _bind_sigmoid(arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
    # A loop makes thousands of these calls on small arrays: the constant is not converted in each of them.
    (x,), one = arrays, _one(out.dtype)

    def run() -> None:
        np.negative(x, out)
        np.exp(out, out)
        np.add(out, one, out)
        np.reciprocal(out, out)

    return run


_SIGMOID = unary("sigmoid", _sigmoid_kernel, lambda g, y, x: g * y * (1 - y), bind=_bind_sigmoid)
# The fixed point of mean 0 and variance 1: Klambauer et al., 2017, https://arxiv.org/abs/1706.02515
_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


def _softplus_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.logaddexp(x, x.dtype.type(0), out=out)


def _log_sigmoid_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.negative(_softplus_kernel(-x, out=out), out=out)


def _tanh_shrink_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.subtract(x, np.tanh(x), out=out)


_SOFTPLUS = unary("softplus", _softplus_kernel, lambda g, y, x: g * sigmoid(x))
_LOG_SIGMOID = unary("log_sigmoid", _log_sigmoid_kernel, lambda g, y, x: g * sigmoid(negative(x)))
# Computed as `1 - (1 - tanh(x)^2)`, the derivative would suffer cancellation for small x.
_TANH_SHRINK = unary("tanh_shrink", _tanh_shrink_kernel, lambda g, y, x: g * square(tanh(x)))
_SOFTSIGN = Primitive(
    "softsign",
    lambda x: x / (1 + np.abs(x)),
    shape=lambda x: (x.shape, x.dtype),
    # The quotient rule would suffer cancellation far from 0.
    vjps=(lambda g, y, x: g / square(add(absolute(x), 1)),),
    elementwise=True,
)


def _below_zero(x: np.ndarray, alpha: float) -> np.ndarray:
    return x.dtype.type(alpha) * np.expm1(np.minimum(x, 0))


def _up_to_zero(x: Tensor) -> Tensor:
    return where(greater(x, 0), cast(0, dtype_of(x)), x)  # with the derivative 1 at 0, unlike `minimum`


# At 0 the derivatives of elu and selu are alpha and the scale, as in TensorFlow.
_ELU = Primitive(
    "elu",
    lambda x, alpha: np.where(x > 0, x, _below_zero(x, alpha)),
    shape=lambda x, alpha: (x.shape, x.dtype),
    vjps=(lambda g, y, x, alpha: where(x > 0, g, g * (y + alpha)),),
    elementwise=True,
)
_CELU = Primitive(
    "celu",
    lambda x, alpha: np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0) / x.dtype.type(alpha))),
    shape=lambda x, alpha: (x.shape, x.dtype),
    vjps=(lambda g, y, x, alpha: where(x > 0, g, g * (y / alpha + 1)),),
    elementwise=True,
)
_SELU = Primitive(
    "selu",
    lambda x: x.dtype.type(_SELU_SCALE) * np.where(x >= 0, x, _below_zero(x, _SELU_ALPHA)),
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: g * where(x >= 0, _SELU_SCALE, y + _SELU_SCALE * _SELU_ALPHA),),
    elementwise=True,
)


@op("nn.Sigmoid")
def sigmoid(x: TensorLike) -> Tensor:
    """Logistic sigmoid.

    `1 / (1 + e^-x)`

    Source: https://keras.io/api/ops/

    Example:
        >>> print(sigmoid(4.0))
        0.98201376
    """
    y = apply(_SIGMOID, as_float(x))
    if isinstance(y, TracedTensor):
        y.trace.logits[y] = ("sigmoid", operand(x), None)  # read by ops/crossentropy.py
    return y


@op("nn.Elu", settings="alpha")
def elu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit.

    `x if x > 0 else alpha * (e^x - 1)`

    Args:
        x: Input tensor, of any shape.
        alpha: The function saturates at `-alpha` for negative inputs; a tensor, which has a gradient, is broadcast.

    Source: https://arxiv.org/abs/1511.07289

    Example:
        >>> elu([-100.0, 2.0])
        array([-1.,  2.], dtype=float32)
    """
    if not is_constant(alpha):
        x, alpha = promoted(x, alpha, to_float=True)
        return where(greater(x, 0), x, multiply(alpha, expm1(_up_to_zero(x))))
    return apply(_ELU, *promoted(x, to_float=True), alpha=float(alpha))


@op("nn.Celu", settings="alpha")
def celu(x: TensorLike, alpha: float = 1.0) -> Tensor:
    """Continuously differentiable exponential linear unit.

    `max(x, 0) + alpha * (e^(min(x, 0) / alpha) - 1)`

    Args:
        x: Input tensor, of any shape.
        alpha: The function saturates at `-alpha` for negative inputs; a tensor, which has a gradient, is broadcast.

    Raises:
        ArgumentError: If `alpha` is the number 0.

    Source: https://arxiv.org/abs/1704.07483

    Example:
        >>> celu([-100.0, 2.0], alpha=0.5)
        array([-0.5,  2. ], dtype=float32)
    """
    if not is_constant(alpha):
        x, alpha = promoted(x, alpha, to_float=True)
        return where(greater(x, 0), x, multiply(alpha, expm1(true_divide(_up_to_zero(x), alpha))))
    if alpha == 0:
        raise ArgumentError(f"`celu` divides by `alpha`, which must not be 0. Received: alpha={brief(alpha)}")
    return apply(_CELU, as_float(x), alpha=float(alpha))


@op("nn.Selu")
def selu(x: TensorLike) -> Tensor:
    """Scaled exponential linear unit: activations keep mean 0 and variance 1 from layer to layer.

    `1.0507 * elu(x, alpha=1.6733)`

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> selu([0.0, 1.0])
        array([0.      , 1.050701], dtype=float32)
    """
    return apply(_SELU, *promoted(x, to_float=True))


@op("nn.Gelu", settings="approximate")
def gelu(x: TensorLike, approximate: bool = True) -> Tensor:
    """Gaussian error linear unit: weights inputs by the standard normal cumulative distribution function.

    `x * (1 + erf(x / sqrt(2))) / 2`, or approximately
    `x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2`

    Args:
        x: Input tensor, of any shape.
        approximate: Whether to use the tanh approximation.

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


@op("nn.Silu")
def silu(x: TensorLike) -> Tensor:
    """Sigmoid linear unit, also known as swish.

    `x / (1 + e^-x)`

    Source: https://arxiv.org/abs/1710.05941

    Example:
        >>> silu([0.0, 1.0])
        array([0.       , 0.7310586], dtype=float32)
    """
    (x,) = promoted(x, to_float=True)
    return multiply(x, sigmoid(x))


@op("nn.Softplus")
def softplus(x: TensorLike) -> Tensor:
    """Smooth approximation of ReLU.

    `ln(1 + e^x)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> softplus([0.0, 100.0])
        array([  0.6931472, 100.       ], dtype=float32)
    """
    (x,) = promoted(x, to_float=True)
    return logaddexp(x, cast(0, dtype_of(x))) if dtype_of(x) in COMPLEX else apply(_SOFTPLUS, x)


@op("nn.LogSigmoid")
def log_sigmoid(x: TensorLike) -> Tensor:
    """Logarithm of the sigmoid, computed without underflow.

    `ln(1 / (1 + e^-x))`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> log_sigmoid([0.0, -100.0])
        array([  -0.6931472, -100.       ], dtype=float32)
    """
    x = as_float(x)
    return negative(softplus(negative(x))) if dtype_of(x) in COMPLEX else apply(_LOG_SIGMOID, x)


@op("nn.Softsign")
def softsign(x: TensorLike) -> Tensor:
    """Softsign.

    `x / (1 + |x|)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> softsign([-1.0, 3.0])
        array([-0.5 ,  0.75], dtype=float32)
    """
    return apply(_SOFTSIGN, as_float(x))


@op("nn.Squareplus", settings="b")
def squareplus(x: TensorLike, b: float = 4) -> Tensor:
    """Smooth approximation of ReLU without an exponential.

    `(x + sqrt(x^2 + b)) / 2`

    Args:
        x: Input tensor, of any shape.
        b: Smoothness; the value at 0 is `sqrt(b) / 2`.

    Source: https://arxiv.org/abs/2112.11687

    Example:
        >>> squareplus([0.0, 1.5])
        array([1., 2.], dtype=float32)
    """
    x = as_float(x)
    return true_divide(add(x, sqrt(add(square(x), b))), 2)


@op("nn.TanhShrink")
def tanh_shrink(x: TensorLike) -> Tensor:
    """Subtracts the hyperbolic tangent from each element.

    `x - tanh(x)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> tanh_shrink([0.0, 1.0])
        array([0.        , 0.23840582], dtype=float32)
    """
    return apply(_TANH_SHRINK, as_float(x))


@op("nn.Glu", settings="axis")
def glu(x: TensorLike, axis: int = -1) -> Tensor:
    """Gated linear unit: the first half of the input times the sigmoid of the second half.

    `a * sigmoid(b)` with `x = [a, b]` along the axis

    Args:
        x: Input tensor with an even size along the axis.
        axis: The axis to split in half.

    Returns:
        A tensor with half the size along the axis.

    Raises:
        ShapeError: If the size of the axis is odd.

    Source: https://arxiv.org/abs/1612.08083

    Example:
        >>> glu([[1.0, 2.0, 0.0, 0.0]])
        array([[0.5, 1. ]], dtype=float32)
    """
    x = as_float(x)
    index = normalize_axis(axis, len(static_shape(x)))
    size = static_shape(x)[index]
    if size is None or size % 2:
        raise ShapeError(
            f"`glu` splits an axis in half, which needs an even size. "
            f"Received: x.shape={static_shape(x)}, axis={axis}, whose size is {size}."
        )
    before = (slice(None),) * index
    halves = (slice(None, size // 2), slice(size // 2, None))
    values, gates = (get_item(x, (*before, half)) for half in halves)
    return multiply(values, sigmoid(gates))


swish = silu
