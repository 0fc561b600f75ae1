"""The losses as functions: one value per example, not yet weighted or reduced."""

from .. import ops
from ..engine.dtypes import dtype_of, is_float
from ..errors import ArgumentTypeError, ShapeError, warn_user
from ..ops.core import normalize_axes
from .reduction import check_fit, squeeze_or_expand_to_same_rank


def mean_squared_error(y_true: object, y_pred: object) -> object:
    """Returns the mean of the squared errors along the last axis.

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


def mean_absolute_error(y_true: object, y_pred: object) -> object:
    """Returns the mean of the absolute errors along the last axis.

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


def categorical_crossentropy(
    y_true: object,
    y_pred: object,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> object:
    """Returns the crossentropy between one-hot labels and predicted probabilities.

    `-sum_i y_true_i ln(y_pred_i)`

    Args:
        y_true: True probabilities, e.g. one-hot labels, shape (batch, ..., classes).
        y_pred: Predicted probabilities, or scores; the same shape.
        from_logits: `y_pred` holds scores, not probabilities.
        label_smoothing: The part of each label that is spread evenly over the classes, between 0 and 1.
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
    y_true, y_pred = _as_floats(y_true, y_pred)
    _check_axis("categorical_crossentropy", axis, y_pred)
    _check_same_shape("categorical_crossentropy", y_true, y_pred)
    if ops.shape(y_pred)[axis] == 1:
        warn_user(
            "`categorical_crossentropy` compares several classes, but the output has one: "
            f"y_pred.shape={ops.shape(y_pred)}, axis={axis}. With one class the loss is always 0; "
            "use `binary_crossentropy`.",
            SyntaxWarning,
        )
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / ops.shape(y_true)[-1]
    return ops.categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


def sparse_categorical_crossentropy(
    y_true: object,
    y_pred: object,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> object:
    """Returns the crossentropy between class numbers and predicted probabilities.

    `-ln(y_pred[y_true])`

    Args:
        y_true: Class numbers, shape (batch, ...) or (batch, ..., 1).
        y_pred: Predicted probabilities, or scores, shape (batch, ..., classes).
        from_logits: `y_pred` holds scores, not probabilities.
        ignore_class: The class whose examples do not count: their values are 0. The loss class and the
            metric also leave them out of the mean, or of the sum of weights.
        axis: The axis of the classes.

    Returns:
        One value per example.

    Raises:
        ShapeError: If the labels are not one number per example.
        ArgumentTypeError: If the axis is a boolean.
        ArgumentError: If the axis does not exist.

    Source: https://keras.io/api/losses/probabilistic_losses/

    Example:
        >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]])
        array([0.6931472], dtype=float32)
    """
    y_true, y_pred = class_numbers(y_true, y_pred, axis)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)
    valid = _is_valid(y_true, y_pred, ignore_class)
    y_true = ops.where(valid, y_true, 0)
    # Equal scores: nothing in an ignored example, not even NaN, may reach the gradient.
    y_pred = ops.where(ops.expand_dims(valid, axis), y_pred, 1)
    values = ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)
    return ops.where(valid, values, 0)


def binary_crossentropy(
    y_true: object,
    y_pred: object,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> object:
    """Returns the mean crossentropy between labels of yes and no and their predicted probabilities.

    `-mean(y_true ln(y_pred) + (1 - y_true) ln(1 - y_pred))`

    Args:
        y_true: True probabilities, e.g. 0 and 1, shape (batch, ...).
        y_pred: Predicted probabilities, or scores; the same shape.
        from_logits: `y_pred` holds scores, not probabilities.
        label_smoothing: How far labels are moved towards 0.5, between 0 and 1.
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
    y_true, y_pred = _as_floats(y_true, y_pred)
    _check_same_shape("binary_crossentropy", y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=axis)


FUNCTIONS = (
    binary_crossentropy,
    categorical_crossentropy,
    mean_absolute_error,
    mean_squared_error,
    sparse_categorical_crossentropy,
)


def class_numbers(y_true: object, y_pred: object, axis: int = -1) -> tuple:
    """Returns class numbers in the shape of the predictions without the axis of the classes, and the predictions.

    Raises:
        ShapeError: If the labels are not one number per example.

    Example:
        >>> class_numbers([[1], [0]], [[0.5, 0.5], [0.9, 0.1]])[0]
        array([1, 0], dtype=int32)
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    _check_axis("sparse_categorical_crossentropy", axis, y_pred)
    sizes, labels = list(ops.shape(y_pred)), ops.shape(y_true)
    if len(labels) == len(sizes) and labels[axis] == 1:
        y_true = ops.squeeze(y_true, axis)
    del sizes[axis]
    received = ops.shape(y_true)
    if not _equal_sizes(received, sizes):
        one_hot = " One-hot labels go with `categorical_crossentropy`." if labels == ops.shape(y_pred) else ""
        raise ShapeError(
            "`sparse_categorical_crossentropy` expects one class number per example: for y_pred of shape "
            f"{ops.shape(y_pred)}, y_true of shape {tuple(sizes)}. Received: y_true of shape {labels}.{one_hot}"
        )
    return y_true, y_pred


def examples_that_count(function: object, arguments: dict, y_true: object, y_pred: object) -> object:
    """Returns booleans, False for the examples a loss function ignores; None if it ignores none.

    Args:
        function: The loss function.
        arguments: The keyword arguments it is called with.
        y_true: Its labels.
        y_pred: Its predictions.
    """
    ignore_class = arguments.get("ignore_class")
    if function is not sparse_categorical_crossentropy or ignore_class is None:
        return None
    return _is_valid(*class_numbers(y_true, y_pred, arguments.get("axis", -1)), ignore_class)


def _is_valid(y_true: object, y_pred: object, ignore_class: int) -> object:
    # In the type of the predictions, since -1 is not in the range of unsigned labels.
    return ops.not_equal(y_true, ops.cast(ignore_class, y_pred.dtype))


def _difference(name: str, y_true: object, y_pred: object) -> object:
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    check_fit(f"`{name}`", y_true, y_pred, "labels", "predictions")
    return y_pred - y_true  # this way round, the gradient of the prediction needs no change of sign


def _as_floats(y_true: object, y_pred: object) -> tuple:
    y_pred = ops.convert_to_tensor(y_pred)
    if not is_float(dtype_of(y_pred)):
        y_pred = ops.cast(y_pred, None)
    return ops.convert_to_tensor(y_true, y_pred.dtype), y_pred


def _equal_sizes(first: tuple, second: tuple) -> bool:
    pairs = zip(first, second, strict=False)
    return len(first) == len(second) and all(a == b or a is None or b is None for a, b in pairs)


def _check_same_shape(name: str, y_true: object, y_pred: object) -> None:
    labels, outputs = ops.shape(y_true), ops.shape(y_pred)
    if _equal_sizes(labels, outputs):
        return
    hint = " Labels and predictions must have the same shape."
    if name == "categorical_crossentropy" and labels in (outputs[:-1], (*outputs[:-1], 1)):
        hint = (
            " Class numbers go with `sparse_categorical_crossentropy`; `to_categorical` turns them into one-hot labels."
        )
    raise ShapeError(
        f"`{name}` expects y_true of shape {outputs}, like y_pred. Received: y_true of shape {labels}.{hint}"
    )


def _check_axis(name: str, axis: int, y_pred: object) -> None:
    if isinstance(axis, bool):
        raise ArgumentTypeError(f"`{name}` expects an integer as `axis`. Received: axis={axis}")
    normalize_axes(axis, len(ops.shape(y_pred)))
