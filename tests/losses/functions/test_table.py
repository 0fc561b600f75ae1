import numpy as np

from minikeras import losses
from minikeras.losses.functions import FUNCTIONS, examples_that_count, takes_integer_labels


def test_all_public_functions_are_in_it():
    names = {name for name in losses.__all__ if name.islower()} - {"deserialize", "get", "serialize"}
    assert {function.__name__ for function in FUNCTIONS} == names
    assert len(FUNCTIONS) == len(names)


def test_ignored_classes():
    labels = np.array([[0], [255]], "uint8")
    function = losses.sparse_categorical_crossentropy
    y_pred = np.zeros((2, 3), "float32")
    np.testing.assert_array_equal(examples_that_count(function, {"ignore_class": 255}, labels, y_pred), [True, False])
    np.testing.assert_array_equal(examples_that_count(function, {"ignore_class": -1}, labels, y_pred), [True, True])
    assert examples_that_count(function, {"ignore_class": None}, labels, y_pred) is None
    assert examples_that_count(losses.mean_squared_error, {}, labels, y_pred) is None


def test_examples_that_have_nothing_to_be_compared_with():
    labels, vectors = np.array([0, 0, 1]), np.float32([[1, 0], [0.6, 0.8], [0.8, 0.6]])
    expected = [True, True, False]
    np.testing.assert_array_equal(examples_that_count(losses.circle, {"gamma": 1.0}, labels, vectors), expected)
    values = np.float32([1, 2, 0])
    np.testing.assert_array_equal(examples_that_count(losses.circle, {}, None, None, values), expected)


def test_class_numbers():
    taking = [function.__name__ for function in FUNCTIONS if takes_integer_labels(function)]
    assert taking == ["categorical_generalized_cross_entropy", "circle", "ctc", "sparse_categorical_crossentropy"]
