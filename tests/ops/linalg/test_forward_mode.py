"""Jacobian-vector products: values, structures, and derivatives of them."""

import numpy as np
import pytest

import minikeras
from minikeras import Model, grad, layers, ops
from minikeras.compiler.step import Step
from minikeras.engine import tree
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError
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


def while_small(x):
    return ops.while_loop(lambda s: ops.sum(ops.abs(s)) < 20, lambda s: ops.sin(s) + s * 1.7, x)


LOOPS = {
    "cond": lambda x: ops.cond(ops.sum(x) > 0, lambda: ops.sin(x), lambda: x * x),
    "switch": lambda x: ops.switch(1, [ops.sin, lambda y: y * y], x),
    "scan": lambda x: ops.scan(lambda c, e: (c * e + 1.0, ops.sin(c) * e), ops.sum(x), x),
    "associative_scan": lambda x: ops.associative_scan(lambda a, b: a * b, x),
    "map": lambda x: ops.map(lambda e: ops.sin(e) * e, x),
    "vectorized_map": lambda x: ops.vectorized_map(lambda e: ops.sin(e) * e, x),
    "fori_loop": lambda x: ops.fori_loop(0, 3, lambda i, s: ops.sin(s) * 2.0, x),
    "ctc_loss": lambda x: ops.ctc_loss([[1, 2]], ops.outer(x, ops.sin(x))[None], [2], [3]),
    "while_loop": while_small,
    "while_loop, counted": lambda x: ops.while_loop(
        lambda i, s: i < 9, lambda i, s: (i + 1, ops.sin(s) * 2), (0, x), 3
    )[1],
}


@pytest.mark.parametrize("name", LOOPS)
def test_through_loops(name):
    x, v, h = np.array([0.3, -0.7, 1.2]), np.array([1.0, 0.5, -2.0]), 1e-6
    value, tangent = ops.jvp(LOOPS[name], (x,), (v,))
    above, below = LOOPS[name](x + h * v), LOOPS[name](x - h * v)
    parts = zip(*map(tree.flatten, (value, tangent, LOOPS[name](x), above, below)), strict=True)
    for ours, derivative, expected, up, down in parts:
        np.testing.assert_allclose(ours, expected)
        np.testing.assert_allclose(derivative, (up - down) / (2 * h), rtol=1e-5, atol=1e-7)


def test_through_while_loops_elsewhere():
    """In a step the loop is one call, which has a first derivative only."""
    second = ops.jvp(lambda x: ops.jvp(while_small, (x,), (X,))[1], (X,), (X,))[1]
    by_differences = [ops.jvp(while_small, (X + sign * 1e-5 * X,), (X,))[1] for sign in (1, -1)]
    np.testing.assert_allclose(second, (by_differences[0] - by_differences[1]) / 2e-5, rtol=1e-6)
    for derivative in (
        Step(lambda x: ops.jvp(while_small, (x,), (x,)), "step"),
        grad(lambda x: ops.sum(ops.jvp(while_small, (x,), (x,))[1])),
    ):
        with pytest.raises(NotSupportedError, match="`while_loop` has first-order gradients only"):
            derivative(X)
    unbounded = lambda x: ops.while_loop(lambda s: s < 1, lambda s: ops.ones((2,)), x)  # noqa: E731
    with pytest.raises(ArgumentTypeError, match="the carry must keep its shape"):
        ops.jvp(unbounded, (0.5,), (1.0,))


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
