"""From one loss per element to the number that is minimized: ranks, weights, masks and the reduction."""

import math

from .. import ops
from ..engine.primitive import broadcast_shapes
from ..errors import ShapeError, unknown_name, warn_legacy

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)


def standardize_reduction(reduction: str | None) -> str | None:
    """Returns the reduction if it is one; for "auto" of Keras 2 that of today.

    Raises:
        UnknownNameError: If it is not.

    Example:
        >>> standardize_reduction("sum")
        'sum'
    """
    if reduction == "auto":
        warn_legacy("reduction 'auto'", "'sum_over_batch_size'")
        return "sum_over_batch_size"
    if reduction not in REDUCTIONS:
        raise unknown_name("reduction", reduction, [str(name) for name in REDUCTIONS])
    return reduction


def squeeze_or_expand_to_same_rank(x1: object, x2: object) -> tuple:
    """Gives two values the same rank if one has just a last axis of size 1 more than the other.

    A value of rank 1 gets that axis; of higher ranks, the other value loses it. All else is left as it is.

    Args:
        x1: A value of any shape.
        x2: A value of any shape.

    Returns:
        Both values.

    Example:
        >>> x1, x2 = squeeze_or_expand_to_same_rank(np.zeros(5), np.zeros((5, 1)))
        >>> x1.shape, x2.shape
        ((5, 1), (5, 1))
    """
    small, large = ops.shape(x1), ops.shape(x2)
    if len(small) > len(large):
        x2, x1 = squeeze_or_expand_to_same_rank(x2, x1)
        return x1, x2
    if len(large) != len(small) + 1 or large[-1] != 1:
        return x1, x2
    if len(small) == 1:
        return ops.expand_dims(x1, -1), x2
    return x1, ops.squeeze(x2, -1)


def apply_mask(sample_weight: object, mask: object, dtype: str, reduction: str | None) -> object:
    """Merges a mask into sample weights.

    For means over the batch, the valid elements weigh `elements / valid elements`, so that the mean is over
    the valid ones alone.

    Args:
        sample_weight: Weights, or None.
        mask: Booleans, False where an element does not count; or None.
        dtype: The dtype of the weights returned.
        reduction: What is done with the weighted values later.

    Returns:
        Weights, or None if there is neither a weight nor a mask.

    Example:
        >>> apply_mask(None, np.array([True, False]), "float32", "mean")
        array([2., 0.], dtype=float32)
    """
    if mask is None:
        return sample_weight
    weights = ops.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        total = ops.cast(math.prod(ops.shape(mask)), dtype)
        weights = weights * ops.divide_no_nan(total, ops.sum(weights))
    if sample_weight is None:
        return weights
    weights, sample_weight = squeeze_or_expand_to_same_rank(weights, ops.cast(sample_weight, dtype))
    check_fit("weights and mask", sample_weight, weights, "sample weights", "mask")
    return sample_weight * weights


def reduce_weighted_values(
    values: object,
    sample_weight: object = None,
    mask: object = None,
    reduction: str | None = "sum_over_batch_size",
    dtype: str | None = None,
    name: str = "loss",
) -> object:
    """Weighs losses and reduces them.

    Args:
        values: One loss per element, of any shape.
        sample_weight: Weights that broadcast with `values`, or None.
        mask: Booleans that broadcast with `values`, or None.
        reduction: One of `REDUCTIONS`.
        dtype: The dtype of the computation.
        name: What errors call the loss.

    Returns:
        A scalar; for the reductions "none" and None, the weighted values.

    Raises:
        ShapeError: If the weights do not fit the values.

    Example:
        >>> print(reduce_weighted_values(np.array([1.0, 3.0]), sample_weight=[1.0, 0.0], dtype="float32"))
        0.5
    """
    values = ops.convert_to_tensor(values, dtype)
    if sample_weight is not None:
        sample_weight = ops.convert_to_tensor(sample_weight, dtype)
    sample_weight = apply_mask(sample_weight, mask, dtype, reduction)
    if sample_weight is not None:
        values, sample_weight = squeeze_or_expand_to_same_rank(values, sample_weight)
        check_fit(f"Loss '{name}'", sample_weight, values, "sample weights", "losses")
        values = values * sample_weight
    return _reduce(values, sample_weight, reduction)


def _reduce(values: object, sample_weight: object, reduction: str | None) -> object:
    sizes = ops.shape(values)
    if reduction in (None, "none") or sizes in ((), (0,)):
        return values
    total = ops.sum(values)
    if reduction == "sum":
        return total
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return ops.divide_no_nan(total, ops.sum(sample_weight))
    count = math.prod(size for size in sizes if size is not None)  # of a symbolic value only the shape matters
    return total / count if count > 1 else total


def check_fit(where: str, first: object, second: object, first_name: str, second_name: str) -> tuple:
    """Returns the shape two values broadcast to.

    Raises:
        ShapeError: If they do not broadcast; it says where, and which values.
    """
    shapes = ops.shape(first), ops.shape(second)
    try:
        return broadcast_shapes(*shapes)
    except ShapeError as error:
        raise ShapeError(
            f"{where}: the {first_name} have shape {shapes[0]} and the {second_name} shape {shapes[1]}, which do not "
            f"fit together. Give the {first_name} the shape {shapes[1]}, or one with 1 in place of some sizes."
        ) from error
