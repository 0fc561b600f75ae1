"""The table of all loss functions, and how some of them treat labels."""

from ... import ops
from ...typing import Tensor, TensorLike
from .checks import class_indices
from .crossentropy import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_generalized_cross_entropy,
    is_counted,
    sparse_categorical_crossentropy,
)
from .margins import categorical_hinge, hinge, squared_hinge
from .probabilistic import kl_divergence, poisson
from .regression import (
    cosine_similarity,
    huber,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from .segmentation import dice, tversky
from .sequence import ctc
from .similarity import circle

FUNCTIONS = (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_generalized_cross_entropy,
    categorical_hinge,
    circle,
    cosine_similarity,
    ctc,
    dice,
    hinge,
    huber,
    kl_divergence,
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
    tversky,
)
_OF_CLASS_NUMBERS = (categorical_generalized_cross_entropy, circle, ctc, sparse_categorical_crossentropy)


def takes_integer_labels(function: TensorLike) -> bool:
    """Tells whether a loss function takes integer labels, which are not cast to floats.

    Example:
        >>> takes_integer_labels(ctc), takes_integer_labels(hinge)
        (True, False)
    """
    return function in _OF_CLASS_NUMBERS


def examples_that_count(
    function: TensorLike, arguments: dict, y_true: TensorLike, y_pred: TensorLike, values: TensorLike | None = None
) -> Tensor:
    """Returns a mask that is False for the examples a loss function ignores; None if it ignores none.

    Args:
        function: The loss function.
        arguments: The keyword arguments it is called with.
        y_true: Its labels.
        y_pred: Its predictions.
        values: What the function returned; None: it is called if need be.
    """
    if function is circle:
        return ops.greater(circle(y_true, y_pred, **arguments) if values is None else values, 0)
    ignore_class = arguments.get("ignore_class")
    if function is not sparse_categorical_crossentropy or ignore_class is None:
        return None
    return is_counted(*class_indices(y_true, y_pred, arguments.get("axis", -1)), ignore_class)
