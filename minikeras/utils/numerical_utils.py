"""Numerical utilities: one-hot encoding of labels, and normalization."""

from typing import Any

import numpy as np

from ..argument_checks import check_int
from ..config import epsilon, floatx
from ..engine.dtypes import has_fractions, is_real
from ..errors import ArgumentTypeError, DataError, warn_legacy
from ..tracebacks import filtered

__all__ = ["normalize", "to_categorical"]


@filtered
def normalize(x: Any, axis: int | tuple[int, ...] | None = -1, order: float = 2) -> np.ndarray:
    """Normalizes an array along an axis to unit norm; zero vectors stay zero.

    `x / norm(x, order)` with, for vectors, `norm(x, p) = sum(|x| ** p) ** (1 / p)`.

    As in Keras, arrays use `numpy.linalg.norm` (matrix norms for two axes; 1-D input is returned with shape (1, n)),
    and anything else is converted to `floatx` and uses the formula. Unlike in Keras, `axis=0` is the first axis for
    arrays, too.

    Args:
        x: Array or nested lists.
        axis: The axis, or axes, to normalize along. None normalizes the whole array.
        order: The order `p` of the norm: 1, 2, ... For arrays, any order of `numpy.linalg.norm`.

    Returns:
        A new array of the shape of `x` (1-D arrays: one dimension more). float64 for integer arrays.

    Raises:
        ArgumentError: If `x` is not an array and `order` is not an integer of at least 1.

    Source:
        https://keras.io/api/utils/python_utils/#normalize-function

    Example:
        >>> normalize(np.array([[3.0, 4.0], [0.0, 0.0]]))
        array([[0.6, 0.8],
               [0. , 0. ]])
    """
    if isinstance(x, np.ndarray):
        norm = np.atleast_1d(np.linalg.norm(x, order, axis))
        norm[norm == 0] = 1
        return x / np.expand_dims(norm, -1 if axis is None else axis)
    order = check_int("normalize", "order", order, minimum=1)
    x = np.asarray(x, dtype=floatx())
    power_sum = np.sum(np.abs(x) ** order, axis=axis, keepdims=True)
    return x / np.maximum(power_sum ** (1 / order), epsilon())


@filtered
def to_categorical(x: Any, num_classes: int | None = None, **kwargs: Any) -> np.ndarray:
    """Converts integer labels to one-hot vectors, for the loss "categorical_crossentropy".

    `result[..., k] = 1 if x[...] == k else 0`

    Args:
        x: Array or nested lists of class indices from 0 to `num_classes - 1`, of any shape. A last dimension of 1 is
            dropped. Floats are accepted if they are integral.
        num_classes: The number of classes. If None (or 0), the largest class index plus 1.
        **kwargs: `nb_classes` and `dtype` of Keras 1 and 2.

    Returns:
        float64 array of shape `x.shape + (num_classes,)`.

    Raises:
        DataError: If `x` contains anything but integers from 0 to `num_classes - 1`, or if it is empty and
            `num_classes` is not given. (Keras counts negative indices from the end, and truncates fractions: with
            labels, both are mistakes.)
        ArgumentTypeError: If `num_classes` is not an integer.
        ArgumentError: If `num_classes` is negative.

    Source:
        https://keras.io/api/utils/python_utils/#to_categorical-function

    Example:
        >>> to_categorical([0, 2, 1])
        array([[1., 0., 0.],
               [0., 0., 1.],
               [0., 1., 0.]])
    """
    dtype = kwargs.pop("dtype", None)
    if "nb_classes" in kwargs:
        warn_legacy("`to_categorical(nb_classes=...)`", "`to_categorical(num_classes=...)`")
        num_classes = kwargs.pop("nb_classes")
    if kwargs:
        raise ArgumentTypeError(f"to_categorical: unknown arguments. Received: {', '.join(kwargs)}")
    if dtype is not None:
        warn_legacy(f"`to_categorical(dtype={dtype!r})`", f"`to_categorical(...).astype({dtype!r})`")
        return to_categorical(x, num_classes).astype(dtype)
    if num_classes is not None:
        check_int("to_categorical", "num_classes", num_classes, minimum=0, alternative="None", error=ArgumentTypeError)
    labels = _whole_numbers(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if not num_classes:
        if labels.size == 0:
            raise DataError("to_categorical: `x` is empty, so `num_classes` cannot be inferred; pass `num_classes`.")
        num_classes = max(int(labels.max()) + 1, 1)
    _check_range(labels, num_classes)
    one_hot = np.zeros((labels.size, num_classes))
    one_hot[np.arange(labels.size), labels.ravel()] = 1
    return one_hot.reshape(*labels.shape, num_classes)


def _whole_numbers(x: Any) -> np.ndarray:
    """Returns the labels as int64; refuses non-integral values."""
    values = np.asarray(x)
    if not is_real(values.dtype):
        raise DataError(
            f"to_categorical: `x` must contain integers. Received an array of dtype {values.dtype}; "
            f"convert the labels to integers first, for example with `np.unique(x, return_inverse=True)[1]`."
        )
    if has_fractions(values.dtype):
        wrong = values[~np.isfinite(values) | (values != np.trunc(values))]
        if wrong.size:
            raise DataError(
                f"to_categorical: `x` must contain integers. Received {wrong.size} other value(s), "
                f"the first is {wrong[0]}; round or clean the labels first."
            )
    return values.astype(np.int64)


def _check_range(labels: np.ndarray, num_classes: int) -> None:
    wrong = labels[(labels < 0) | (labels >= num_classes)]
    if wrong.size:
        raise DataError(
            f"to_categorical: `x` must contain class indices from 0 to {num_classes - 1}. Received {wrong.size} "
            f"value(s) out of range, the first is {wrong[0]}; correct the labels, or pass a larger `num_classes`."
        )
