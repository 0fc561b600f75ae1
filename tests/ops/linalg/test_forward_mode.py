"""Jacobian-vector products: values, structures, and derivatives of them."""

import numpy as np
import pytest

import minikeras
from minikeras import Model, grad, layers, ops
from minikeras.errors import ArgumentError, ArgumentTypeError
from tests.helpers import check_grads, run_step_test

X, V = np.array([1.0, 2.0]), np.array([0.5, -1.0])


def test_products():
    value, tangent = ops.jvp(lambda x: x**3, (X,), (V,))
    assert value.tolist() == [1, 8] and tangent.tolist() == [1.5, -12] and type(tangent) is np.ndarray
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(ops.jvp(lambda x: ops.matmul(matrix, x), [X], [V])[1], matrix @ V)
    assert ops.jvp(lambda x, y: x + y, (X, X), (V, 2 * V))[1].tolist() == (3 * V).tolist()
    assert ops.jvp(lambda x: x, (X,), (V,))[1].tolist() == V.tolist()
    value, tangent = ops.jvp(lambda x: ops.sin(x), (2.0,), (1.0,))
    np.testing.assert_allclose([value, tangent], [np.sin(2), np.cos(2)], rtol=1e-6)


def test_structures():
    function = lambda p, z: ({"a": p["x"] * z, "b": [ops.sum(z)]}, "kept")  # noqa: E731
    value, tangent, aux = ops.jvp(function, ({"x": X}, X + 1), ({"x": V}, V), has_aux=True)
    assert value["a"].tolist() == [2, 6] and value["b"][0] == 5 and aux == "kept"
    assert tangent["a"].tolist() == (V * (X + 1) + X * V).tolist() and tangent["b"][0] == -0.5


def test_what_does_not_depend_on_the_arguments():
    value, tangent = ops.jvp(lambda x: (x > 1, ops.ones(2), x * 2), (X,), (V,))
    assert [each.tolist() for each in tangent[:2]] == [[False, False], [0, 0]] and tangent[2].tolist() == [1, -2]
    assert value[0].tolist() == [False, True]


def test_derivatives_of_products():
    check_grads(lambda x, v: ops.jvp(lambda x: ops.exp(x) * x, (x,), (v,))[1], X, V)
    second = lambda x: ops.jvp(lambda x: ops.jvp(lambda x: x**3, (x,), (1.0,))[1], (x,), (1.0,))[1]  # noqa: E731
    assert second(2.0) == 12 and grad(second)(2.0) == 6


def test_in_a_step():
    run_step_test(lambda x: ops.jvp(ops.tanh, (x,), (x * x,)), X, X + 1, X + 2)


def test_in_a_model():
    x = layers.Input((2,))
    model = Model(x, ops.jvp(lambda x: x * x, (x,), (x,))[1])
    assert model.output.shape == (None, 2)
    np.testing.assert_array_equal(model(np.float32([[1, 2]])), [[2, 8]])


def test_of_the_weights_of_a_layer():
    layer = layers.Dense(1, kernel_initializer="ones")
    layer.build((None, 2))
    assert ops.jvp(layer, (np.float32([[1, 2]]),), (np.float32([[3, 4]]),))[1].tolist() == [[7]]
    assert minikeras.ops.linalg.jvp is ops.jvp


@pytest.mark.parametrize(
    ("function", "primals", "tangents", "error", "message"),
    [
        (3, (X,), (V,), ArgumentTypeError, "expects a function"),
        (ops.sin, X, V, ArgumentTypeError, "tuples or lists"),
        (ops.sin, (X,), (V, V), ArgumentError, "in the structure of `primals`"),
        (ops.sin, (X,), (V[:1],), ArgumentError, r"shapes \(2,\) and \(1,\)"),
        (ops.sin, (np.int32([1]),), (np.ones(1),), ArgumentTypeError, "floats only"),
    ],
)
def test_wrong_arguments(function, primals, tangents, error, message):
    with pytest.raises(error, match=message):
        ops.jvp(function, primals, tangents)


def test_no_pair():
    with pytest.raises(ArgumentTypeError, match="`has_aux` expects a function that returns a pair"):
        ops.jvp(ops.sin, (X,), (V,), has_aux=True)
