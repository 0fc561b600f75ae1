"""Smooth activation functions."""

import math

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test


def test_gelu_is_approximate_by_default():
    x = np.array([-2.0, 0.5, 3.0])
    expected = [0.5 * v * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3))) for v in x.tolist()]
    np.testing.assert_allclose(ops.gelu(x), expected, rtol=1e-12)


def test_softplus_of_large_values():
    assert ops.softplus(np.float32([-200, 200])).tolist() == [0, 200]


def test_elu_of_large_values():
    assert ops.elu(np.float32([-1000, 1000])).tolist() == [-1, 1000]


def slope(function, x, dtype="float32"):
    with Trace() as trace:
        source = Tensor(np.array(x, dtype), trace)
        return gradients(function(source), [source])[0].array


def test_celu():
    np.testing.assert_allclose(ops.celu([-1.0, 0.0, 2.0], alpha=0.5), [0.5 * math.expm1(-2), 0, 2], rtol=1e-6)
    np.testing.assert_allclose(slope(lambda x: ops.celu(x, 0.5), [-1, 0, 2]), [math.exp(-2), 1, 1], rtol=1e-6)
    assert ops.celu(np.float32([-1e4, 1e4])).tolist() == [-1, 1e4]
    with pytest.raises(ArgumentError, match="alpha=0"):
        ops.celu([1.0], alpha=0)


def test_log_sigmoid():
    np.testing.assert_allclose(ops.log_sigmoid([0.0, -1e4, 1e4]), [-math.log(2), -1e4, 0], rtol=1e-6)
    np.testing.assert_allclose(slope(ops.log_sigmoid, [0, -1e4, 1e4]), [0.5, 1, 0], rtol=1e-6)


def test_squareplus():
    np.testing.assert_allclose(ops.squareplus([0.0, 1.5, -1.5]), [1, 2, 0.5], rtol=1e-6)
    np.testing.assert_allclose(ops.squareplus([0.0, 4.0], b=9), [1.5, 4.5], rtol=1e-6)


def test_glu():
    x = np.float32([[1, 2], [0, 0]])
    np.testing.assert_allclose(ops.glu(x), [[1 / (1 + math.exp(-2))], [0]], rtol=1e-6)
    np.testing.assert_allclose(ops.glu(x, axis=0), [[0.5, 1]], rtol=1e-6)
    for bad in (np.zeros((2, 3)), KerasTensor((2, 3)), KerasTensor((None, 3))):
        with pytest.raises(ShapeError, match=r"even size. Received: x.shape=\(\w+, 3\)"):
            ops.glu(bad)
    assert ops.glu(KerasTensor((None, 4))).shape == (None, 2)
    assert ops.glu(KerasTensor((2, None))).shape == (2, None)


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [(ops.softsign, 1e4, 1 / 10001**2), (ops.softsign, -1e4, 1 / 10001**2), (ops.tanh_shrink, 1e-4, 1e-8)],
)
def test_small_slopes_keep_their_digits(function, x, expected):
    np.testing.assert_allclose(slope(function, [x]), [expected], rtol=1e-6)


def test_integers_become_floats():
    for function in (
        ops.celu,
        ops.elu,
        ops.gelu,
        ops.glu,
        ops.log_sigmoid,
        ops.selu,
        ops.silu,
        ops.softplus,
        ops.softsign,
        ops.squareplus,
        ops.tanh_shrink,
    ):
        assert function(np.array([-1, 2], "int64")).dtype == "float32"


def test_in_place_replay():
    # The input of each dies at once, so the results may take its place.
    functions = (ops.celu, ops.softplus, ops.tanh_shrink, ops.log_sigmoid, ops.softsign, ops.erf, ops.expm1)

    def step(x):
        for function in functions:
            x = function(x * 1.5)
        return x

    x = np.linspace(-3, 3, 13, dtype="float32")
    replayed = Step(step, "chain")
    for _ in range(3):
        np.testing.assert_array_equal(replayed(x), step(x))


def test_a_replayed_sigmoid_has_the_bits_of_an_eager_one():
    x = np.linspace(-90, 90, 12, dtype=np.float32).reshape(3, 4)
    for each in (x, x[:, 1:3], x.astype(np.float16), x.astype(np.float64)):
        step = Step(lambda value: ops.sigmoid(value * 1), "step")
        expected = ops.sigmoid(each)
        for _ in range(2):
            found = step(each)
            assert found.dtype == each.dtype and np.array_equal(found, expected)


def test_sigmoid():
    np.testing.assert_array_equal(ops.sigmoid([0, 1e4, -1e4, -math.inf, math.inf]), [0.5, 1, 0, 0, 1])
    assert ops.sigmoid(np.float64(-2)) == pytest.approx(0.11920292202211755, rel=1e-15)
    assert ops.sigmoid(np.int64([1, 2])).dtype == "float32" and ops.sigmoid([True]).dtype == "float32"
    assert slope(ops.sigmoid, [-1e4, 1e4]).tolist() == [0, 0]


@pytest.mark.parametrize("function", [ops.elu, ops.celu, ops.squareplus], ids=lambda function: function.__name__)
def test_parameters_may_be_tensors(function):
    """As a trained parameter; a number gives the same values, by another kernel."""
    x = np.array([[-2.0, -0.2, 0.6], [3.0, -0.9, 0.1]])
    check_grads(function, x, 0.4)
    check_grads(function, x, [0.4, 0.3, 0.25])
    np.testing.assert_allclose(function(x, np.array(0.4)), function(x, 0.4), rtol=1e-15)
    np.testing.assert_allclose(function(x, np.array([0.4, 2, 3]))[:, 1], function(x[:, 1], 2), rtol=1e-15)
    single = x.astype("float32")
    run_step_test(lambda value: function(single, value), np.float32(0.4), np.float32(0.7))
    assert function(single, Variable(0.4)).dtype == "float32"
    at_zero = [slope(lambda x, each=each: function(x, each), [0.0, 1e4]) for each in (0.5, np.float32(0.5))]
    np.testing.assert_array_equal(*at_zero)
