"""Hinge losses as functions: one value per example, not yet weighted or reduced."""

from ... import ops
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .checks import fitted


@filtered
def hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the hinge loss for binary labels, averaged over the last axis.

    `mean(max(1 - y_true y_pred, 0))`

    Args:
        y_true: Labels -1 and 1, or 0 and 1 alone, which are taken as -1 and 1; shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/hinge_losses/

    Example:
        >>> hinge([[-1.0, 1.0]], [[-0.5, -1.0]])
        array([1.25], dtype=float32)
    """
    return ops.mean(_shortfalls("hinge", y_true, y_pred), axis=-1)


@filtered
def squared_hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the squared hinge loss for binary labels, averaged over the last axis.

    `mean(max(1 - y_true y_pred, 0)^2)`

    Args:
        y_true: Labels -1 and 1, or 0 and 1 alone, which are taken as -1 and 1; shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/hinge_losses/

    Example:
        >>> squared_hinge([[-1.0, 1.0]], [[-0.5, -1.0]])
        array([2.125], dtype=float32)
    """
    return ops.mean(ops.square(_shortfalls("squared_hinge", y_true, y_pred)), axis=-1)


@filtered
def categorical_hinge(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the categorical hinge loss for one-hot labels.

    `max(max((1 - y_true) y_pred) - sum(y_true y_pred) + 1, 0)`

    Args:
        y_true: One-hot labels, shape (batch, ..., classes).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/hinge_losses/

    Example:
        >>> categorical_hinge([[0.0, 1.0, 0.0]], [[0.5, 1.0, 0.25]])
        array([0.5], dtype=float32)
    """
    y_true, y_pred = fitted("categorical_hinge", y_true, y_pred)
    right = ops.sum(y_true * y_pred, axis=-1)
    others = ops.max((1.0 - y_true) * y_pred, axis=-1)
    return ops.maximum(others - right + 1.0, 0.0)


def _shortfalls(name: str, y_true: object, y_pred: object) -> object:
    y_true, y_pred = fitted(name, y_true, y_pred)
    return ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0)


def _signs(y_true: object) -> object:
    """Labels -1 and 1, if all of the batch are 0 or 1."""
    binary = ops.all(ops.logical_or(ops.equal(y_true, 0), ops.equal(y_true, 1)))
    return ops.where(binary, 2.0 * y_true - 1.0, y_true)
