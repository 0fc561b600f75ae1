"""Scaled dot-product attention."""

import math

import numpy as np

from .. import config
from ..argument_checks import is_number
from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of, result_type
from ..engine.primitive import Primitive, Spec, broadcast_shapes
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError, brief
from ..typing import Tensor, TensorLike
from .arithmetic import multiply
from .common.arguments import as_value, promoted, static_shape
from .common.attention_blocks import attend_in_blocks
from .common.attention_weights import attention_weights
from .conversion import cast
from .products import matmul
from .reductions import sum
from .shaping import expand_dims, reshape, swapaxes

_MANY = 1 << 20  # logits of one head that are not all kept


@op("nn.DotProductAttention", settings="is_causal flash_attention attn_logits_soft_cap")
def dot_product_attention(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    bias: TensorLike | None = None,
    mask: TensorLike | None = None,
    scale: TensorLike | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Tensor:
    """Scaled dot-product attention.

    `y = softmax(scale query key^T + bias) value` for each head

    It computes logits and probabilities in float32 at least. A query all of whose keys are masked attends to all of
    them equally.

    Args:
        query: Shape (batch, queries, heads, depth).
        key: Shape (batch, keys, key heads, depth). The number of heads is a multiple of that of key heads: each of
            these serves as many heads in a row (grouped-query attention; multi-query attention if there is one).
        value: Shape (batch, keys, key heads, depth of values).
        bias: What is added to the logits; broadcasts to (batch, heads, queries, keys).
        mask: True where a query may attend to a key; broadcasts to (batch, heads, queries, keys).
        scale: What the logits are multiplied by; 1 / depth^(1/2) if None.
        is_causal: Whether query i may only attend to keys 0 to i.
        flash_attention: Whether the logits are computed block by block, so that all of them are never in memory: True,
            False, or None: if they are many, unless `config.disable_flash_attention` was called.
        attn_logits_soft_cap: Must be None: it is for TPUs only.

    Returns:
        Shape (batch, queries, heads, depth of values), in the common dtype of query, key and value.

    Raises:
        ShapeError: If the shapes do not fit.
        ArgumentError: If an option is not available.

    Source: https://keras.io/api/ops/nn/, Vaswani et al. 2017, https://arxiv.org/abs/1706.03762

    Example:
        >>> query, keys = np.ones((1, 2, 1, 1)), np.array([0.0, 6.0]).reshape(1, 2, 1, 1)
        >>> dot_product_attention(query, keys, keys, is_causal=True)[0, :, 0, 0].round(2)
        array([0.  , 5.99])
    """
    if flash_attention is not None and not isinstance(flash_attention, bool):
        raise ArgumentError(
            "`dot_product_attention`: `flash_attention` must be True, False or None. "
            f"Received: flash_attention={brief(flash_attention)}"
        )
    if attn_logits_soft_cap is not None:
        raise ArgumentError(
            "`dot_product_attention`: `attn_logits_soft_cap` is only supported on TPUs. Expected None. "
            f"Received: attn_logits_soft_cap={brief(attn_logits_soft_cap)}"
        )
    if flash_attention is None:
        flash_attention = config.is_flash_attention_enabled()
    return attend(query, key, value, bias, mask, scale, is_causal, in_blocks=flash_attention)


def attend(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    bias: TensorLike | None = None,
    mask: TensorLike | None = None,
    scale: TensorLike | None = None,
    is_causal: bool = False,
    in_blocks: bool | None = None,
) -> Tensor:
    """Computes `dot_product_attention`.

    Args:
        query: See there, as all others but the last.
        key: See there.
        value: See there.
        bias: See there.
        mask: See there.
        scale: See there.
        is_causal: See there.
        in_blocks: Whether it is computed block by block, without the whole matrix of logits; None: if that is large.
    """
    query, key, value = promoted(*map(as_value, (query, key, value)), to_float=True)
    _check_shapes(*map(static_shape, (query, key, value)))
    key, value = (_shared(each, static_shape(query)[2]) for each in (key, value))
    dtype = dtype_of(query)
    in_full = result_type(dtype, "float32")
    query, key = cast(query, in_full), cast(key, in_full)
    sizes = static_shape(query)
    shape = (sizes[0], sizes[2], sizes[1], static_shape(key)[1])
    given = ""
    no_bias, no_mask = np.zeros((1, 1, 1, 1), in_full), np.ones((1, 1, 1, 1), bool)
    if bias is not None:
        bias, given = cast(cast(_checked("bias", as_value(bias), shape), dtype), in_full), given + "b"
    if mask is not None:
        mask, given = cast(_checked("mask", as_value(mask), shape), "bool"), given + "m"
    scale = 1.0 / math.sqrt(_depth(query, key)) if scale is None else scale
    if not is_number(scale):
        query, scale = multiply(query, cast(scale, in_full)), 1.0
    others = (no_bias if bias is None else bias, no_mask if mask is None else mask)
    params = {"scale": float(scale), "is_causal": bool(is_causal), "given": given}
    if in_blocks or (in_blocks is None and None not in shape and shape[2] * shape[3] > _MANY):
        return cast(attend_in_blocks(query, key, cast(value, in_full), *others, **params), dtype)
    weights = cast(attention_weights(query, key, *others, **params), dtype)
    return swapaxes(matmul(weights, swapaxes(value, 1, 2)), 1, 2)


def _share_rule(x: Spec, heads: int | None) -> tuple:
    return (*x.shape[:2], heads, x.shape[3]), x.dtype


def _share_gradient(g: Tensor, y: Tensor, x: Tensor, heads: int) -> Tensor:
    batch, length, own, depth = x.shape
    return sum(reshape(g, (batch, length, own, heads // own, depth)), axis=3)


_SHARE_HEADS = Primitive(
    "share_heads",
    lambda x, heads: np.repeat(x, heads // x.shape[2], axis=2),
    shape=_share_rule,
    vjps=(_share_gradient,),
)


def _shared(x: Tensor, heads: int | None) -> Tensor:
    """Returns keys or values with each head repeated for all heads of the query that share it."""
    return x if heads is not None and static_shape(x)[2] == heads else apply(_SHARE_HEADS, x, heads=heads)


def _check_shapes(query: tuple, key: tuple, value: tuple) -> None:
    shapes = f"Received shapes: query {query}, key {key}, value {value}"
    if any(len(sizes) != 4 for sizes in (query, key, value)):
        raise ShapeError(f"`dot_product_attention` expects tensors of 4 axes (batch, length, heads, depth). {shapes}")
    pairs = {
        "batch sizes of the three": (query[0], key[0], value[0]),
        "depths of query and key": (query[3], key[3]),
        "lengths of key and value": (key[1], value[1]),
        "heads of key and value": (key[2], value[2]),
    }
    for what, sizes in pairs.items():
        if len({size for size in sizes if size is not None}) > 1:
            raise ShapeError(f"`dot_product_attention`: the {what} must be equal. {shapes}")
    heads, own = query[2], value[2] if key[2] is None else key[2]
    if None not in (heads, own) and (own == 0 or heads % own):
        raise ShapeError(
            f"`dot_product_attention`: the heads of the query must be a multiple of those of the key. {shapes}"
        )


def _depth(query: Tensor, key: Tensor) -> int:
    """Returns the size of the last axis, which one of the two may leave open."""
    known = [sizes[-1] for sizes in (static_shape(query), static_shape(key)) if sizes[-1] is not None]
    return (known[0] or 1) if known else 1


def _checked(name: str, given: Tensor, sizes: tuple) -> Tensor:
    """Returns a bias or a mask with four axes, provided that it broadcasts to the logits."""
    try:
        together = broadcast_shapes(static_shape(given), sizes)
    except ShapeError:
        together = ()
    if len(together) != 4 or any(None not in pair and pair[0] != pair[1] for pair in zip(together, sizes, strict=True)):
        raise ShapeError(
            f"`dot_product_attention`: `{name}` must broadcast to (batch, heads, queries, keys) = {sizes}. "
            f"Received: shape {static_shape(given)}"
        )
    missing = tuple(range(4 - len(static_shape(given))))
    return expand_dims(given, missing) if missing else given
