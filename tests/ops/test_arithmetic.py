"""Elementwise arithmetic: values worked by hand, types and gradients."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from tests.helpers import check_grads

NAN, INF = float("nan"), float("inf")

BY_HAND = [
    ("add", ([1, 2], [10, 20]), [11, 22]),
    ("subtract", ([1, 2], [10, 30]), [-9, -28]),
    ("multiply", ([2, 3], [10, -20]), [20, -60]),
    ("divide", ([1, 3], [2, -4]), [0.5, -0.75]),
    ("true_divide", ([1.0, -1.0, 0.0], [0.0, 0.0, 0.0]), [INF, -INF, NAN]),
    ("divide_no_nan", ([1.0, 0.0, 3.0, INF], [0.0, 0.0, 2.0, 0.0]), [0, 0, 1.5, 0]),
    ("floor_divide", ([7.0, -7.0], [2.0, 2.0]), [3, -4]),
    ("mod", ([7.0, -7.0, 7.0], [3.0, 3.0, -3.0]), [1, 2, -2]),
    ("negative", ([1, -2],), [-1, 2]),
    ("absolute", ([1.5, -2.5, -INF],), [1.5, 2.5, INF]),
    ("sign", ([-2.5, 0.0, 7.0],), [-1, 0, 1]),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), BY_HAND)
def test_by_hand(name, inputs, expected):
    np.testing.assert_array_equal(getattr(ops, name)(*inputs), np.float64(expected))


def test_signs_and_remainders():
    assert ops.abs([-1, 2]).tolist() == [1, 2] and ops.abs([-1, 2]).dtype == np.int32
    assert ops.fabs([-1, 2]).dtype == np.float32
    assert ops.signbit([-1.0, -0.0, 0.0, 2.0]).tolist() == [True, True, False, False]
    assert ops.fmod([7.0, -7.0], 3.0).tolist() == [1, -1]


def test_reciprocal():
    assert ops.reciprocal([4, -2]).tolist() == [0.25, -0.5] and ops.reciprocal(0.0) == np.inf
    assert ops.reciprocal(np.int64([1])).dtype == np.float32


def test_gradient_of_absolute_values():
    assert gradient(ops.absolute, [0.0, -2.0, 3.0]) == [[0, -1, 1]]


def test_division_of_integers():
    result = ops.true_divide(np.int32([1]), np.int32([2]))
    assert result.dtype == "float32" and result.tolist() == [0.5]


def gradient(function, *values):
    with Trace() as trace:
        inputs = [Tensor(np.float32(value), trace) for value in values]
        found = gradients(function(*inputs), inputs)
        return [None if grad is None else np.asarray(getattr(grad, "array", grad)).tolist() for grad in found]


def test_gradients_of_quotients():
    assert gradient(ops.divide_no_nan, [1.0, 4.0], [0.0, 2.0]) == [[0, 0.5], [0, -1]]
    check_grads(ops.mod, [7.3, -7.3, 7.3], [3.1, 3.2, -3.3])
