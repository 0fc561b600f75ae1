"""Resolves "accuracy" and "crossentropy" by the shapes of labels and predictions."""

from collections.abc import Callable, Sequence

from ..errors import ShapeError, unknown_name
from ..losses.functions import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
from .accuracy import BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from .metric import Metric

_ACCURACIES = (BinaryAccuracy, SparseCategoricalAccuracy, CategoricalAccuracy)
_CROSSENTROPIES = (binary_crossentropy, sparse_categorical_crossentropy, categorical_crossentropy)
_NAMES = {"acc": _ACCURACIES, "accuracy": _ACCURACIES, "ce": _CROSSENTROPIES, "crossentropy": _CROSSENTROPIES}


def resolve_accuracy(
    y_true_shape: Sequence[int | None], y_pred_shape: Sequence[int | None], which: str
) -> Metric | Callable:
    """Returns the metric that a name refers to, given the shapes of labels and predictions.

    One output per example means binary; labels without the axis of the classes, or with size 1 there, are
    integers (sparse); all else is one-hot.

    Args:
        y_true_shape: The shape of the labels, with the batch.
        y_pred_shape: The shape of the predictions, with the batch.
        which: "accuracy", "acc", "crossentropy" or "ce", in lower or upper case.

    Returns:
        For accuracy a new metric of that name; for cross-entropy a loss function.

    Raises:
        UnknownNameError: If it is another name.
        ShapeError: If a shape has no axis.

    Source: https://keras.io/api/models/model_training_apis/

    Example:
        >>> resolve_accuracy((32,), (32, 10), "acc")
        <SparseCategoricalAccuracy name=acc>
        >>> resolve_accuracy((32, 10), (32, 10), "ce").__name__
        'categorical_crossentropy'
    """
    if str(which).lower() not in _NAMES:
        raise unknown_name("name that depends on shapes", which, _NAMES)
    if not len(y_true_shape) or not len(y_pred_shape):
        raise ShapeError(
            f"{which!r} expects labels and predictions with at least one axis, the batch. "
            f"Received: y_true of shape {tuple(y_true_shape)}, y_pred of shape {tuple(y_pred_shape)}"
        )
    candidates = _NAMES[str(which).lower()]
    chosen = candidates[_kind(y_true_shape, y_pred_shape)]
    return chosen(name=str(which)) if candidates is _ACCURACIES else chosen


def _kind(y_true_shape: Sequence[int | None], y_pred_shape: Sequence[int | None]) -> int:
    """Returns 0 for binary, 1 for integer labels, 2 for one-hot labels."""
    last = y_pred_shape[-1]
    if last == 1:
        return 0
    is_number = y_true_shape[-1] == 1 and last is not None and last > 1
    return 1 if len(y_true_shape) < len(y_pred_shape) or is_number else 2
