"""Activation functions that turn logits into probabilities."""

import numpy as np

from ...engine.batch_rules import along_another
from ...engine.dispatch import apply, operand, with_gradient
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive, Spec
from ...engine.registry import op
from ...engine.tensor import Tensor as TracedTensor
from ...errors import warn_user
from ...typing import Tensor, TensorLike
from ..arithmetic import multiply, subtract, true_divide
from ..common.arguments import as_float, normalize_axes, normalize_axis, static_shape
from ..conversion import cast
from ..exponents import exp, log
from ..extrema import maximum
from ..reductions import max, sum


def _support(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Along the last axis: the logits sorted in descending order, their cumulative sums, and a mask of the support."""
    order = np.argsort(-x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, -1)
    sums = np.cumsum(ordered, -1, x.dtype)
    ranks = np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    return order, sums, ordered - (sums - 1) / ranks > 0


def _threshold_kernel(x: np.ndarray, axis: int) -> np.ndarray:
    _, sums, support = _support(np.moveaxis(x, axis, -1))
    count = support.sum(-1, dtype=x.dtype, keepdims=True)
    total = np.where(support, sums, 0).sum(-1, dtype=x.dtype, keepdims=True)
    return np.moveaxis((total - 1) / count, -1, axis)


def _slopes_kernel(x: np.ndarray, axis: int) -> np.ndarray:
    order, _, support = _support(np.moveaxis(x, axis, -1))
    count = support.sum(-1, dtype=x.dtype, keepdims=True)
    # The logit of rank i is part of the cumulative sums of ranks i, i + 1, ...
    uses = np.cumsum(support[..., ::-1], -1, x.dtype)[..., ::-1]
    slopes = np.empty_like(uses)
    np.put_along_axis(slopes, order, uses / count, -1)
    return np.moveaxis(slopes, -1, axis)


def _threshold_rule(x: Spec, axis: int) -> tuple:
    return (*x.shape[:axis], 1, *x.shape[axis + 1 :]), x.dtype


_SLOPES = Primitive("sparsemax_slopes", _slopes_kernel, shape=lambda x, axis: (x.shape, x.dtype), batch=along_another)
_THRESHOLD = Primitive(
    "sparsemax_threshold",
    _threshold_kernel,
    shape=_threshold_rule,
    vjps=(lambda g, y, x, axis: multiply(g, apply(_SLOPES, x, axis=axis)),),
    batch=along_another,
)


def _shifted(x: object, axis: int) -> object:
    return subtract(x, max(x, axis=axis, keepdims=True))


@op("nn.Softmax", settings="axis")
def softmax(x: TensorLike, axis: int = -1) -> Tensor:
    """Normalizes logits along an axis to probabilities.

    `e^x_i / sum_j e^x_j`

    Args:
        x: Logits, of any shape.
        axis: The axis or axes along which the probabilities sum to 1; None for all axes.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> softmax([0.0, 0.0])
        array([0.5, 0.5], dtype=float32)
    """

    def forward(x: object) -> object:
        weights = exp(_shifted(x, axis))
        return true_divide(weights, sum(weights, axis=axis, keepdims=True))

    def vjp(g: object, y: object, x: object) -> list:
        gy = multiply(g, y)
        return [subtract(gy, multiply(y, sum(gy, axis=axis, keepdims=True)))]

    x = as_float(x)
    if 0 in static_shape(x):
        return x
    if isinstance(axis, int) and -len(static_shape(x)) <= axis < len(static_shape(x)) and static_shape(x)[axis] == 1:
        warn_user(
            f"`softmax` over an axis of size 1 is always 1: x.shape={static_shape(x)}, axis={axis}. Use `sigmoid` for "
            "binary probabilities.",
            UserWarning,
        )
    y = with_gradient((x,), forward, vjp)
    if isinstance(y, TracedTensor):
        y.trace.logits[y] = ("softmax", operand(x), normalize_axes(axis, len(static_shape(x))))
    return y


@op("nn.LogSoftmax", settings="axis")
def log_softmax(x: TensorLike, axis: int = -1) -> Tensor:
    """Logarithm of `softmax`, computed without underflow.

    `x_i - ln sum_j e^x_j`

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> log_softmax([0.0, 0.0])
        array([-0.6931472, -0.6931472], dtype=float32)
    """

    def forward(x: object) -> object:
        shifted = _shifted(x, axis)
        return subtract(shifted, log(sum(exp(shifted), axis=axis, keepdims=True)))

    def vjp(g: object, y: object, x: object) -> list:
        return [subtract(g, multiply(softmax(x, axis), sum(g, axis=axis, keepdims=True)))]

    x = as_float(x)
    return x if 0 in static_shape(x) else with_gradient((x,), forward, vjp)


@op("nn.Sparsemax", settings="axis")
def sparsemax(x: TensorLike, axis: int = -1) -> Tensor:
    """Sparse alternative to softmax: small logits get the probability 0.

    `max(x - t, 0)` with `t = (sum_k (x_1 + ... + x_k) - 1) / n` over the logits in descending order, for the first `n`
    `k` with `1 + k x_k > x_1 + ... + x_k`

    The threshold is that of Keras. In the paper it has `x_1 + ... + x_n` instead of the sum of the sums, so that the
    probabilities sum to 1; with Keras's they do so only if at most one result is positive.

    Args:
        x: Logits, of any shape.
        axis: The axis of the classes.

    Source: https://arxiv.org/abs/1602.02068, https://keras.io/api/ops/nn/

    Example:
        >>> sparsemax([3.0, 0.0, -1.0])
        array([1., 0., 0.], dtype=float32)
    """
    x = as_float(x)
    index = normalize_axis(axis, len(static_shape(x)))
    return maximum(subtract(x, apply(_THRESHOLD, x, axis=index)), cast(0, dtype_of(x)))
