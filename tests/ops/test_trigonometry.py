"""Trigonometric and hyperbolic functions, against Python's math module."""

import math

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.graph.keras_tensor import KerasTensor

ANGLES = [0.0, math.pi / 6, math.pi / 2, -1.0, 20.0]


@pytest.mark.parametrize(("function", "reference"), [(ops.sin, math.sin), (ops.cos, math.cos)])
def test_values(function, reference):
    result = function(np.float32(ANGLES))
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, [reference(angle) for angle in ANGLES], rtol=1e-5, atol=1e-6)


def test_whole_numbers_become_floats():
    assert ops.cos(np.int32([0])).dtype == np.float32
    assert ops.sin(KerasTensor((None, 2), "int32")).dtype == "float32"


@pytest.mark.parametrize(
    ("function", "first", "second"),
    [
        (ops.sin, math.cos, lambda angle: -math.sin(angle)),
        (ops.cos, lambda angle: -math.sin(angle), lambda angle: -math.cos(angle)),
    ],
)
def test_gradients_of_first_and_second_order(function, first, second):
    with Trace() as trace:
        x = Tensor(np.float64(ANGLES), trace)
        (once,) = gradients(function(x), [x])
        (twice,) = gradients(once, [x])
    np.testing.assert_allclose(once.array, [first(angle) for angle in ANGLES], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(twice.array, [second(angle) for angle in ANGLES], rtol=1e-12, atol=1e-12)


INSIDE = [0.1, 0.5, 0.9]
RELATIVES = {
    "tan": (ops.tan, math.tan, ANGLES[:2]),
    "arcsin": (ops.arcsin, math.asin, [-1.0, *INSIDE, 1.0]),
    "arccos": (ops.arccos, math.acos, [-1.0, *INSIDE, 1.0]),
    "arctan": (ops.arctan, math.atan, ANGLES),
    "sinh": (ops.sinh, math.sinh, ANGLES),
    "cosh": (ops.cosh, math.cosh, ANGLES),
    "arcsinh": (ops.arcsinh, math.asinh, ANGLES),
    "arccosh": (ops.arccosh, math.acosh, [1.0, 1.5, 20.0]),
    "arctanh": (ops.arctanh, math.atanh, [-0.9, *INSIDE]),
    "deg2rad": (ops.deg2rad, math.radians, [0.0, 90.0, -180.0]),
    "rad2deg": (ops.rad2deg, math.degrees, ANGLES),
}


@pytest.mark.parametrize("name", RELATIVES)
def test_relatives(name):
    function, reference, numbers = RELATIVES[name]
    result = function(np.float32(numbers))
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, [reference(number) for number in numbers], rtol=1e-5, atol=1e-6)


def test_of_two_values():
    assert ops.hypot([3.0, 5.0], [4.0, 12.0]).tolist() == [5, 13]
    found = ops.arctan2([1.0, 1.0, -1.0, 0.0], [1.0, -1.0, -1.0, 1.0])
    np.testing.assert_allclose(found, [math.pi / 4, 3 * math.pi / 4, -3 * math.pi / 4, 0], rtol=1e-6)


def test_tanh():
    np.testing.assert_array_equal(ops.tanh([0, 1e4, -1e4]), [0, 1, -1])
    assert ops.tanh(np.float64(0.5)) == pytest.approx(0.46211715726000975, rel=1e-15)
    assert ops.tanh(np.int64([1, 2])).dtype == "float32" and ops.tanh([True]).dtype == "float32"
    with Trace() as trace:
        x = Tensor(np.float32([-1e4, 1e4]), trace)
        assert gradients(ops.tanh(x), [x])[0].array.tolist() == [0, 0]


def test_arctan2_of_complex_numbers():
    """Values of Keras on JAX."""
    x, y = np.array([3 - 1j, -40 + 3j], "complex64"), np.array([0.5 + 1j, -39 - 9j], "complex64")
    np.testing.assert_allclose(ops.arctan2(x, y), [1.5139003 - 0.3643116j, -2.355053 - 0.15316996j], rtol=1e-6)
