"""Gradients that are stopped, and gradient rules that users write."""

import numpy as np
import pytest

from minikeras import GradientTape, Variable, grad, ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.float32([1.0, 2.0])


@ops.custom_gradient
def log1pexp(x):
    """The example of Keras's documentation."""
    e = ops.exp(x)

    def rule(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        return ops.multiply(upstream, 1.0 - 1.0 / ops.add(1, e))

    return ops.log(1 + e), rule


def gradient_of(function, *arrays):
    with GradientTape() as tape:
        tensors = [tape.watch(array) for array in arrays]
        result = function(*tensors)
    found = tape.gradient(result, tensors)
    return [None if each is None else each.tolist() for each in found]


def test_where_the_plain_gradient_fails():
    assert np.isnan(gradient_of(lambda x: ops.log(1 + ops.exp(x)), np.float32([100.0]))[0])
    assert gradient_of(log1pexp, np.float32([100.0])) == [[1.0]]


def test_values_and_second_derivatives():
    check_grads(log1pexp, np.float64([-1.0, 0.5, 2.0]))
    np.testing.assert_allclose(log1pexp(X), np.log1p(np.exp(X)), rtol=1e-6)
    assert type(log1pexp(X)) is np.ndarray and log1pexp.__doc__.startswith("The example")


def test_the_rule_is_used_and_not_the_plain_gradient():
    @ops.custom_gradient
    def wrong(x):
        hidden = x * x
        return hidden * 3, lambda upstream: upstream * 7

    assert gradient_of(wrong, X) == [[7, 7]]
    assert gradient_of(lambda x: wrong(x) * 2 + x, X) == [[15, 15]]


def test_straight_through():
    """An argument may come back as it is."""

    @ops.custom_gradient
    def reverse(x):
        return x, lambda upstream: -upstream

    @ops.custom_gradient
    def rounded(x):
        return ops.round(x), lambda upstream: upstream

    assert gradient_of(lambda x: reverse(x) * x, X) == [[0, 0]]
    assert gradient_of(lambda x: rounded(x) * 3, X) == [[3, 3]]


def test_several_arguments_and_results():
    @ops.custom_gradient
    def both(pair, c):
        a, b = pair

        def rule(first, second):
            return first * 10, second * 100, None

        return {"product": a * b, "sum": a + b + c}, rule

    def total(a, b, c):
        results = both((a, b), c)
        return results["product"] * 2 + results["sum"] * 3

    assert gradient_of(total, X, X.copy(), X.copy()) == [[20, 20], [300, 300], None]
    assert gradient_of(lambda a: both((a, a), a)["product"], X) == [[10, 10]]  # zeros for what is not used
    assert set(both((1.0, 2.0), 3.0)) == {"product", "sum"}


def test_settings_by_name_and_variables_as_arguments():
    @ops.custom_gradient
    def scaled(x, factor=2.0):
        return x * factor, lambda upstream: upstream * 5

    @ops.custom_gradient
    def product(x, y):
        return x * y, lambda upstream: (upstream * y, upstream * x)

    v = Variable([3.0, 4.0])
    with GradientTape() as tape:
        y = scaled(v, factor=3.0)
        z = product(v, v)
    assert y.tolist() == [9, 12]
    assert tape.gradient([y, z], v).tolist() == [5 + 6, 5 + 8]


def test_variables_used_inside():
    v = Variable([3.0, 4.0])
    frozen = Variable(2.0, trainable=False)

    @ops.custom_gradient
    def without(x):
        return x * v, lambda upstream: upstream

    @ops.custom_gradient
    def with_variables(x):
        def rule(upstream, variables):
            assert variables == [v]
            return upstream * 10, [upstream * 7]

        return x * v * frozen, rule

    @ops.custom_gradient
    def incomplete(x):
        return x * v, lambda upstream, **kwargs: upstream

    with GradientTape() as tape:
        tape.watch(X)
        with pytest.raises(ArgumentTypeError, match=r"'without'.*must accept `variables`.*the variables \['variab"):
            without(X)
        y = with_variables(X)
    assert [each.tolist() for each in tape.gradient(y, [X, v])] == [[10, 10], [7, 7]]
    with GradientTape() as tape:
        y = incomplete(X)
    with pytest.raises(ArgumentTypeError, match="must return the gradients of the arguments and a list"):
        tape.gradient(y, v)
    assert without(X).tolist() == [3, 8]


def test_in_a_step_that_is_replayed():
    v = Variable([0.5, 0.5])

    def step(x):
        with GradientTape() as tape:
            y = ops.sum(log1pexp(x * v))
        found = tape.gradient(y, v)
        v.assign_sub(found)
        return y, found

    run_step_test(step, X, X + 1, X + 2, variables=[v])


def test_gradients_in_the_shape_of_jax():
    expected = 1 / (1 + np.exp(-0.5))
    assert float(grad(log1pexp)(0.5)) == pytest.approx(expected)
    assert float(grad(grad(log1pexp))(0.5)) == pytest.approx(expected * (1 - expected))


def test_symbolic_and_constant():
    assert log1pexp(KerasTensor((None, 3))).shape == (None, 3)

    def step(x):
        constant = log1pexp(X)
        assert type(constant) is np.ndarray
        return constant + x

    assert not isinstance(Step(step, "step")(X), Tensor)


def test_a_rule_for_what_was_computed_with_numpy():
    @ops.custom_gradient
    def cube(x):
        numbers = np.asarray(x)
        return np.float32(numbers**3), lambda upstream: upstream * 3 * ops.square(x)

    assert gradient_of(cube, X) == [[3, 12]]


BAD = {
    "no pair": (lambda x: x, ArgumentTypeError, "must return outputs and a gradient function"),
    "no rule": (lambda x: (x, x), ArgumentTypeError, "must return outputs and a gradient function"),
    "too many": (lambda x: (x * 2, lambda g: (g, g)), ArgumentError, "must return 1 gradients. Received: 2"),
    "shape": (lambda x: (x * 2, lambda g: ops.sum(g)), ShapeError, r"expected a gradient of shape \(2,\)"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_rules(name):
    function, error, message = BAD[name]
    with pytest.raises(error, match=f"`custom_gradient` of .*{message}"):
        gradient_of(ops.custom_gradient(function), X)


def test_stop_gradient():
    with Trace() as trace:
        x = Tensor(np.float32([3]), trace)
        assert gradients(x * ops.stop_gradient(x), [x])[0].array.tolist() == [3]
        assert gradients(ops.stop_gradient(x), [x]) == [None]
    symbolic = ops.stop_gradient(KerasTensor((None, 2), "int32"))
    assert symbolic.shape == (None, 2) and symbolic.dtype == "int32"
