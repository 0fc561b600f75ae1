"""Sample weights: checked, and made of class weights."""

import warnings

import numpy as np
import pytest

from minikeras.errors import ArgumentError, DataError
from minikeras.training.sample_weights import (
    check_class_weights,
    check_sample_weights,
    class_indices,
    class_weights_to_samples,
    warn_of_absent,
)


def test_class_weights():
    weights = {0: 2.0, 2: 0.5}
    assert class_weights_to_samples(np.array([0, 1, 2]), weights).tolist() == [2, 1, 0.5]
    assert class_weights_to_samples(np.array([[0], [2]]), weights).tolist() == [2, 0.5]
    found = class_weights_to_samples(np.eye(3), weights)
    assert found.tolist() == [2, 1, 0.5] and found.dtype == np.float32
    for y in (None, np.zeros((2, 2, 2)), [np.zeros(2)]):
        with pytest.raises(ArgumentError, match="needs one array of labels"):
            class_weights_to_samples(y, weights)


def test_sample_weights_are_numbers():
    assert not check_sample_weights(None, "w") and not check_sample_weights([np.ones(2), np.zeros((2, 1))], "w")
    with pytest.raises(DataError, match="`w` must not contain NaN. Received: nan at 1. Give 0 to examples"):
        check_sample_weights(np.array([1.0, np.nan]), "w")
    with pytest.raises(DataError, match=r"nan at \(1, 0\)"):
        check_sample_weights({"a": np.array([[1.0], [np.nan]])}, "w")


def test_negative_weights_are_warned_of():
    with pytest.warns(UserWarning, match="`w` has negative weights, down to -2.0"):
        assert check_sample_weights(np.array([1.0, -2.0]), "w")
    assert not check_sample_weights(np.array([1.0, -2.0]), "w", warns=False)


def test_class_weights_are_checked():
    check_class_weights({0: 1, np.int64(2): np.float32(0.5)})
    for weights, message in (
        ([1, 2], "must be a dict"),
        ({"a": 1}, "Received: 'a': 1"),
        ({True: 1}, "Received: True: 1"),
        ({0: None}, "Received: 0: None"),
        ({-1: 1}, "non-negative class indices"),
        ({0: float("nan")}, "non-negative class indices"),
    ):
        with pytest.raises(ArgumentError, match=message):
            check_class_weights(weights)


def test_class_numbers():
    assert class_indices(np.array([[0.1, 0.9], [0.8, 0.2]])).tolist() == [1, 0]
    assert class_indices(np.array([2.0, 0.0])).dtype.kind == "i"
    with pytest.raises(DataError, match="needs integer or one-hot labels.*Received: the label 0.5"):
        class_indices(np.array([1.0, 0.5]))


def test_absent_classes_are_warned_of():
    with pytest.warns(UserWarning, match=r"weights for the classes \[2, 5\], but the data has no label of them"):
        warn_of_absent({5, 2}, "the data")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_absent([], "the data")
