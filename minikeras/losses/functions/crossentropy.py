"""Cross-entropy losses as functions: one value per example, not yet weighted or reduced."""

from collections.abc import Sequence

from ... import config, ops
from ...engine.dtypes import dtype_of, is_float
from ...errors import warn_user
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike
from .checks import as_floats, check_axis, check_same_shape, class_indices


@filtered
def categorical_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Returns the cross-entropy between one-hot labels and predicted probabilities.

    `-sum_i y_true_i ln(y_pred_i)`

    Args:
        y_true: True probabilities, e.g. one-hot labels, shape (batch, ..., classes).
        y_pred: Predicted probabilities, or logits; the same shape.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: the share of each label spread evenly over the classes.
        axis: The axis of the classes.

    Returns:
        One value per example: the shape without the axis.

    Raises:
        ShapeError: If the shapes differ.
        ArgumentTypeError: If the axis is a boolean.
        ArgumentError: If the axis does not exist.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    y_true, y_pred = _categories("categorical_crossentropy", y_true, y_pred, label_smoothing, axis)
    return ops.categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


@filtered
def categorical_focal_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    alpha: float | Sequence[float] = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Returns the categorical focal cross-entropy, in which confident predictions are down-weighted.

    `-sum_i alpha_i (1 - y_pred_i)^gamma y_true_i ln(y_pred_i)`

    Args:
        y_true: True probabilities, e.g. one-hot labels, shape (batch, ..., classes).
        y_pred: Predicted probabilities, or logits; the same shape.
        alpha: Weight of all classes, or one weight per class.
        gamma: Focusing parameter: the larger, the less confident predictions count; 0 is plain cross-entropy.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: the share of each label spread evenly over the classes.
        axis: The axis of the classes.

    Returns:
        One value per example: the shape without the axis.

    Raises:
        ShapeError: If the shapes differ.
        ArgumentTypeError: If the axis is a boolean.
        ArgumentError: If the axis does not exist.

    Source: https://arxiv.org/abs/1708.02002

    Example:
        >>> categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]], alpha=1.0)
        array([0.1732868], dtype=float32)
    """
    y_true, y_pred = _categories("categorical_focal_crossentropy", y_true, y_pred, label_smoothing, axis)
    if from_logits:
        y_pred = ops.softmax(y_pred, axis=axis)
    y_pred = ops.divide(y_pred, ops.sum(y_pred, axis=axis, keepdims=True))
    y_pred = ops.clip(y_pred, config.epsilon(), 1.0 - config.epsilon())
    alpha = ops.convert_to_tensor(alpha, y_pred.dtype)
    return ops.sum(_focus(y_pred, gamma) * alpha * (-y_true * ops.log(y_pred)), axis=axis)


@filtered
def sparse_categorical_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Tensor:
    """Returns the cross-entropy between integer class labels and predicted probabilities.

    `-ln(y_pred[y_true])`

    Args:
        y_true: Integer class labels, shape (batch, ...) or (batch, ..., 1).
        y_pred: Predicted probabilities, or logits, shape (batch, ..., classes).
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        ignore_class: Class label whose examples are ignored: their values are 0. The loss class and the
            metric also exclude them from the mean, or from the sum of the weights.
        axis: The axis of the classes.

    Returns:
        One value per example.

    Raises:
        ShapeError: If there is not one label per example.
        ArgumentTypeError: If the axis is a boolean.
        ArgumentError: If the axis does not exist.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    y_true, y_pred = class_indices(y_true, y_pred, axis)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)
    valid = is_counted(y_true, y_pred, ignore_class)
    y_true = ops.where(valid, y_true, 0)
    # Equal logits: nothing in an ignored example, not even NaN, may reach the gradient.
    y_pred = ops.where(ops.expand_dims(valid, axis), y_pred, 1)
    values = ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)
    return ops.where(valid, values, 0)


@filtered
def binary_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Returns the binary cross-entropy between labels and predicted probabilities, averaged over an axis.

    `-mean(y_true ln(y_pred) + (1 - y_true) ln(1 - y_pred))`

    Args:
        y_true: True probabilities, e.g. 0 and 1, shape (batch, ...).
        y_pred: Predicted probabilities, or logits; the same shape.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: how far labels are moved towards 0.5.
        axis: The axis to average over.

    Returns:
        One value per example: the shape without the axis.

    Raises:
        ShapeError: If the shapes differ.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> binary_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    y_true, y_pred = _yes_or_no("binary_crossentropy", y_true, y_pred, label_smoothing)
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=axis)


@filtered
def binary_focal_crossentropy(
    y_true: TensorLike,
    y_pred: TensorLike,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Returns the binary focal cross-entropy, in which confident predictions are down-weighted.

    `-mean((1 - p)^gamma ln(p))`, where `p` is the probability predicted for the label

    Args:
        y_true: True probabilities, e.g. 0 and 1, shape (batch, ...).
        y_pred: Predicted probabilities, or logits; the same shape.
        apply_class_balancing: Whether class 1 is weighted by `alpha` and class 0 by `1 - alpha`.
        alpha: Weight of class 1.
        gamma: Focusing parameter: the larger, the less confident predictions count; 0 is plain cross-entropy.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: how far labels are moved towards 0.5.
        axis: The axis to average over.

    Returns:
        One value per example: the shape without the axis.

    Raises:
        ShapeError: If the shapes differ.

    Source: https://arxiv.org/abs/1708.02002

    Example:
        >>> binary_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])
        array([0.1732868], dtype=float32)
    """
    y_true, y_pred = _yes_or_no("binary_focal_crossentropy", y_true, y_pred, label_smoothing)
    values = ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits)
    if from_logits:
        y_pred = ops.sigmoid(y_pred)
    of_label = y_true * y_pred + (1.0 - y_true) * (1.0 - y_pred)
    values = _focus(of_label, gamma) * values
    if apply_class_balancing:
        alpha = float(alpha)
        values = (y_true * alpha + (1.0 - y_true) * (1.0 - alpha)) * values
    return ops.mean(values, axis=axis)


@filtered
def categorical_generalized_cross_entropy(y_true: TensorLike, y_pred: TensorLike, q: float) -> Tensor:
    """Returns the generalized cross-entropy, which is more robust to noisy labels than cross-entropy.

    `(1 - y_pred[y_true]^q) / q`, which tends to cross-entropy for `q` near 0 and is half the absolute error for 1

    Args:
        y_true: Integer class labels, shape (batch, ...) or (batch, ..., 1).
        y_pred: Predicted probabilities, shape (batch, ..., classes).
        q: Between 0 and 1.

    Returns:
        One value per example.

    Raises:
        ShapeError: If there is not one label per example.

    Source: https://arxiv.org/abs/1805.07836

    Example:
        >>> categorical_generalized_cross_entropy([1], [[0.75, 0.25]], q=0.5)
        array([1.], dtype=float32)
    """
    y_true, y_pred = class_indices(y_true, y_pred, name="categorical_generalized_cross_entropy")
    y_pred = y_pred if is_float(dtype_of(y_pred)) else ops.cast(y_pred, None)
    hot = ops.one_hot(ops.cast(y_true, "int32"), ops.shape(y_pred)[-1], dtype="bool")
    # Gathered, not multiplied: the gradient at 0 is infinite, and 0 times it would be NaN for the other classes.
    probabilities = ops.sum(ops.where(hot, y_pred, 0), axis=-1)
    return (1.0 - ops.power(probabilities, float(q))) / float(q)


def is_counted(y_true: TensorLike, y_pred: TensorLike, ignore_class: int) -> Tensor:
    """Returns a mask that is False where the label is the class to ignore.

    Example:
        >>> is_counted(np.array([0, 255], "uint8"), np.zeros((2, 3), "float32"), 255)
        array([ True, False])
    """
    # In the dtype of the predictions, since -1 is not in the range of unsigned labels.
    return ops.not_equal(y_true, ops.cast(ignore_class, y_pred.dtype))


def _categories(name: str, y_true: object, y_pred: object, label_smoothing: float, axis: int) -> tuple:
    y_true, y_pred = as_floats(y_true, y_pred)
    check_axis(name, axis, y_pred)
    check_same_shape(name, y_true, y_pred)
    if ops.shape(y_pred)[axis] == 1:
        warn_user(
            f"`{name}` compares several classes, but the output has one: y_pred.shape={ops.shape(y_pred)}, "
            f"axis={axis}. With one class the loss is always 0; use `{name.replace('categorical', 'binary')}`.",
            SyntaxWarning,
        )
    if label_smoothing:
        label_smoothing = float(label_smoothing)
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / ops.shape(y_true)[-1]
    return y_true, y_pred


def _yes_or_no(name: str, y_true: object, y_pred: object, label_smoothing: float) -> tuple:
    y_true, y_pred = as_floats(y_true, y_pred)
    check_same_shape(name, y_true, y_pred)
    if label_smoothing:
        label_smoothing = float(label_smoothing)
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return y_true, y_pred


def _focus(probabilities: object, gamma: float) -> object:
    # A power of 0 has no gradient at 0, which a confident prediction reaches; here it is 0 everywhere.
    return ops.power(1.0 - probabilities, float(gamma)) if gamma else 1.0
