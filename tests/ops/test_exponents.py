"""Exponentials, logarithms, powers and roots: values worked by hand, and where they would overflow."""

import math

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

NAN, INF = float("nan"), float("inf")
X = np.concatenate([np.linspace(-7, 7, 2001), [-1, 1, 1 - 1e-12, -1 - 1e-12, 1e-300, 0]])

BY_HAND = [
    ("power", ([2.0, 4.0, -2.0, 0.0], [3.0, 0.5, 3.0, 0.0]), [8, 2, -8, 1]),
    ("square", ([3, -4],), [9, 16]),
    ("sqrt", ([9, 2.25, 0],), [3, 1.5, 0]),
    ("exp", ([0, -INF, 1e4],), [1, 0, INF]),
    ("log", ([1, 0, -1],), [0, -INF, NAN]),
    ("log1p", ([0, -1],), [0, -INF]),
]


@pytest.mark.parametrize(("name", "inputs", "expected"), BY_HAND)
def test_by_hand(name, inputs, expected):
    np.testing.assert_array_equal(getattr(ops, name)(*inputs), np.float64(expected))


def test_e():
    assert ops.exp(np.float64(1)) == pytest.approx(2.718281828459045, rel=1e-15)
    assert ops.log(np.float64(10)) == pytest.approx(2.302585092994046, rel=1e-15)
    assert ops.log1p(np.float64(1e-20)) == 1e-20


def test_other_bases_and_roots():
    assert ops.exp2([0.0, 3.0, -1.0]).tolist() == [1, 8, 0.5]
    assert ops.log2([1.0, 8.0]).tolist() == [0, 3]
    np.testing.assert_allclose(ops.log10([1.0, 1000.0]), [0, 3], rtol=1e-6)
    assert ops.rsqrt([4.0, 0.25]).tolist() == [0.5, 2]
    np.testing.assert_allclose(ops.cbrt([-8.0, 27.0]), [-2, 3], rtol=1e-6)


@pytest.mark.parametrize("name", ["exp", "log", "log1p", "sqrt"])
def test_integers_become_floats(name):
    assert getattr(ops, name)(np.int64([1, 2])).dtype == "float32"
    assert getattr(ops, name)([True]).dtype == "float32"


def test_types():
    for name in ("exp2", "log2", "log10", "rsqrt"):
        assert getattr(ops, name)(np.int64([1])).dtype == np.float32
    assert ops.cbrt(np.int64([1])).dtype == np.float64  # as in Keras


def test_gradients_far_out():
    assert gradient(ops.exp, [-1e4]) == [[0]]
    assert gradient(ops.sqrt, [0.0]) == [[INF]]


def test_gradient_of_expm1():
    (found,) = gradient(ops.expm1, X, dtype="float64")
    np.testing.assert_allclose(found, np.exp(X), rtol=1e-12)


def gradient(function, *values, dtype="float32"):
    with Trace() as trace:
        inputs = [Tensor(np.asarray(value, dtype), trace) for value in values]
        found = gradients(function(*inputs), inputs)
        return [None if grad is None else np.asarray(getattr(grad, "array", grad)).tolist() for grad in found]


def test_sums_of_exponentials():
    np.testing.assert_allclose(
        ops.logaddexp([0.0, 1000.0, -1000.0], [0.0, 1000.0, 0.0]), [np.log(2), 1000 + np.log(2), 0]
    )
    assert ops.logaddexp2([3.0, 500.0], [3.0, 500.0]).tolist() == [4, 501]


def test_gradients_of_powers():
    assert gradient(lambda x: x**2, [0.0, -3.0]) == [[0, -6]]
    assert gradient(lambda x: x**1, [0.0]) == [[1]]
    assert gradient(ops.power, [-2.0, 0.0], [3.0, 2.0]) == [[12, 0], [0, 0]]


def test_expm1():
    np.testing.assert_allclose(ops.expm1(X), [math.expm1(value) for value in X.tolist()], rtol=1e-15)
    assert ops.expm1([1, 2]).dtype == "float32"


def test_sums_of_exponentials_of_complex_numbers():
    """Values of Keras on JAX: the imaginary part is from -pi to pi."""
    x, y = np.array([1 + 2j, 3 - 1j, -40 + 3j], "complex64"), np.array([2 - 1j, 0.5 + 1j, -39 - 9j], "complex64")
    expected = [1.5504546 - 0.91852784j, 2.9682207 - 0.92287374j, -38.718422 - 2.8663228j]
    np.testing.assert_allclose(ops.logaddexp(x, y), expected, rtol=1e-6)
    expected = [1.8048828 - 0.244699j, 3.0661974 - 0.759424j, -39.158566 + 0.8186741j]
    np.testing.assert_allclose(ops.logaddexp2(x, y), expected, rtol=1e-6)
    expected = [0.90632379 + 1.6238286j, 3.0273762 - 0.95922565j, -4.2058387e-18 + 6e-19j]
    np.testing.assert_allclose(ops.softplus(x), expected, rtol=1e-5, atol=1e-17)
    expected = [0.09367618 + 0.37617135j, -0.027376123 - 0.04077435j, -40 + 3j]
    np.testing.assert_allclose(ops.log_sigmoid(x), expected, rtol=1e-5)
    check_grads(lambda a, b: ops.real(ops.logaddexp(a + 1j, 2 * b - 0.5j)), [0.3, 2], [1.2, 0.1])
    assert ops.logaddexp(KerasTensor((2,), "complex64"), 1.0).dtype == "complex64"


def test_negative_powers_of_integers():
    for dtypes in (("int32", "int32"), ("uint8", "int8")):
        x, exponent = np.array([2, 3], dtypes[0]), np.array([2, -1], dtypes[1])
        for function in (ops.power, lambda a, b: Step(lambda pair: ops.power(*pair), "power")((a, b))):
            with pytest.raises(ArgumentError, match="expects exponents of at least 0. Received: exponents down to -1"):
                function(x, exponent)
    replayed = Step(lambda pair: ops.power(*pair), "power")
    for _ in range(2):
        assert replayed((np.int32([2, 3]), np.int32([3, 0]))).tolist() == [8, 1]
    with pytest.raises(ArgumentError, match="down to -1"):
        replayed((np.int32([2, 3]), np.int32([3, -1])))
    assert ops.power(np.zeros(0, "int32"), np.zeros(0, "int32")).shape == (0,)
