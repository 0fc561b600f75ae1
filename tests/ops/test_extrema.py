"""Elementwise maxima and minima, and clipping."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

NAN, INF = float("nan"), float("inf")

BY_HAND = [
    ("maximum", ([1.0, 5.0, NAN], [3.0, 2.0, 1.0]), [3, 5, NAN]),
    ("minimum", ([1.0, 5.0, 1.0], [3.0, 2.0, NAN]), [1, 2, NAN]),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), BY_HAND)
def test_by_hand(name, inputs, expected):
    np.testing.assert_array_equal(getattr(ops, name)(*inputs), np.float64(expected))


def test_gradients_of_ties_and_bounds():
    assert gradient(ops.maximum, [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]) == [[1, 0, 1], [0, 1, 0]]
    assert gradient(ops.minimum, [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]) == [[1, 1, 0], [0, 0, 1]]
    assert gradient(lambda x: ops.clip(x, 0.0, 1.0), [0.0, 1.0, -1.0, 2.0, 0.5]) == [[1, 1, 0, 0, 1]]


def gradient(function, *values):
    with Trace() as trace:
        inputs = [Tensor(np.float32(value), trace) for value in values]
        found = gradients(function(*inputs), inputs)
        return [None if grad is None else np.asarray(getattr(grad, "array", grad)).tolist() for grad in found]


def test_clip():
    assert ops.clip([1, 5, 9], 2, 6).tolist() == [2, 5, 6]
    assert np.isnan(ops.clip(NAN, 0.0, 1.0))
    assert ops.clip(np.float32([5]), 0.0, np.float64(1)).dtype == "float32"
    assert ops.clip([True], 0, 1).dtype == "int32"


def test_without_nan():
    np.testing.assert_array_equal(ops.fmax([1.0, NAN, NAN], [2.0, 3.0, NAN]), [2, 3, NAN])
    np.testing.assert_array_equal(ops.fmin([1.0, NAN, 5.0], [2.0, 3.0, NAN]), [1, 3, 5])
    assert ops.fmax([1, 2], [2, 1]).tolist() == [2, 2]
