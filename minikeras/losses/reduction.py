"""Reduction of one loss per element to a scalar: ranks, sample weights, masks."""

import math

from .. import ops
from ..engine.dtypes import dtype_of
from ..engine.primitive import broadcast_shapes
from ..engine.replicas import sharing
from ..errors import ShapeError, unknown_name, warn_legacy, warn_user
from ..ops.common.allreduce import scale, sum_of_processes
from ..typing import Tensor, TensorLike

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)


def standardize_reduction(reduction: str | None) -> str | None:
    """Returns a valid reduction; for "auto" of Keras 2 its present equivalent.

    Raises:
        UnknownNameError: If it is not.

    Example:
        >>> standardize_reduction("sum")
        'sum'
    """
    if isinstance(reduction, str) and reduction == "auto":
        warn_legacy("reduction 'auto'", "'sum_over_batch_size'")
        return "sum_over_batch_size"
    if not isinstance(reduction, (str, type(None))) or reduction not in REDUCTIONS:
        raise unknown_name("reduction", reduction, [str(name) for name in REDUCTIONS])
    return reduction


def squeeze_or_expand_to_same_rank(x1: TensorLike, x2: TensorLike) -> tuple:
    """Gives two values the same rank if one just has an extra last axis of size 1.

    A value of rank 1 is expanded; for higher ranks the other one is squeezed. Anything else is left alone.

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


def apply_mask(sample_weight: TensorLike, mask: TensorLike, dtype: str, reduction: str | None) -> Tensor:
    """Merges a mask into sample weights.

    For means over the batch, valid elements get the weight `elements / valid elements`, so that the mean is over
    the valid ones alone.

    Args:
        sample_weight: Weights, or None.
        mask: Booleans, False for elements to exclude; or None.
        dtype: The dtype of the weights returned.
        reduction: The reduction to be applied to the weighted values.

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
        weights = weights * ops.divide_no_nan(*_over_processes(total, ops.sum(weights), dtype))
    if sample_weight is None:
        return weights
    weights, sample_weight = squeeze_or_expand_to_same_rank(weights, ops.cast(sample_weight, dtype))
    check_fit("weights and mask", sample_weight, weights, "sample weights", "mask")
    return sample_weight * weights


def reduce_weighted_values(
    values: TensorLike,
    sample_weight: TensorLike | None = None,
    mask: TensorLike | None = None,
    reduction: str | None = "sum_over_batch_size",
    dtype: str | None = None,
    name: str = "loss",
) -> Tensor:
    """Weights losses and reduces them.

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
        _check_weights(name, sample_weight, values)
        values = values * sample_weight
    return _reduce(values, sample_weight, reduction)


def _check_weights(name: str, sample_weight: object, values: object) -> None:
    """Refuses weights that do not broadcast to the losses."""
    sizes = ops.shape(values)
    found = check_fit(f"Loss '{name}'", sample_weight, values, "sample weights", "losses")
    several = len(found) > len(sizes) or any(a != b and None not in (a, b) for a, b in zip(found, sizes, strict=False))
    if several and any(size != 1 for size in sizes):
        raise ShapeError(
            f"Loss '{name}': the sample weights have shape {ops.shape(sample_weight)} and the losses shape {sizes}: "
            "each loss would be counted with several weights. Give one weight for each loss, or one for each example."
        )


def _reduce(values: object, sample_weight: object, reduction: str | None) -> object:
    sizes = ops.shape(values)
    if reduction in (None, "none") or sizes in ((), (0,)):
        return values
    total = ops.sum(values)
    if reduction == "sum":
        return total if sharing() is None else total * scale(dtype_of(total))
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return ops.divide_no_nan(*_over_processes(total, ops.sum(sample_weight), dtype_of(total)))
    count = math.prod(size for size in sizes if size is not None)  # a symbolic value only needs its shape
    return total / count if count > 1 else total


def _over_processes(total: object, weight: object, dtype: str) -> tuple:
    """Returns a sum and the sum of weights that divides it; the latter over all processes that share the step.

    The mean of the quotients, weighted by the rows of the processes, is then that of a single process.
    """
    if sharing() is None:
        return total, weight
    return total * scale(dtype), sum_of_processes(weight)


def check_labels(where: str, y_true: TensorLike, y_pred: TensorLike) -> None:
    """Refuses labels that numpy would silently broadcast, comparing each label with several predictions.

    A scalar may broadcast; so may a single example, a first axis of size 1.

    Args:
        where: What errors call the loss or metric.
        y_true: Labels, already of the rank of the predictions where that is possible.
        y_pred: Predictions.

    Raises:
        ShapeError: If their shapes differ in any other way.

    Example:
        >>> check_labels("`f`", np.zeros((8, 4)), np.zeros((8, 4)))
    """
    labels, outputs = ops.shape(y_true), ops.shape(y_pred)
    if not labels or not outputs:
        return
    if len(labels) == len(outputs):
        pairs = list(zip(labels, outputs, strict=True))
        if 1 in pairs[0]:
            del pairs[0]
        if all(a == b or a is None or b is None for a, b in pairs):
            return
    raise ShapeError(
        f"{where}: the labels have shape {labels} and the predictions shape {outputs}, which do not fit together. "
        f"Give the labels the shape {outputs}, or the last layer as many units as the labels have columns."
    )


def warn_of_pairs(where: str, y_true: TensorLike, y_pred: TensorLike, values: TensorLike) -> None:
    """Warns if a user-defined function compared each label with the predictions of all examples.

    Labels of shape (n,) and predictions of shape (n, 1) broadcast to (n, n).

    Args:
        where: What the warning calls the loss or metric.
        y_true: Labels.
        y_pred: Predictions.
        values: What the function returned.
    """
    shapes = [tuple(getattr(value, "shape", ())) for value in (y_true, y_pred, values)]
    size = shapes[0][0] if shapes[0] else 1
    if size not in (None, 1) and shapes[2] == (size, size) and sorted(shapes[:2]) == [(size,), (size, 1)]:
        warn_user(
            f"{where}: labels of shape {shapes[0]} and predictions of shape {shapes[1]} were broadcast to {shapes[2]}: "
            "each label is compared with the predictions of all examples. If that is not meant, give the labels the "
            f"shape {shapes[1]}.",
            UserWarning,
        )


def check_fit(where: str, first: TensorLike, second: TensorLike, first_name: str, second_name: str) -> tuple:
    """Returns the shape two values broadcast to.

    Raises:
        ShapeError: If they do not; it says where, and which values.
    """
    shapes = ops.shape(first), ops.shape(second)
    try:
        return broadcast_shapes(*shapes)
    except ShapeError as error:
        raise ShapeError(
            f"{where}: the {first_name} have shape {shapes[0]} and the {second_name} shape {shapes[1]}, which do not "
            f"fit together. Give the {first_name} the shape {shapes[1]}, or one with 1 in place of some sizes."
        ) from error
