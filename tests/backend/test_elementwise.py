"""Elementwise functions."""

import numpy as np
import pytest

from minikeras import backend, ops

X = np.float32([-2.0, 0.0, 3.0])


@pytest.mark.parametrize("name", "abs cos equal exp greater less log maximum round sign sqrt square tanh".split())
def test_functions_that_are_those_of_ops(name):
    assert getattr(backend, name) is getattr(ops, name)


def test_pow():
    assert backend.pow(X, 2).tolist() == [4, 0, 9]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [((-1, 1), [-1, 0, 1]), ((None, 1), [-2, 0, 1]), ((-1, None), [-1, 0, 3]), ((2, 1), [2, 2, 2])],
)
def test_clip(bounds, expected):
    assert backend.clip(X, *bounds).tolist() == expected  # the lower bound counts if it is above the upper one


def test_elu():
    np.testing.assert_allclose(backend.elu(X, 0.5), [0.5 * np.expm1(-2), 0, 3], rtol=1e-6)


def test_hard_sigmoid_is_that_of_keras_2():
    np.testing.assert_allclose(backend.hard_sigmoid(np.float32([-3, -1, 0, 3])), [0, 0.3, 0.5, 1], rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 0, 3]),
        ({"alpha": 0.1}, [-0.2, 0, 3]),
        ({"max_value": 2.0}, [0, 0, 2]),
        ({"threshold": 4.0}, [0, 0, 0]),
        ({"alpha": 0.5, "threshold": 1.0}, [-1.5, -0.5, 3]),
    ],
)
def test_relu(options, expected):
    np.testing.assert_allclose(backend.relu(X, **options), expected, rtol=1e-6)
