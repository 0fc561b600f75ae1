"""Masks of attention: which query may attend to which key."""

from collections.abc import Sequence

from ... import ops
from ...engine.primitive import broadcast_shapes
from ...errors import ShapeError
from ...typing import Tensor, TensorLike


def causal_mask(queries: int, keys: int) -> Tensor:
    """Returns a mask of shape (queries, keys) in which query i may attend to keys 0 to i.

    Example:
        >>> causal_mask(2, 3)
        array([[ True, False, False],
               [ True,  True, False]])
    """
    return ops.greater_equal(ops.expand_dims(ops.arange(queries), 1), ops.arange(keys))


def window_mask(queries: int, keys: int, width: int) -> Tensor:
    """Returns a mask of shape (queries, keys) in which query i may attend to keys less than `width` away from i.

    Example:
        >>> window_mask(2, 3, width=2)
        array([[ True,  True, False],
               [ True,  True,  True]])
    """
    # Not the distances, which as integers take eight times the memory of a mask.
    first, last = (ops.expand_dims(ops.arange(queries) + side, 1) for side in (-width, width))
    return ops.logical_and(ops.less(first, ops.arange(keys)), ops.less(ops.arange(keys), last))


def padding_mask(mask: TensorLike, attention_axes: Sequence[int], of_queries: bool) -> Tensor:
    """Returns the mask of queries or keys, as booleans, with the axes of scores: (batch, heads, queries, keys).

    Args:
        mask: Shape (batch, length), or all sizes of the input without the features.
        attention_axes: The axes of the input that the attention is over; axes that are not are next to the batch.
        of_queries: Whether it is that of the queries.

    Example:
        >>> padding_mask(np.array([[True, False]]), (1,), of_queries=False)
        array([[[[ True, False]]]])
    """
    rank, count = len(mask.shape), len(attention_axes)
    others = [axis for axis in range(rank) if axis not in attention_axes]
    mask = ops.transpose(ops.cast(mask, "bool"), [*others, *attention_axes])
    heads = len(others)
    new = (heads, *range(rank + 1, rank + 1 + count)) if of_queries else range(heads, heads + 1 + count)
    return ops.expand_dims(mask, tuple(new))


def with_heads(mask: TensorLike, rank: int, attention_axes: int) -> Tensor:
    """Returns a mask, as booleans, with the axes that scores have and it lacks, of size 1 before the attention axes.

    Args:
        mask: Shape (batch, *query axes, *key axes), (batch, heads, *query axes, *key axes), or the last of these axes.
        rank: The number of axes of the scores.
        attention_axes: How many axes of the queries the attention is applied over.
    """
    given = tuple(mask.shape)
    missing = tuple(range(-2 * attention_axes - 1, -2 * attention_axes - 1 - (rank - len(given)), -1))
    mask = ops.cast(mask, "bool")
    return ops.expand_dims(mask, missing) if missing else mask


def check_fits(where: str, name: str, mask: TensorLike, shape: tuple, axes: str) -> None:
    """Checks that a mask broadcasts to a shape, without making it larger.

    Args:
        where: The layer, for the message.
        name: The name of the mask.
        mask: The mask.
        shape: The shape, in which None is a free size.
        axes: The names of its axes, such as "(batch, queries)".

    Raises:
        ShapeError: If it does not.
    """
    given = tuple(mask.shape)
    try:
        together = broadcast_shapes(given, shape)
    except ShapeError:
        together = ()
    if len(together) != len(shape) or any(
        None not in pair and pair[0] != pair[1] for pair in zip(together, shape, strict=True)
    ):
        raise ShapeError(f"{where}: `{name}` must broadcast to {axes} = {shape}. Received: a mask of shape {given}")
