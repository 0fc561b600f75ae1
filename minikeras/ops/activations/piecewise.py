"""Piecewise linear activation functions, and the piecewise quadratic `sparse_plus`.

The gradients at the corners are those of TensorFlow.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive
from ...engine.registry import op
from ...typing import Tensor, TensorLike
from ..arithmetic import absolute, add, multiply, negative, subtract, true_divide
from ..common.arguments import as_float, as_value, is_constant, promoted
from ..common.elementwise import unary
from ..comparison import greater, less
from ..conversion import cast
from ..logic import logical_and
from ..selection import where

_FEW = 2048  # elements
_CACHED = 1 << 19  # bytes that stay in the processor's cache between two uses


def _bind_relu(arrays: list, out: np.ndarray) -> Callable[[], object]:
    # np.maximum of two arrays is several times faster than that of an array and a scalar.
    zeros = np.zeros(out.shape if out.nbytes <= _CACHED else (), out.dtype)
    return partial(np.maximum, arrays[0], zeros, out=out)


def _slope_kernel(y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return _bind_slope([y], np.empty_like(y) if out is None else out)()


def _bind_slope(arrays: list, out: np.ndarray) -> Callable[[], np.ndarray]:
    # On non-negative values, `sign` and `> 0` agree; `sign` is faster for small arrays.
    if out.size <= _FEW:
        return partial(np.sign, arrays[0], out)
    return partial(np.greater, arrays[0], np.zeros((), out.dtype), out)


_RELU_SLOPE = Primitive(
    "relu_slope",
    _slope_kernel,
    bind=_bind_slope,
    shape=lambda y: (y.shape, y.dtype),
    has_out=True,
    elementwise=True,
)
_RELU = Primitive(
    "relu",
    lambda x: np.maximum(x, np.zeros((), x.dtype)),
    bind=_bind_relu,
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: multiply(g, apply(_RELU_SLOPE, y)),),
    has_out=True,
    elementwise=True,
    monotone=True,
)


def _relu6_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.clip(x, 0, 6, out=out)


def _hard_tanh_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    return np.clip(x, -1, 1, out=out)


def _sparse_sigmoid_kernel(x: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    out = np.asarray(np.add(x, 1, out=out))
    np.multiply(out, 0.5, out=out)
    return np.clip(out, 0, 1, out=out)


# At its corners the gradient of relu6 is 0, that of hard_tanh 1.
_RELU6 = unary("relu6", _relu6_kernel, lambda g, y, x: g * cast(logical_and(y > 0, y < 6), dtype_of(g)))
_HARD_TANH = unary("hard_tanh", _hard_tanh_kernel, lambda g, y, x: g * cast(logical_and(x >= -1, x <= 1), dtype_of(g)))
_SPARSE_SIGMOID = unary(
    "sparse_sigmoid",
    _sparse_sigmoid_kernel,
    lambda g, y, x: g * 0.5 * cast(logical_and(x > -1, x < 1), dtype_of(g)),
)
_SPARSE_PLUS = Primitive(
    "sparse_plus",
    lambda x: np.where(x < 1, np.square(np.maximum(x + 1, 0)) / 4, x),
    shape=lambda x: (x.shape, x.dtype),
    vjps=(lambda g, y, x: g * sparse_sigmoid(x),),
    elementwise=True,
)
_LEAKY_RELU = Primitive(
    "leaky_relu",
    lambda x, negative_slope: np.where(x > 0, x, x * x.dtype.type(negative_slope)),
    shape=lambda x, negative_slope: (x.shape, x.dtype),
    vjps=(lambda g, y, x, negative_slope: where(x > 0, g, g * negative_slope),),
    elementwise=True,
)
_HARD_SHRINK = Primitive(
    "hard_shrink",
    lambda x, threshold: np.where(np.abs(x) > threshold, x, x.dtype.type(0)),
    shape=lambda x, threshold: (x.shape, x.dtype),
    vjps=(lambda g, y, x, threshold: g * cast(absolute(x) > threshold, dtype_of(g)),),
    elementwise=True,
)


def _soft_shrink_kernel(x: np.ndarray, threshold: float) -> np.ndarray:
    bound = x.dtype.type(threshold)
    return np.where(x > bound, x - bound, np.where(x < -bound, x + bound, x.dtype.type(0)))


_SOFT_SHRINK = Primitive(
    "soft_shrink",
    _soft_shrink_kernel,
    shape=lambda x, threshold: (x.shape, x.dtype),
    vjps=(lambda g, y, x, threshold: where(x > threshold, g, g * cast(x < -threshold, dtype_of(g))),),
    elementwise=True,
)


@op("nn.Relu")
def relu(x: TensorLike) -> Tensor:
    """Rectified linear unit.

    `max(x, 0)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> relu([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """
    return apply(_RELU, x)


@op("nn.LeakyRelu", settings="negative_slope")
def leaky_relu(x: TensorLike, negative_slope: float = 0.2) -> Tensor:
    """Leaky rectified linear unit: a small slope for negative inputs.

    `x if x > 0 else negative_slope * x`

    Args:
        x: Input tensor, of any shape.
        negative_slope: Slope for negative inputs; a tensor of slopes, which have gradients, is broadcast.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> leaky_relu([-1.0, 2.0])
        array([-0.2,  2. ], dtype=float32)
    """
    if not is_constant(negative_slope):
        x, negative_slope = promoted(x, negative_slope, to_float=True)
        return where(greater(x, 0), x, multiply(x, negative_slope))
    return apply(_LEAKY_RELU, *promoted(x, to_float=True), negative_slope=float(negative_slope))


@op("nn.Relu6")
def relu6(x: TensorLike) -> Tensor:
    """Rectified linear unit with the upper bound 6.

    `min(max(x, 0), 6)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> relu6([-1.0, 2.0, 7.0])
        array([0., 2., 6.], dtype=float32)
    """
    return apply(_RELU6, as_float(x) if dtype_of(as_value(x)) == "bool" else x)


@op("nn.HardSigmoid")
def hard_sigmoid(x: TensorLike) -> Tensor:
    """Piecewise linear approximation of the sigmoid.

    `relu6(x + 3) / 6`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> hard_sigmoid([-3.0, 0.0, 3.0])
        array([0. , 0.5, 1. ], dtype=float32)
    """
    x = as_float(x)
    return true_divide(relu6(add(x, 3)), 6)  # the operators of numpy 2.0 give float32 for bfloat16


@op("nn.HardSilu")
def hard_silu(x: TensorLike) -> Tensor:
    """Piecewise approximation of SiLU, also known as hard swish.

    `x * relu6(x + 3) / 6`

    Source: https://arxiv.org/abs/1905.02244

    Example:
        >>> hard_silu([-3.0, 1.5, 3.0])
        array([-0.   ,  1.125,  3.   ], dtype=float32)
    """
    x = as_float(x)
    return multiply(x, hard_sigmoid(x))


@op("nn.HardTanh")
def hard_tanh(x: TensorLike) -> Tensor:
    """Piecewise linear approximation of tanh: clips to [-1, 1].

    `min(max(x, -1), 1)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> hard_tanh([-2.0, 0.5, 2.0])
        array([-1. ,  0.5,  1. ], dtype=float32)
    """
    return apply(_HARD_TANH, as_float(x))


@op("nn.HardShrink", settings="threshold")
def hard_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """Sets elements of small magnitude to 0 and keeps the others.

    `x if |x| > threshold else 0`

    Args:
        x: Input tensor, of any shape.
        threshold: Elements of at most this magnitude become 0; a tensor is broadcast.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> hard_shrink([-1.0, 0.2, 0.5, 2.0])
        array([-1.,  0.,  0.,  2.], dtype=float32)
    """
    if not is_constant(threshold):
        x, threshold = promoted(x, threshold, to_float=True)
        return where(greater(absolute(x), threshold), x, cast(0, dtype_of(x)))
    return apply(_HARD_SHRINK, as_float(x), threshold=float(threshold))


@op("nn.SoftShrink", settings="threshold")
def soft_shrink(x: TensorLike, threshold: float = 0.5) -> Tensor:
    """Shrinks elements towards 0 by a threshold; those of smaller magnitude become 0.

    `x - threshold if x > threshold else x + threshold if x < -threshold else 0`

    Args:
        x: Input tensor, of any shape.
        threshold: The amount to shrink by; a tensor of amounts, which have gradients, is broadcast.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> soft_shrink([-1.0, 0.2, 0.5, 2.0])
        array([-0.5,  0. ,  0. ,  1.5], dtype=float32)
    """
    if not is_constant(threshold):
        x, threshold = promoted(x, threshold, to_float=True)
        shrunk = where(less(x, negative(threshold)), add(x, threshold), cast(0, dtype_of(x)))
        return where(greater(x, threshold), subtract(x, threshold), shrunk)
    return apply(_SOFT_SHRINK, as_float(x), threshold=float(threshold))


@op("nn.Threshold", settings="threshold default_value")
def threshold(x: TensorLike, threshold: float, default_value: float) -> Tensor:
    """Replaces elements that do not exceed a threshold.

    `x if x > threshold else default_value`

    Args:
        x: Input tensor, of any shape.
        threshold: The threshold.
        default_value: The value that replaces elements up to the threshold.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> threshold([-1.0, 0.5, 2.0], 0.5, 7.0)
        array([7., 7., 2.], dtype=float32)
    """
    x = as_float(x)
    return where(greater(x, threshold), x, default_value)


@op("nn.SparsePlus")
def sparse_plus(x: TensorLike) -> Tensor:
    """ReLU, smoothed by a parabola between -1 and 1.

    `0 if x <= -1 else (x + 1)^2 / 4 if x < 1 else x`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> sparse_plus([-2.0, 0.0, 2.0])
        array([0.  , 0.25, 2.  ], dtype=float32)
    """
    return apply(_SPARSE_PLUS, as_float(x))


@op("nn.SparseSigmoid")
def sparse_sigmoid(x: TensorLike) -> Tensor:
    """Piecewise linear sigmoid: the derivative of `sparse_plus`.

    `min(max((x + 1) / 2, 0), 1)`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> sparse_sigmoid([-2.0, 0.0, 2.0])
        array([0. , 0.5, 1. ], dtype=float32)
    """
    return apply(_SPARSE_SIGMOID, as_float(x))


hard_swish = hard_silu
