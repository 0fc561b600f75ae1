"""Probabilistic losses as functions: one value per example, not yet weighted or reduced."""

from ... import config, ops
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .checks import fitted


@filtered
def kl_divergence(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the Kullback-Leibler divergence of predicted from true probabilities over the last axis.

    `sum(y_true ln(y_true / y_pred))`

    Args:
        y_true: True probabilities, shape (batch, ..., classes).
        y_pred: Predicted probabilities, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> kl_divergence([[0.0, 1.0]], [[0.5, 0.5]])
        array([0.69314563], dtype=float32)
    """
    y_true, y_pred = fitted("kl_divergence", y_true, y_pred)
    y_true, y_pred = (ops.clip(values, config.epsilon(), 1.0) for values in (y_true, y_pred))
    return ops.sum(y_true * ops.log(ops.divide(y_true, y_pred)), axis=-1)


@filtered
def poisson(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the Poisson loss for counts and their predicted rates, averaged over the last axis.

    `mean(y_pred - y_true ln(y_pred + epsilon))`

    Args:
        y_true: Counts, shape (batch, ...).
        y_pred: Predicted rates, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> poisson([[2.0, 0.0]], [[1.0, 3.0]])
        array([1.9999999], dtype=float32)
    """
    y_true, y_pred = fitted("poisson", y_true, y_pred)
    return ops.mean(y_pred - y_true * ops.log(y_pred + config.epsilon()), axis=-1)
