"""Sample weights: checked, and derived from class weights."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from .. import config
from ..argument_checks import is_int, is_number
from ..engine import tree
from ..engine.dtypes import has_fractions
from ..errors import ArgumentError, DataError, brief, warn_user


def check_sample_weights(weights: Any, name: str, warns: bool = True) -> bool:
    """Refuses weights that are NaN, and warns of negative ones, which maximize the loss of their examples.

    Args:
        weights: Nested arrays, or None.
        name: What errors call them.
        warns: Whether to warn.

    Returns:
        Whether it warned.

    Raises:
        DataError: If one is NaN.
    """
    for array in map(np.asarray, tree.flatten(weights)):
        low = array.min() if array.size else 0
        if np.isnan(low):
            index = tuple(map(int, np.argwhere(np.isnan(array))[0]))
            raise DataError(
                f"`{name}` must not contain NaN. Received: nan at {index if len(index) > 1 else index[0]}. "
                "Give 0 to examples that do not count."
            )
        if warns and low < 0:
            warn_user(
                f"`{name}` has negative weights, down to {low}: training makes the loss of their examples larger, "
                "without end. Give 0 to examples that do not count.",
                UserWarning,
            )
            return True
    return False


def class_weights_to_samples(y: object, class_weight: dict) -> np.ndarray:
    """Returns one weight per example, that of its class.

    Args:
        y: Class indices of shape (n,) or (n, 1), or one-hot labels of shape (n, classes).
        class_weight: The weights by class index; 1 for classes that are missing.

    Raises:
        ArgumentError: If the weights or the labels cannot be used.
    """
    check_class_weights(class_weight)
    classes = class_indices(y)
    weights = np.ones(len(classes), dtype=config.floatx())
    for number, weight in class_weight.items():
        weights[classes == number] = weight
    return weights


def check_class_weights(class_weight: object) -> None:
    """Refuses class weights that are not a dict of numbers by class index.

    Raises:
        ArgumentError: If it is none.
    """
    if not isinstance(class_weight, dict):
        raise ArgumentError(
            f"`class_weight` must be a dict such as {{0: 1.0, 1: 5.0}}. Received: {brief(class_weight)}"
        )
    for number, weight in class_weight.items():
        if not is_int(number) or not is_number(weight):
            raise ArgumentError(
                "`class_weight` expects class indices as keys and numbers as values, such as {0: 1.0, 1: 5.0}. "
                f"Received: {brief(number)}: {brief(weight)}"
            )
        if number < 0 or np.isnan(weight):
            raise ArgumentError(
                "`class_weight` expects non-negative class indices as keys and numbers as values. "
                f"Received: {brief(number)}: {brief(weight)}"
            )


def class_indices(y: object) -> np.ndarray:
    """Returns the class index of each example.

    Args:
        y: Class indices of shape (n,) or (n, 1), or one-hot labels of shape (n, classes).

    Raises:
        ArgumentError: If it is no such array.

    Example:
        >>> class_indices(np.float32([[2.0], [0.0]])), class_indices(np.eye(2))
        (array([2, 0]), array([0, 1]))
    """
    if not isinstance(y, np.ndarray) or y.ndim > 2:
        raise ArgumentError("`class_weight` needs one array of labels, integer or one-hot.")
    if y.ndim == 2 and y.shape[1] > 1:
        return y.argmax(axis=-1)
    flat = y.reshape(len(y))
    whole = np.rint(flat)
    if has_fractions(flat.dtype) and not (whole == flat).all():
        wrong = flat[whole != flat][0]
        raise DataError(f"`class_weight` needs integer or one-hot labels. Received: the label {wrong}")
    return whole.astype(int)


def warn_of_absent(numbers: Iterable[int], where: str) -> None:
    """Warns of classes that have a weight but no examples.

    Args:
        numbers: The indices of these classes; if there are none, nothing is done.
        where: What was searched for examples, for the message.
    """
    absent = sorted(numbers)
    if absent:
        warn_user(
            f"`class_weight` has weights for the classes {absent}, but {where} has no label of them. "
            "Are the labels numbered from 0?",
            UserWarning,
        )
