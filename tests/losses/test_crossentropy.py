import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.losses import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    SparseCategoricalCrossentropy,
)


def test_binary():
    loss = BinaryCrossentropy(from_logits=True, label_smoothing=0.5, axis=0)
    # scores of 0 mean 1/2, whatever the labels
    np.testing.assert_allclose(loss([[0.0, 1.0]], [[0.0, 0.0]]), np.log(2), rtol=1e-6)
    assert loss.get_config() == {
        "name": "binary_crossentropy",
        "reduction": "sum_over_batch_size",
        "from_logits": True,
        "label_smoothing": 0.5,
        "axis": 0,
    }
    assert (loss.from_logits, loss.label_smoothing, loss.axis) == (True, 0.5, 0)


def test_binary_with_labels_of_one_axis():
    loss = BinaryCrossentropy()
    np.testing.assert_allclose(loss([1.0, 0.0], [[0.5], [0.75]]), (np.log(2) + np.log(4)) / 2, rtol=1e-6)


def test_categorical():
    loss = CategoricalCrossentropy(label_smoothing=0.2, axis=1)
    np.testing.assert_allclose(loss([[0.0, 1.0]], [[0.25, 0.75]]), 0.1 * np.log(4) + 0.9 * np.log(4 / 3), rtol=1e-6)
    assert loss.get_config() == {
        "name": "categorical_crossentropy",
        "reduction": "sum_over_batch_size",
        "from_logits": False,
        "label_smoothing": 0.2,
        "axis": 1,
    }
    assert (loss.from_logits, loss.label_smoothing, loss.axis) == (False, 0.2, 1)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32"])
def test_sparse(dtype):
    loss = SparseCategoricalCrossentropy(from_logits=True)
    labels = np.array([1, 0], dtype)
    scores = np.float32([[0, 0], [0, np.log(3)]])
    np.testing.assert_allclose(loss(labels, scores), (np.log(2) + np.log(4)) / 2, rtol=1e-6)


def test_sparse_config_keeps_an_unusual_axis():
    usual = SparseCategoricalCrossentropy(ignore_class=3).get_config()
    assert usual == {
        "name": "sparse_categorical_crossentropy",
        "reduction": "sum_over_batch_size",
        "from_logits": False,
        "ignore_class": 3,
    }
    unusual = SparseCategoricalCrossentropy(axis=1)
    again = SparseCategoricalCrossentropy.from_config(unusual.get_config())
    assert (unusual.axis, again.axis) == (1, 1)
    labels, scores = np.array([[0, 1]]), np.float32([[[0.5, 0.25], [0.5, 0.75]]])
    np.testing.assert_allclose(again(labels, scores), (np.log(2) + np.log(4 / 3)) / 2, rtol=1e-6)


def test_binary_focal():
    loss = BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.75, gamma=1.0, from_logits=True)
    # scores of 0 mean 1/2: a half of ln 2, times 3/4 for yes and 1/4 for no
    np.testing.assert_allclose(loss([[0.0, 1.0]], [[0.0, 0.0]]), np.log(2) / 2 / 2, rtol=1e-6)
    assert list(loss.get_config().items())[2:] == [
        ("from_logits", True),
        ("label_smoothing", 0.0),
        ("axis", -1),
        ("apply_class_balancing", True),
        ("alpha", 0.75),
        ("gamma", 1.0),
    ]


def test_categorical_focal():
    loss = CategoricalFocalCrossentropy(alpha=[0.5, 1.0], gamma=1.0)
    expected = (0.5 * 0.75 * np.log(4) + 0.75 * np.log(4)) / 2
    np.testing.assert_allclose(loss([[1.0, 0.0], [0.0, 1.0]], [[0.25, 0.75], [0.75, 0.25]]), expected, rtol=1e-6)
    assert list(loss.get_config().items())[2:] == [
        ("from_logits", False),
        ("label_smoothing", 0.0),
        ("axis", -1),
        ("alpha", [0.5, 1.0]),
        ("gamma", 1.0),
    ]


def test_generalized():
    loss = CategoricalGeneralizedCrossEntropy(q=0.5)
    np.testing.assert_allclose(loss([1, 0], [[0.75, 0.25], [1.0, 0.0]]), 0.5, rtol=1e-6)
    assert list(loss.get_config().items())[2:] == [("q", 0.5)]
    for q in (0, 1, -0.5, 2.0):
        with pytest.raises(ArgumentError, match=f"`q` must be a finite number in .0, 1.. Received: q={q}"):
            CategoricalGeneralizedCrossEntropy(q=q)
