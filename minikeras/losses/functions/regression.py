"""Regression losses as functions: one value per example, not yet weighted or reduced."""

import math

from ... import config, ops
from ...engine.dispatch import with_gradient
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from ..reduction import check_labels, squeeze_or_expand_to_same_rank
from .checks import fitted


@filtered
def mean_squared_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the mean squared error over the last axis.

    `mean((y_true - y_pred)^2)`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/regression_losses/

    Example:
        >>> mean_squared_error([[0.0, 1.0]], [[2.0, 1.0]])
        array([2.], dtype=float32)
    """
    return ops.mean(ops.square(_difference("mean_squared_error", y_true, y_pred)), axis=-1)


@filtered
def mean_absolute_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the mean absolute error over the last axis.

    `mean(|y_true - y_pred|)`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/regression_losses/

    Example:
        >>> mean_absolute_error([[0.0, 1.0]], [[2.0, 1.0]])
        array([1.], dtype=float32)
    """
    return ops.mean(ops.absolute(_difference("mean_absolute_error", y_true, y_pred)), axis=-1)


@filtered
def mean_absolute_percentage_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the mean absolute percentage error over the last axis.

    `100 mean(|y_true - y_pred| / max(|y_true|, epsilon))`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/regression_losses/

    Example:
        >>> mean_absolute_percentage_error([[2.0, 4.0]], [[3.0, 4.0]])
        array([25.], dtype=float32)
    """
    y_true, y_pred = fitted("mean_absolute_percentage_error", y_true, y_pred)
    parts = ops.divide(y_pred - y_true, ops.maximum(ops.absolute(y_true), config.epsilon()))
    return 100.0 * ops.mean(ops.absolute(parts), axis=-1)


@filtered
def mean_squared_logarithmic_error(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the mean squared logarithmic error over the last axis; negative values are clipped to 0.

    `mean((ln(1 + y_true) - ln(1 + y_pred))^2)`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis; in a dtype at least as precise as `floatx`.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/regression_losses/

    Example:
        >>> mean_squared_logarithmic_error([[0.0, 3.0]], [[1.0, 3.0]])
        array([0.24022643], dtype=float32)
    """
    y_true, y_pred = fitted("mean_squared_logarithmic_error", y_true, y_pred)
    # As a value of `floatx`, not a Python number: float16 is computed in float32, as in Keras.
    epsilon = ops.convert_to_tensor(config.epsilon())
    logs = [ops.log(ops.maximum(values, epsilon) + 1.0) for values in (y_true, y_pred)]
    return ops.mean(ops.square(logs[1] - logs[0]), axis=-1)


@filtered
def cosine_similarity(y_true: TensorLike, y_pred: TensorLike, axis: int = -1) -> Tensor:
    """Returns the negative cosine similarity: -1 for vectors of the same direction.

    `-sum(y_true / |y_true| * y_pred / |y_pred|)`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.
        axis: The axis of the vectors.

    Returns:
        One value per vector: the shape without the axis; 0 if either vector is zero.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/regression_losses/

    Example:
        >>> cosine_similarity([[0.0, 1.0], [1.0, 0.0]], [[0.0, 2.0], [0.0, 1.0]])
        array([-1., -0.], dtype=float32)
    """
    y_true, y_pred = fitted("cosine_similarity", y_true, y_pred)
    return ops.negative(ops.sum(ops.normalize(y_true, axis=axis) * ops.normalize(y_pred, axis=axis), axis=axis))


@filtered
def huber(y_true: TensorLike, y_pred: TensorLike, delta: float = 1.0) -> Tensor:
    """Returns the Huber loss, averaged over the last axis: quadratic for small errors, linear for large ones.

    `mean(e^2 / 2 if |e| <= delta else delta |e| - delta^2 / 2)  with  e = y_pred - y_true`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.
        delta: The error at which the loss turns from quadratic to linear.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://en.wikipedia.org/wiki/Huber_loss

    Example:
        >>> huber([[0.0, 0.0]], [[1.0, 3.0]])
        array([1.5], dtype=float32)
    """
    y_true, y_pred = fitted("huber", y_true, y_pred)
    delta, error = float(delta), y_pred - y_true
    size = ops.absolute(error)
    values = ops.where(size <= delta, 0.5 * ops.square(error), delta * size - 0.5 * delta**2)
    return ops.mean(values, axis=-1)


@filtered
def log_cosh(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the log-cosh loss, averaged over the last axis.

    `mean(ln(cosh(y_pred - y_true)))`

    Args:
        y_true: True values, shape (batch, ...).
        y_pred: Predicted values, of the same shape.

    Returns:
        One value per example: the shape without the last axis.

    Raises:
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/losses/regression_losses/

    Example:
        >>> log_cosh([[0.0, 0.0]], [[0.0, 100.0]])
        array([49.653427], dtype=float32)
    """
    y_true, y_pred = fitted("log_cosh", y_true, y_pred)
    return ops.mean(with_gradient((y_pred - y_true,), _log_cosh, _log_cosh_gradient), axis=-1)


def _log_cosh(x: object) -> object:
    return x + ops.softplus(-2.0 * x) - math.log(2.0)


def _log_cosh_gradient(g: object, y: object, x: object) -> list:
    return [g * ops.tanh(x)]  # keeps the precision that the terms of the formula lose near 0


def _difference(name: str, y_true: object, y_pred: object) -> object:
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    check_labels(f"`{name}`", y_true, y_pred)
    return y_pred - y_true  # this way round, the gradient of the prediction needs no change of sign
