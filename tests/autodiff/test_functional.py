"""`grad` and `value_and_grad`: arguments, nesting, what comes back, and use inside of tapes and steps."""

import numpy as np
import pytest

from minikeras import GradientTape, Variable, grad, ops, value_and_grad
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import current_trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from tests.helpers import run_step_test

X = np.float32([1.0, 2.0])


def loss(x, y):
    return ops.sum(x * x * y)


def same(value, expected, dtype="float32"):
    assert type(value) is np.ndarray and value.dtype == dtype
    np.testing.assert_allclose(value, expected, rtol=1e-6)


def test_of_the_first_argument():
    same(grad(loss)(X, X), [2, 8])
    value, found = value_and_grad(loss)(X, X)
    same(value, 9)
    same(found, [2, 8])
    assert current_trace() is None


def test_argnums():
    same(grad(loss, argnums=1)(X, X), [1, 4])
    same(grad(loss, -1)(X, X), [1, 4])
    first, second = grad(loss, argnums=(1, 0))(X, X)
    same(first, [1, 4])
    same(second, [2, 8])
    assert isinstance(grad(loss, [0])(X, X), tuple)


def test_python_numbers_are_floats():
    same(grad(lambda x: x**3)(2.0), 12)
    same(grad(lambda x, y: x**y)(2.0, 3), 12)
    same(grad(lambda x: x**3)(np.float64(2)), 12, "float64")
    value, _ = value_and_grad(lambda x: x * 2)(1.5)
    assert value.shape == () and float(value) == 3


def test_nested_arguments():
    parameters = {"layers": [(X, 2.0), (X * 2, 1.0)], "scale": 3.0}

    def model(parameters, x):
        for weight, bias in parameters["layers"]:
            x = x * weight + bias
        return ops.sum(x) * parameters["scale"]

    found = grad(model)(parameters, np.float32([1.0, 1.0]))
    assert list(found) == ["layers", "scale"] and type(found["layers"][0]) is tuple
    # x1 = w1 + 2; x2 = x1 w2 + 1: [3 * 2 + 1, 4 * 4 + 1]
    same(found["layers"][0][0], [3 * 2, 3 * 4])
    same(found["layers"][0][1], 3 * (2 + 4))
    same(found["layers"][1][0], [3 * 3, 3 * 4])
    same(found["layers"][1][1], 6)
    same(found["scale"], 7 + 17)


def test_more_results():
    def with_more(x):
        hidden = x * 2
        return ops.sum(hidden), {"hidden": hidden, "name": "more", "count": 3, "plain": X}

    found, more = grad(with_more, has_aux=True)(X)
    same(found, [2, 2])
    same(more["hidden"], [2, 4])
    assert more["name"] == "more" and more["count"] == 3 and more["plain"] is not X
    (value, again), found = value_and_grad(with_more, has_aux=True)(X)
    same(value, 6)
    same(found, [2, 2])
    same(again["hidden"], [2, 4])


def test_names_and_settings():
    def scaled(x, *, factor=1.0):
        """Scales."""
        return ops.sum(x) * factor

    same(grad(scaled)(X, factor=3.0), [3, 3])
    assert grad(scaled).__name__ == "scaled" and grad(scaled).__doc__ == "Scales."


def test_what_does_not_count():
    same(grad(lambda x: ops.sum(ops.stop_gradient(x)))(X), [0, 0])
    same(grad(lambda x: 3.0)(X), [0, 0])
    same(grad(lambda x, y: ops.sum(x))(X, X), [1, 1])
    # The same array by another way is a constant, as in JAX.
    same(grad(lambda x: ops.sum(ops.multiply(x, X)))(X), [1, 2])


def test_variables():
    v = Variable([3.0, 4.0])
    same(grad(lambda x: ops.sum(x * v))(X), [3, 4])
    same(grad(lambda x: ops.sum(x * v))(v), [3, 4])
    same(grad(lambda x: ops.sum(x * x))(v), [6, 8])


def test_higher_orders():
    def power(x):
        return x**5

    expected = [5 * 16, 20 * 8, 60 * 4, 120 * 2, 120, 0]
    function = power
    for value in expected:
        function = grad(function)
        same(function(np.float64(2)), value, "float64")


def test_of_a_gradient_with_respect_to_something_else():
    def penalty(w, x):
        slope = grad(lambda x: ops.sum(ops.tanh(x * w)))(x)
        return ops.sum(ops.square(slope))

    found = grad(penalty)(np.float64([0.5, 0.3]), np.float64([1.0, 2.0]))
    w, x = np.float64([0.5, 0.3]), np.float64([1.0, 2.0])
    slope = w * (1 - np.tanh(x * w) ** 2)
    derivative = (1 - np.tanh(x * w) ** 2) - 2 * w * x * np.tanh(x * w) * (1 - np.tanh(x * w) ** 2)
    np.testing.assert_allclose(found, 2 * slope * derivative)


def test_inside_of_a_tape():
    v = Variable([3.0, 4.0])
    with GradientTape() as tape:
        value, found = value_and_grad(lambda x: ops.sum(x * x * v))(v)
        assert isinstance(found, Tensor) and isinstance(value, Tensor)
        total = ops.sum(found)
    # the gradient 2 x v at x = v counts both ways: d(2 v^2)/dv
    same(tape.gradient(total, v), [12, 16])
    with GradientTape() as tape:
        constant = grad(lambda x: ops.sum(x))(v)
    assert isinstance(constant, Tensor) and tape.gradient(constant, v) is None


def test_in_a_step_that_is_replayed():
    v = Variable([3.0, 4.0])

    def step(x):
        value, found = value_and_grad(lambda w: ops.sum(ops.tanh(x * w)))(v)
        v.assign_sub(found)
        return value, found

    run_step_test(step, X, X * 2, X * 3, variables=[v])


def test_results_are_the_users_own():
    found, more = grad(lambda x: (ops.sum(x), x), has_aux=True)(X)
    found[:] = more[:] = 7
    assert X.tolist() == [1, 2]


@pytest.mark.parametrize("value", [np.int32([1]), 3, True, {"a": [1.0, 2]}])
def test_whole_numbers_have_no_gradient(value):
    with pytest.raises(ArgumentTypeError, match="Gradients exist with respect to floats only. Received: argument 0 is"):
        grad(lambda x: 1.0)(value)


def test_bad_use():
    for result in (X, ops.cast(1, "int32"), True):
        with pytest.raises(ShapeError, match="Only functions that return a scalar float"):
            grad(lambda x, result=result: result)(X)
    with pytest.raises(ShapeError, match="use `has_aux=True`"):
        grad(lambda x: x * 2)(X)
    with pytest.raises(ArgumentError, match="There is no argument 2 to differentiate with respect to. Received: 2"):
        grad(loss, argnums=2)(X, X)
    for wrong in ((3, 0), (loss, "x"), (loss, ()), (loss, 1.0)):
        with pytest.raises(ArgumentTypeError, match="Expected a function and positions of its arguments"):
            grad(*wrong)
    with pytest.raises(KeyError):
        grad(lambda x: {}["missing"])(X)
    assert current_trace() is None
