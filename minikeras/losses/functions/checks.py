"""Checks shared by the loss functions: labels and predictions of one dtype and of matching shapes."""

import numpy as np

from ... import ops
from ...engine.dtypes import dtype_of, has_fractions, is_float
from ...errors import ArgumentError, ArgumentTypeError, ShapeError
from ...ops.common.arguments import normalize_axes
from ...typing import TensorLike
from ..reduction import check_labels, squeeze_or_expand_to_same_rank


def as_floats(y_true: TensorLike, y_pred: TensorLike) -> tuple:
    """Returns labels and predictions in the float dtype of the predictions, `floatx` if they are integers.

    Example:
        >>> as_floats([1, 0], [[0.5], [0.25]])[0]
        array([1., 0.], dtype=float32)
    """
    y_pred = ops.convert_to_tensor(y_pred)
    if not is_float(dtype_of(y_pred)):
        y_pred = ops.cast(y_pred, None)
    return ops.convert_to_tensor(y_true, y_pred.dtype), y_pred


def fitted(name: str, y_true: TensorLike, y_pred: TensorLike) -> tuple:
    """Returns labels and predictions as floats, of one rank where that is possible.

    Args:
        name: What errors call the function.
        y_true: Labels.
        y_pred: Predictions.

    Raises:
        ShapeError: If the shapes differ.

    Example:
        >>> fitted("huber", [1, 0], [[0.5], [0.25]])[0].shape
        (2, 1)
    """
    y_true, y_pred = squeeze_or_expand_to_same_rank(*as_floats(y_true, y_pred))
    check_labels(f"`{name}`", y_true, y_pred)
    return y_true, y_pred


def check_same_shape(name: str, y_true: TensorLike, y_pred: TensorLike) -> None:
    """Refuses labels that do not have the shape of the predictions.

    Raises:
        ShapeError: If they do not; it suggests another loss if there is one for such labels.
    """
    labels, outputs = ops.shape(y_true), ops.shape(y_pred)
    if equal_sizes(labels, outputs):
        return
    hint = " Labels and predictions must have the same shape."
    if name.startswith("categorical") and labels in (outputs[:-1], (*outputs[:-1], 1)):
        hint = " `to_categorical` converts integer labels to one-hot labels."
        if name == "categorical_crossentropy":
            hint = " For integer labels, use `sparse_categorical_crossentropy`;" + hint
    raise ShapeError(
        f"`{name}` expects y_true of shape {outputs}, like y_pred. Received: y_true of shape {labels}.{hint}"
    )


def check_axis(name: str, axis: int, y_pred: TensorLike) -> None:
    """Refuses what is not an axis of the predictions.

    Raises:
        ArgumentTypeError: If it is a boolean.
        ArgumentError: If it does not exist.
    """
    if isinstance(axis, bool):
        raise ArgumentTypeError(f"`{name}` expects an integer as `axis`. Received: axis={axis}")
    normalize_axes(axis, len(ops.shape(y_pred)))


def class_indices(
    y_true: TensorLike, y_pred: TensorLike, axis: int = -1, name: str = "sparse_categorical_crossentropy"
) -> tuple:
    """Returns integer labels in the shape of the predictions without the axis of the classes, and the predictions.

    Raises:
        ShapeError: If there is not one label per example.
        ArgumentError: If one of them is not an integer.

    Example:
        >>> class_indices([[1], [0]], [[0.5, 0.5], [0.9, 0.1]])[0]
        array([1, 0], dtype=int32)
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    check_integers(f"`{name}`", y_true)
    check_axis(name, axis, y_pred)
    sizes, labels = list(ops.shape(y_pred)), ops.shape(y_true)
    if len(labels) == len(sizes) and labels[axis] == 1:
        y_true = ops.squeeze(y_true, axis)
    del sizes[axis]
    received = ops.shape(y_true)
    if not equal_sizes(received, sizes):
        one_hot = " One-hot labels go with `categorical_crossentropy`." if labels == ops.shape(y_pred) else ""
        raise ShapeError(
            f"`{name}` expects one class index per example: for y_pred of shape {ops.shape(y_pred)}, "
            f"y_true of shape {tuple(sizes)}. Received: y_true of shape {labels}.{one_hot}"
        )
    return y_true, y_pred


def check_integers(where: str, y_true: TensorLike, error: type[Exception] = ArgumentError) -> None:
    """Refuses class labels that are not integers, such as 0.5, if their values are known: in a step they are not.

    Args:
        where: What errors call the loss.
        y_true: The class labels.
        error: The class of the error.

    Example:
        >>> check_integers("`f`", np.array([0.0, 2.0]))
    """
    if not isinstance(y_true, np.ndarray) or not has_fractions(y_true.dtype):
        return
    wrong = np.rint(y_true) != y_true  # NaN is not equal to itself
    if wrong.any():
        raise error(
            f"{where} expects integer labels. Received: the label {y_true[wrong][0]}. "
            "Labels between 0 and 1 go with 'binary_crossentropy', probabilities of classes with "
            "'categorical_crossentropy'."
        )


def equal_sizes(first: tuple, second: tuple) -> bool:
    """Tells whether two shapes are equal; a free size equals every other.

    Example:
        >>> equal_sizes((None, 3), (2, 3)), equal_sizes((2,), (2, 1))
        (True, False)
    """
    pairs = zip(first, second, strict=False)
    return len(first) == len(second) and all(a == b or a is None or b is None for a, b in pairs)
