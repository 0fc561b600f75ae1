"""The loss of a compiled model."""

import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import ArgumentError, DataError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.training.compiled_loss import CompiledLoss

Y, P = np.float32([[1.0], [2.0]]), np.float32([[3.0], [5.0]])  # squared errors 4 and 9


def absolute(y_true, y_pred):
    return abs(y_true - y_pred)[:, 0]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("mse", 6.5),
        ("mean_absolute_error", 2.5),
        (losses.MeanSquaredError(), 6.5),
        (losses.MeanSquaredError(reduction="sum"), 13),
        (losses.mean_squared_error, 6.5),
        (absolute, 2.5),
        (["mse"], 6.5),
        ({"output": "mse"}, 6.5),
    ],
)
def test_values(loss, expected):
    compiled = CompiledLoss(loss)
    assert float(compiled(Y, P)) == expected
    assert float(CompiledLoss(loss, 0.5)(Y, P)) == expected / 2
    assert float(CompiledLoss(loss, [2])(Y, P)) == 2 * expected


def test_sample_weights():
    assert float(CompiledLoss("mse")(Y, P, np.float32([1.0, 0.0]))) == 2  # (4 + 0) / 2


def test_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'mse'"):
        CompiledLoss("mes")
    with pytest.raises(ArgumentError, match="`loss` has 2 entries, but the model has one output"):
        CompiledLoss(["mse", "mae"])(Y, P)
    with pytest.raises(ArgumentError, match=r"`loss_weights` must hold.*1 loss\(es\) and 2 weights"):
        CompiledLoss("mse", [1, 2])
    for weight in ("a", True):
        with pytest.raises(ArgumentError, match="`loss_weights` must be a number"):
            CompiledLoss("mse", weight)
    assert not CompiledLoss(None) and not CompiledLoss([None]) and CompiledLoss({"a": None, "b": "mse"})


def test_labels_of_sequences():
    loss = CompiledLoss("sparse_categorical_crossentropy")
    numbers = np.zeros((5, 7), "int32")
    loss.check_labels(numbers, KerasTensor((None, 7, 3)))
    loss.check_labels(numbers[..., None], KerasTensor((None, 7, 3)))
    with pytest.raises(DataError, match=r"labels of shape \('batch', 7\)"):
        loss.check_labels(numbers[:, :6], KerasTensor((None, 7, 3)))
    numbers[4, 6] = 3
    with pytest.raises(DataError, match="from 0 to 2.*Received: labels from 0 to 3"):
        loss.check_labels(numbers, KerasTensor((None, 7, 3)))


def test_an_ignored_class_may_be_out_of_range():
    loss = CompiledLoss(losses.SparseCategoricalCrossentropy(ignore_class=-1))
    loss.check_labels(np.array([0, 2, -1]), KerasTensor((None, 3)))
    loss.check_labels(np.array([-1, -1]), KerasTensor((None, 3)))
    with pytest.raises(DataError, match="labels from -2 to 2"):
        loss.check_labels(np.array([0, 2, -1, -2]), KerasTensor((None, 3)))


def test_labels_in_a_list_of_one():
    loss, y, outputs = CompiledLoss("mse"), np.float32([[1], [2]]), np.float32([[0], [0]])
    assert loss([y], outputs) == loss({"out": y}, outputs) == 2.5  # (1 + 4) / 2
    assert loss([y], outputs, [np.float32([1, 0])]) == 0.5
    with pytest.raises(DataError, match="expects one-hot labels"):
        CompiledLoss("categorical_crossentropy").check_labels([np.array([9])], KerasTensor((None, 3)))


def test_what_is_not_known_is_not_refused():
    CompiledLoss("sparse_categorical_crossentropy").check_labels(np.array([9]), None)
    CompiledLoss("mse").check_labels(np.array([9]), KerasTensor((None, 3)))
    CompiledLoss("binary_crossentropy").check_labels(np.array([0.3]), KerasTensor((None, 1)))  # soft labels
