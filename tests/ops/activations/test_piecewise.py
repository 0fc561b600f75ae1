"""Piecewise linear activation functions, at their corners and far from them."""

import numpy as np
import pytest

import minikeras
from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentTypeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.float32([-7, -3, -1, -0.5, 0, 0.5, 1, 3, 6, 7])
# By name: the call, its values and its slopes at X, which holds the corners.
KNOWN = {
    "relu6": (ops.relu6, [0, 0, 0, 0, 0, 0.5, 1, 3, 6, 6], [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]),
    "leaky_relu": (
        lambda x: ops.leaky_relu(x, 0.25),
        [-1.75, -0.75, -0.25, -0.125, 0, 0.5, 1, 3, 6, 7],
        [0.25, 0.25, 0.25, 0.25, 0.25, 1, 1, 1, 1, 1],
    ),
    "hard_sigmoid": (
        lambda x: ops.hard_sigmoid(x) * 6,
        [0, 0, 2, 2.5, 3, 3.5, 4, 6, 6, 6],
        [0, 0, 1, 1, 1, 1, 1, 0, 0, 0],
    ),
    "hard_silu": (
        lambda x: ops.hard_silu(x) * 6,
        [0, 0, -2, -1.25, 0, 1.75, 4, 18, 36, 42],
        [0, 0, 1, 2, 3, 4, 5, 6, 6, 6],
    ),
    "hard_tanh": (ops.hard_tanh, [-1, -1, -1, -0.5, 0, 0.5, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 1, 0, 0, 0]),
    "hard_shrink": (ops.hard_shrink, [-7, -3, -1, 0, 0, 0, 1, 3, 6, 7], [1, 1, 1, 0, 0, 0, 1, 1, 1, 1]),
    "hard_shrink by 1": (
        lambda x: ops.hard_shrink(x, 1),
        [-7, -3, 0, 0, 0, 0, 0, 3, 6, 7],
        [1, 1, 0, 0, 0, 0, 0, 1, 1, 1],
    ),
    "soft_shrink": (ops.soft_shrink, [-6.5, -2.5, -0.5, 0, 0, 0, 0.5, 2.5, 5.5, 6.5], [1, 1, 1, 0, 0, 0, 1, 1, 1, 1]),
    "soft_shrink by 3": (
        lambda x: ops.soft_shrink(x, threshold=3),
        [-4, 0, 0, 0, 0, 0, 0, 0, 3, 4],
        [1, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    ),
    "threshold": (
        lambda x: ops.threshold(x, 0.5, -2.0),
        [-2, -2, -2, -2, -2, -2, 1, 3, 6, 7],
        [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
    ),
    "sparse_plus": (
        lambda x: ops.sparse_plus(x) * 16,
        [0, 0, 0, 1, 4, 9, 16, 48, 96, 112],
        [0, 0, 0, 4, 8, 12, 16, 16, 16, 16],
    ),
    "sparse_sigmoid": (
        lambda x: ops.sparse_sigmoid(x) * 4,
        [0, 0, 0, 1, 2, 3, 4, 4, 4, 4],
        [0, 0, 0, 2, 2, 2, 0, 0, 0, 0],
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_values_and_slopes(name):
    function, values, slopes = KNOWN[name]
    with Trace() as trace:
        x = Tensor(X, trace)
        y = function(x)
        (grad,) = gradients(y, [x])
    # sixths are rounded, all else is exact
    np.testing.assert_allclose(y.array, values, rtol=3e-7)
    np.testing.assert_allclose(np.asarray(getattr(grad, "array", grad)), slopes, rtol=3e-7)
    np.testing.assert_array_equal(function(X), y.array)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("size", [1e4, 1e30])
def test_far_out(name, size):
    with Trace() as trace:
        x = Tensor(np.float32([-size, size]), trace)
        y = KNOWN[name][0](x)
        (grad,) = gradients(y, [x])
    assert np.isfinite(y.array).all() and np.isfinite(np.asarray(getattr(grad, "array", grad))).all()


@pytest.mark.parametrize("name", [name for name in KNOWN if name != "relu6"])  # which keeps integers, as in Keras
def test_integers_become_floats(name):
    assert KNOWN[name][0](np.array([-1, 2], "int64")).dtype == "float32"


def test_names_for_the_same():
    assert ops.hard_swish is ops.hard_silu


def test_leaky_relu_of_a_slope_above_1_is_not_a_maximum():
    assert ops.leaky_relu(np.float32([-1, 1]), 2.0).tolist() == [-2, 1]


def test_threshold_of_values():
    result = ops.threshold(np.float32([1, 2, 3]), np.float32([1, 1, 4]), np.float32([7, 8, 9]))
    assert result.tolist() == [7, 2, 9]


def test_in_place_replay():
    # The input of each dies at once, so the results may take its place.
    functions = (ops.hard_tanh, ops.sparse_sigmoid, ops.sparse_plus, ops.hard_shrink, ops.soft_shrink)

    def step(x):
        for function in functions:
            x = function(x * 3.5)
        return x

    x = np.linspace(-3, 3, 13, dtype="float32")
    replayed = Step(step, "chain")
    for _ in range(3):
        np.testing.assert_array_equal(replayed(x), step(x))


def gradient(function, value, dtype="float32"):
    with Trace() as trace:
        x = Tensor(np.asarray(value, dtype), trace)
        (found,) = gradients(function(x), [x])
        return np.asarray(getattr(found, "array", found))


def test_relu():
    assert ops.relu([-1.0, 0.0, 2.0, np.inf]).tolist() == [0, 0, 2, np.inf] and np.isnan(ops.relu(np.nan))
    assert ops.relu(np.int8([-1, 2])).dtype == "int8"
    assert gradient(ops.relu, [-1, 0, 2]).tolist() == [0, 0, 1]


SMALL = np.array([[-2.0, -0.2, 0.6], [3.0, -0.9, 0.1]])
OF_PARAMETERS = [ops.leaky_relu, ops.hard_shrink, ops.soft_shrink]


@pytest.mark.parametrize("function", OF_PARAMETERS, ids=lambda function: function.__name__)
def test_parameters_may_be_tensors(function):
    """As a trained slope; a number gives the same values, by another kernel."""
    check_grads(function, SMALL, 0.4)
    check_grads(function, SMALL, [0.4, 0.3, 0.25])
    np.testing.assert_array_equal(function(SMALL, np.array(0.4)), function(SMALL, 0.4))
    np.testing.assert_array_equal(function(SMALL, np.array([0.4, 0.3, 0.25]))[:, 1], function(SMALL[:, 1], 0.3))
    x = SMALL.astype("float32")
    run_step_test(lambda value: function(x, value), np.float32(0.4), np.float32(0.7))
    slope = minikeras.Variable(0.4)
    assert function(x, slope).dtype == "float32"
    with pytest.raises(ArgumentTypeError, match="is symbolic"):
        function(x, minikeras.KerasTensor(()))


def test_relu6_of_booleans():
    for x in (np.array(True), KerasTensor((2,), "bool")):
        assert ops.relu6(x).dtype == "float32"
