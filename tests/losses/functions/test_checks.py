import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.losses.functions.checks import (
    as_floats,
    check_axis,
    check_same_shape,
    class_indices,
    equal_sizes,
    fitted,
)


@pytest.mark.parametrize(("given", "expected"), [("float16", "float16"), ("float64", "float64"), ("int64", "float32")])
def test_the_predictions_decide_the_type(given, expected):
    y_true, y_pred = as_floats(np.array([1, 2]), np.array([1, 2], given))
    assert y_true.dtype == y_pred.dtype == expected


def test_ranks():
    y_true, y_pred = fitted("f", [1, 0], [[0.5], [0.25]])
    assert y_true.shape == y_pred.shape == (2, 1)
    assert fitted("f", 1.0, [[0.5], [0.25]])[0].shape == () and fitted("f", [[1, 0]], [[0, 1], [1, 0]])[0].size == 2
    for labels, outputs in (([1, 0, 1], [0.5, 0.25]), ([[1, 0]], [[0.5], [0.25]]), ([[1, 0]], [[0.5]])):
        with pytest.raises(ShapeError, match=r"`f`: the labels have shape \(.*\) and the predictions shape \("):
            fitted("f", labels, outputs)


def test_class_numbers_lose_the_last_axis():
    y_true, y_pred = class_indices(np.zeros((2, 5, 1)), np.zeros((2, 5, 3)))
    assert y_true.shape == (2, 5) and y_pred.shape == (2, 5, 3)
    with pytest.raises(ShapeError, match=r"`f` expects one class index per example"):
        class_indices(np.zeros(3), np.zeros((2, 3)), name="f")


def test_same_shape():
    check_same_shape("f", np.zeros((2, 3)), np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"`f` expects y_true of shape \(2, 3\), like y_pred. Received: .* \(2, 1\)"):
        check_same_shape("f", np.zeros((2, 1)), np.zeros((2, 3)))


def test_axis():
    check_axis("f", -2, np.zeros((2, 3)))
    with pytest.raises(ArgumentTypeError, match="axis=True"):
        check_axis("f", True, np.zeros((2, 3)))
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        check_axis("f", 2, np.zeros((2, 3)))


def test_free_sizes_equal_every_other():
    assert equal_sizes((None, 3), (2, 3)) and equal_sizes((), ())
    assert not equal_sizes((2, 3), (2, 4)) and not equal_sizes((None,), (None, 1))
