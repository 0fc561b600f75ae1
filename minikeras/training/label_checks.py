"""Checks the values of labels against the loss and the output that they are for, before anything is trained."""

from typing import Any

import numpy as np

from ..errors import DataError
from ..losses.functions import takes_integer_labels
from ..losses.functions.checks import check_integers


def check_label_values(loss: Any, y: Any, output_shape: tuple) -> None:
    """Refuses labels whose shape or values the loss cannot be meant for.

    Losses that are not minikeras's own, and labels that are no arrays, pass.

    Args:
        loss: The loss object.
        y: The labels of one output.
        output_shape: The shape of the output, with the batch; None for a size that is free.

    Raises:
        DataError: If labels and loss do not go together.

    Example:
        >>> from minikeras import losses
        >>> check_label_values(losses.SparseCategoricalCrossentropy(), np.array([0, 3]), (None, 3))
        Traceback (most recent call last):
        ...
        minikeras.errors.DataError: Loss 'sparse_categorical_crossentropy' expects class indices from 0 to 2, as the ...
    """
    function = getattr(loss, "fn", None)
    name = getattr(function, "__name__", "")
    if not isinstance(y, np.ndarray):
        return
    if name in ("sparse_categorical_crossentropy", "categorical_generalized_cross_entropy"):
        _check_class_numbers(name, loss, y, output_shape)
    elif name == "categorical_crossentropy":
        _check_one_hot(y, output_shape)
    elif name == "binary_crossentropy":
        _check_binary(y)
    if takes_integer_labels(function):
        check_integers(f"Loss '{name}'", y, DataError)


def _check_class_numbers(name: str, loss: object, y: np.ndarray, output_shape: tuple) -> None:
    classes = output_shape[-1]
    if y.shape[1:] not in (output_shape[1:-1], (*output_shape[1:-1], 1)) and None not in output_shape[1:]:
        raise DataError(
            f"Loss '{name}' expects one class index per example: labels of shape "
            f"{('batch', *output_shape[1:-1])}. Received: y of shape {y.shape}. "
            "For one-hot labels use 'categorical_crossentropy', or `y.argmax(-1)`."
        )
    settings = getattr(loss, "get_config", dict)()
    if settings.get("axis", -1) != -1 or classes is None:
        return
    found = y[y != settings["ignore_class"]] if settings.get("ignore_class") is not None else y
    low, high = (found.min(), found.max()) if found.size else (0, 0)
    if not (0 <= low and high < classes):
        raise DataError(
            f"Loss '{name}' expects class indices from 0 to {classes - 1}, as the model has {classes} outputs. "
            f"Received: labels from {low} to {high}."
        )


def _check_one_hot(y: np.ndarray, output_shape: tuple) -> None:
    expected = output_shape[1:]
    if len(y.shape) != len(output_shape) or any(a not in (b, None) for a, b in zip(expected, y.shape[1:], strict=True)):
        raise DataError(
            f"Loss 'categorical_crossentropy' expects one-hot labels of shape {('batch', *expected)}. Received: y of "
            f"shape {y.shape}. For integer labels use 'sparse_categorical_crossentropy', or "
            f"`minikeras.utils.to_categorical(y, {expected[-1]})`."
        )


def _check_binary(y: np.ndarray) -> None:
    if y.dtype.kind in "iu" and y.size and (y.min() < 0 or y.max() > 1):
        raise DataError(
            f"Loss 'binary_crossentropy' expects labels 0 and 1. Received: integers from {y.min()} to {y.max()}."
        )
