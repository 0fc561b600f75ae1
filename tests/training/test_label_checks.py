"""The values of labels against the loss that they are for."""

import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import DataError
from minikeras.training.label_checks import check_label_values

SPARSE, ONE_HOT = losses.SparseCategoricalCrossentropy(), losses.CategoricalCrossentropy()
BINARY, GENERALIZED = losses.BinaryCrossentropy(), losses.CategoricalGeneralizedCrossEntropy()


@pytest.mark.parametrize("loss", [SPARSE, GENERALIZED], ids=["sparse", "generalized"])
def test_class_numbers(loss):
    for y in ([0, 2], [[0], [2]], [0.0, 2.0]):
        check_label_values(loss, np.array(y), (None, 3))
    for y, message in (
        ([0, 3], "expects class indices from 0 to 2, as the model has 3 outputs. Received: labels from 0 to 3"),
        ([-1, 2], "Received: labels from -1 to 2"),
        (np.eye(3), r"labels of shape \('batch',\). Received: y of shape \(3, 3\). For one-hot labels"),
    ):
        with pytest.raises(DataError, match=message):
            check_label_values(loss, np.array(y), (None, 3))


def test_class_numbers_on_another_axis_or_of_an_unknown_number_are_not_compared():
    check_label_values(losses.SparseCategoricalCrossentropy(axis=1), np.full((2, 4), 9), (None, 4, 5))
    check_label_values(SPARSE, np.array([7]), (None, None))


def test_class_numbers_are_whole():
    with pytest.raises(DataError, match="0.5"):
        check_label_values(SPARSE, np.array([0.5, 1.0]), (None, 3))


def test_one_hot_labels():
    check_label_values(ONE_HOT, np.eye(3), (None, 3))
    check_label_values(ONE_HOT, np.eye(3), (None, None))
    for y in (np.arange(3), np.eye(4), np.eye(3)[:, None]):
        with pytest.raises(DataError, match=r"one-hot labels of shape \('batch', 3\).*to_categorical\(y, 3\)"):
            check_label_values(ONE_HOT, y, (None, 3))


def test_binary_labels():
    check_label_values(BINARY, np.array([0, 1]), (None, 1))
    check_label_values(BINARY, np.array([0.2, 1.7]), (None, 1))  # soft labels may be anything
    with pytest.raises(DataError, match="expects labels 0 and 1. Received: integers from 0 to 2"):
        check_label_values(BINARY, np.array([0, 2]), (None, 1))


def test_what_is_not_known_passes():
    check_label_values(losses.MeanSquaredError(), np.array([9]), (None, 3))
    check_label_values(SPARSE, None, (None, 3))

    class Own(losses.Loss):
        def call(self, y_true, y_pred):
            return y_pred

    check_label_values(Own(), np.array([9]), (None, 3))
