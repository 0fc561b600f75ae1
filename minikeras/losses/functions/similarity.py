"""Metric learning: the circle loss as a function: one value per example, not yet weighted or reduced."""

from ... import ops
from ...engine.dtypes import dtype_of, is_float
from ...errors import ShapeError
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike


@filtered
def circle(
    y_true: TensorLike,
    y_pred: TensorLike,
    ref_labels: TensorLike | None = None,
    ref_embeddings: TensorLike | None = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Tensor:
    """Returns the circle loss of embeddings: small if those of the same class are close and others far.

    `ln(1 + sum_j e^(gamma (1 + m - n_j)+ (1 - m - n_j)) sum_i e^(gamma (m + p_i) (p_i - m)))`,
    with the cosine distances `p_i` to examples of the same class, `n_j` to those of others, and the margin `m`

    Args:
        y_true: Integer class labels, shape (batch,) or (batch, 1).
        y_pred: L2-normalized embeddings, shape (batch, size).
        ref_labels: Class labels of the references to compare with, shape (references,); `y_true` by default.
        ref_embeddings: Their embeddings, shape (references, size); `y_pred` by default.
        remove_diagonal: Whether example i is not compared with reference i, which by default is the same.
        gamma: Scale factor of the exponents.
        margin: Relaxation factor: distances within a class should be below it, others above 2 minus it.

    Returns:
        One value per example; 0 where there is nothing to compare. The loss class, and metrics with weights, average
        over the others alone.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://arxiv.org/abs/2002.10857

    Example:
        >>> vectors = np.float32([[1, 0], [0.6, 0.8], [0, 1]])  # the second is nearer to the third than to the first
        >>> print(np.round(circle([0, 0, 1], vectors), 3))
        [ 0.  38.4  0. ]
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_pred = y_pred if is_float(dtype_of(y_pred)) else ops.cast(y_pred, None)
    ref_embeddings = y_pred if ref_embeddings is None else ops.convert_to_tensor(ref_embeddings, y_pred.dtype)
    y_true = ops.cast(y_true, "int32")
    ref_labels = y_true if ref_labels is None else ops.cast(ref_labels, "int32")
    _check_shapes(y_true, y_pred, ref_labels, ref_embeddings)
    same, other = _pairs(y_true, ref_labels, remove_diagonal)
    distances = ops.maximum(1.0 - ops.matmul(y_pred, ops.transpose(ref_embeddings)), 0.0)
    gamma, margin = float(gamma), float(margin)
    same_exponents = -gamma * ops.maximum(margin + distances, 0.0) * (margin - distances)
    other_exponents = gamma * ops.maximum(1.0 + margin - distances, 0.0) * (1.0 - margin - distances)
    nothing = float("-inf")
    return ops.softplus(
        ops.logsumexp(ops.where(same, same_exponents, nothing), axis=1)
        + ops.logsumexp(ops.where(other, other_exponents, nothing), axis=1)
    )


def _pairs(labels: object, references: object, remove_diagonal: bool) -> tuple:
    """Booleans of shape (batch, references): where both are of the same class, and where not."""
    labels, references = ops.reshape(labels, (-1, 1)), ops.reshape(references, (1, -1))
    same = ops.equal(labels, references)
    other = ops.logical_not(same)
    if remove_diagonal:
        rows, columns = ops.arange(ops.shape(labels)[0]), ops.arange(ops.shape(references)[1])
        same = ops.logical_and(same, ops.not_equal(ops.reshape(rows, (-1, 1)), columns))
    return same, other


def _check_shapes(y_true: object, y_pred: object, ref_labels: object, ref_embeddings: object) -> None:
    shapes = [ops.shape(value) for value in (y_true, y_pred, ref_labels, ref_embeddings)]
    labels, vectors, references, reference_vectors = shapes
    fit = len(vectors) == len(reference_vectors) == 2 and vectors[1] == reference_vectors[1]
    fit = fit and labels in (vectors[:1], (*vectors[:1], 1))
    if not fit or references not in (reference_vectors[:1], (*reference_vectors[:1], 1)):
        raise ShapeError(
            "`circle` expects y_true of shape (batch,), y_pred of shape (batch, size), ref_labels of shape "
            "(references,) and ref_embeddings of shape (references, size). Received: shapes "
            f"{labels}, {vectors}, {references} and {reference_vectors}."
        )
