"""The attention weights of all queries and keys, computed in place in a single array."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...engine.batch_rules import Batching, all_leading
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec, broadcast_shapes
from ...typing import Tensor
from ..arithmetic import multiply, subtract
from ..conversion import cast
from ..logic import logical_and
from ..products import matmul
from ..reductions import sum
from ..selection import where
from ..shaping import swapaxes
from .broadcasting import unbroadcast

_BLOCK = 1 << 17  # logits: what stays in the second-level cache from one call to the next


def lowest_logit(dtype: "np.dtype | str") -> float:
    """Returns the logit of keys that a query may not attend to: if it may attend to none, all weights are equal.

    Example:
        >>> lowest_logit("float32") < -1e38
        True
    """
    return -0.7 * float(np.finfo(dtype).max)


def hidden_keys(queries: int, keys: int, first: int = 0) -> np.ndarray:
    """Returns where keys come after queries, of which the first has the given index.

    Example:
        >>> hidden_keys(2, 3)
        array([[False,  True,  True],
               [False, False,  True]])
    """
    return np.arange(keys) > np.arange(first, first + queries)[:, None]


def normalize(logits: np.ndarray) -> None:
    """Turns logits into weights, in place, along the last axis."""
    np.subtract(logits, logits.max(-1, keepdims=True), logits)
    np.exp(logits, logits)
    np.divide(logits, logits.sum(-1, keepdims=True), logits)


def _bind(arrays: Sequence[np.ndarray], out: np.ndarray, *, scale: float, is_causal: bool, given: str) -> Callable:
    """Prepares the call, which computes as many examples and heads at a time as stay in the cache."""
    query, key, *others = arrays
    query, key = query.transpose(0, 2, 1, 3), key.transpose(0, 2, 3, 1)
    bias, mask = (
        np.broadcast_to(x, out.shape) if name in given else None for x, name in zip(others, "bm", strict=True)
    )
    hidden = hidden_keys(*out.shape[2:]) if is_causal else None
    lowest, factor = out.dtype.type(lowest_logit(out.dtype)), out.dtype.type(scale)
    size = max(1, _BLOCK // max(1, out[0, 0].size if out.size else 1))
    examples, heads = (1, size) if size < out.shape[1] else (size // max(1, out.shape[1]), out.shape[1])
    parts = [
        (slice(start, start + examples), slice(head, head + heads))
        for start in range(0, out.shape[0], examples)
        for head in range(0, out.shape[1], max(1, heads))
    ]

    def run() -> None:
        for part in parts if out.size else ():
            logits = out[part]
            np.matmul(query[part], key[part], logits)
            np.multiply(logits, factor, logits)
            if bias is not None:
                np.add(logits, bias[part], logits)
            if mask is not None:
                np.copyto(logits, lowest, where=~mask[part])
            if hidden is not None:
                np.copyto(logits, lowest, where=hidden)
            normalize(logits)

    return run


def _rule(query: Spec, key: Spec, bias: Spec, mask: Spec, **params: Any) -> tuple:
    shape = query.shape[0], query.shape[2], query.shape[1], key.shape[1]
    return broadcast_shapes(shape, bias.shape, mask.shape), query.dtype


def _batch(axes: tuple, query: Spec, key: Spec, bias: Spec, mask: Spec, **params: Any) -> Batching | None:
    """The rule for a batch of queries and keys, and of bias and mask, unless they are those of all examples."""
    whole = zip(axes[2:], (bias, mask), strict=True)
    fits = axes[:2] == (0, 0) and all(axis == 0 or (axis is None and spec.shape[0] == 1) for axis, spec in whole)
    return Batching(tuple(axes), 0) if fits else None


def _gradients(
    g: Tensor,
    y: Tensor,
    query: Tensor,
    key: Tensor,
    bias: Tensor,
    mask: Tensor,
    *,
    scale: float,
    is_causal: bool,
    given: str,
) -> list:
    slope = allowed(logits_gradient(g, y), mask, given, is_causal)
    scaled = multiply(slope, cast(scale, slope.dtype))
    heads = swapaxes(query, 1, 2), swapaxes(key, 1, 2)
    grads = matmul(scaled, heads[1]), matmul(swapaxes(scaled, 2, 3), heads[0])
    return [*(swapaxes(each, 1, 2) for each in grads), unbroadcast(slope, bias) if "b" in given else None, None]


def allowed(slope: Tensor, mask: Tensor, given: str, is_causal: bool) -> Tensor:
    """Returns gradients of logits, which are 0 where a query may not attend to a key.

    Where weights are 0, they are 0 anyway; a mask may be False for all keys of a query, whose weights are not 0 then.
    """
    if "m" not in given:
        return slope
    if is_causal:
        mask = logical_and(mask, ~hidden_keys(*slope.shape[2:]))
    return where(mask, slope, cast(0, slope.dtype))


def _logits_gradient_kernel(g: np.ndarray, y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    total = np.einsum("...i,...i->...", g, y)[..., None]
    out = np.subtract(g, total, out)
    return np.multiply(out, y, out)


def _logits_gradient_vjp(c: Tensor, _: Tensor, g: Tensor, y: Tensor) -> list:
    """Of `y (g - sum(y g))`."""
    along, total = sum(multiply(c, y), axis=-1, keepdims=True), sum(multiply(g, y), axis=-1, keepdims=True)
    of_y = subtract(multiply(c, subtract(g, total)), multiply(along, g))
    return [multiply(y, subtract(c, along)), of_y]


_LOGITS_GRADIENT = Primitive(
    "softmax_gradient",
    _logits_gradient_kernel,
    shape=lambda g, y: (y.shape, y.dtype),
    vjps=_logits_gradient_vjp,
    has_out=True,
    batch=all_leading,
)
_WEIGHTS = Primitive.bound(
    "attention_weights",
    _bind,
    shape=_rule,
    vjps=_gradients,
    batch=_batch,
    lower=lambda *inputs, **params: None,  # its logits are what blocks of a batch pay off for
)


def logits_gradient(g: Tensor, weights: Tensor) -> Tensor:
    """Returns the gradient of logits for that of their softmax along the last axis.

    Example:
        >>> logits_gradient(np.float32([1, 0]), np.float32([0.5, 0.5]))
        array([ 0.25, -0.25], dtype=float32)
    """
    return apply(_LOGITS_GRADIENT, g, weights)


def attention_weights(
    query: Tensor, key: Tensor, bias: Tensor, mask: Tensor, *, scale: float, is_causal: bool, given: str
) -> Tensor:
    """Returns the weights of all queries and keys, shape (batch, heads, queries, keys).

    Args:
        query: Shape (batch, queries, heads, depth).
        key: Shape (batch, keys, heads, depth).
        bias: What is added to the logits; broadcasts to the weights.
        mask: True where a query may attend to a key; broadcasts to the weights.
        scale: What the logits are multiplied by.
        is_causal: Whether query i may only attend to keys 0 to i.
        given: "b" if there is a bias, and "m" if there is a mask; the others are not read.
    """
    return apply(_WEIGHTS, query, key, bias, mask, scale=scale, is_causal=is_causal, given=given)
