"""Sparsemax: the projection onto the probability simplex, a softmax that makes small scores exactly 0."""

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from .core import as_float, cast, normalize_axes, shape
from .elementwise import maximum, multiply, subtract


def _support(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For the last axis: the order of the scores from the largest, their running sums, and which are in the support."""
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
    # The score of rank i is in the running sums of the ranks i, i + 1, ...
    uses = np.cumsum(support[..., ::-1], -1, x.dtype)[..., ::-1]
    slopes = np.empty_like(uses)
    np.put_along_axis(slopes, order, uses / count, -1)
    return np.moveaxis(slopes, -1, axis)


def _threshold_rule(x: Spec, axis: int) -> tuple:
    return (*x.shape[:axis], 1, *x.shape[axis + 1 :]), x.dtype


_SLOPES = Primitive("sparsemax_slopes", _slopes_kernel, shape=lambda x, axis: (x.shape, x.dtype))
_THRESHOLD = Primitive(
    "sparsemax_threshold",
    _threshold_kernel,
    shape=_threshold_rule,
    vjps=(lambda g, y, x, axis: multiply(g, apply(_SLOPES, x, axis=axis)),),
)


@op("nn.Sparsemax", settings="axis")
def sparsemax(x: object, axis: int = -1) -> object:
    """Subtracts a threshold from scores and cuts them off at 0, so that small ones become exactly 0.

    `max(x - t, 0)` with `t = (sum_k (x_1 + ... + x_k) - 1) / n` over the scores in falling order, for the `n` first
    `k` with `1 + k x_k > x_1 + ... + x_k`

    The threshold is Keras's. In the paper it has `x_1 + ... + x_n` in place of the sum of all the sums, with which
    the results add up to 1; with Keras's they do so if one score alone, or none, is positive.

    Args:
        x: Scores of any shape.
        axis: The axis of the scores that belong together.

    Source: https://arxiv.org/abs/1602.02068, https://keras.io/api/ops/nn/

    Example:
        >>> sparsemax([3.0, 0.0, -1.0])
        array([1., 0., 0.], dtype=float32)
    """
    x = as_float(x)
    (place,) = normalize_axes(axis, len(shape(x)))
    return maximum(subtract(x, apply(_THRESHOLD, x, axis=place)), cast(0, dtype_of(x)))
