"""A number that multiplies a product of matrices multiplies the smaller one of them."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable

X = np.random.default_rng(1).normal(size=(2, 12)).astype("float32")
Y = np.random.default_rng(2).normal(size=(2, 5)).astype("float32")


def plan_of(function, *arrays):
    """Returns what the step gave in Python, and its plan after a run on the same arrays."""
    step = Step(lambda data: function(*data), "a step")
    given = np.array(step(arrays))
    step(arrays)
    (plan,) = step._plans.values()
    return given, plan


def number_of_elements(plan, name):
    """Returns how many elements each call of that name gives."""
    return [call.args[2].size for call, called in zip(plan.instructions, plan.names, strict=True) if called == name]


@pytest.fixture
def rate():
    return Variable(0.1, name="rate")


@pytest.mark.parametrize("swapped", [False, True])
def test_the_smaller_matrix_is_scaled(rate, swapped):
    def step(x, y):
        product = ops.matmul(ops.transpose(x), y)
        return rate * product if swapped else product * rate

    given, plan = plan_of(step, X, Y)
    assert number_of_elements(plan, "multiply") == [10]  # not 60
    expected = 0.1 * X.astype("float64").T @ Y.astype("float64")
    np.testing.assert_allclose(given, expected, rtol=1e-6)
    np.testing.assert_allclose(plan.results(), expected, rtol=1e-6)


def test_the_number_is_read_anew(rate):
    step = Step(lambda data: ops.matmul(ops.transpose(data[0]), data[1]) * rate, "a step")
    step((X, Y))
    rate.assign(0.3)
    np.testing.assert_allclose(step((X, Y)), 0.3 * X.astype("float64").T @ Y.astype("float64"), rtol=1e-6)


def test_what_is_left_as_it_is(rate):
    """Products that are used unscaled, too, products with less elements than would pay, and numbers that are none."""
    vector = Variable(np.arange(5, dtype="float32"))

    def used_twice(x, y):
        product = ops.matmul(ops.transpose(x), y)
        return ops.sum(product) + ops.sum(product * rate)

    assert number_of_elements(plan_of(used_twice, X, Y)[1], "multiply") == [60]
    _, plan = plan_of(lambda x, y: ops.matmul(x, ops.transpose(x)) * rate, X, Y)
    assert number_of_elements(plan, "multiply") == [4]
    _, plan = plan_of(lambda x, y: ops.matmul(ops.transpose(x), y) * vector, X, Y)
    assert number_of_elements(plan, "multiply") == [60]


def test_a_product_of_a_variable_stays_before_its_assignment(rate):
    weights = Variable(np.ones((2, 30), "float32"))

    def scaled_product(y):
        product = ops.matmul(ops.transpose(weights), y)
        weights.assign(weights * 2.0)
        return product * rate

    step = Step(scaled_product, "a step")
    for factor in (1, 2, 4):
        expected = 0.1 * factor * np.broadcast_to(Y.sum(axis=0), (30, 5))
        np.testing.assert_allclose(step(Y), expected, rtol=1e-5)


def test_sgd_scales_the_gradients_of_a_batch():
    """What the learning rate multiplies has the size of a batch; and the step is the one that Python computes."""
    kernel = Variable(np.full((12, 5), 0.5, "float32"))
    rate = Variable(0.1, name="rate")

    def update(data):
        x, y = data
        error = ops.matmul(x, kernel) - y
        kernel.assign_sub(rate * ops.matmul(ops.transpose(x), error))

    step = Step(update, "a step")
    x, y, w = X.astype("float64"), Y.astype("float64"), np.full((12, 5), 0.5)
    for _ in range(4):
        step((X, Y))
        w -= 0.1 * x.T @ (x @ w - y)
    np.testing.assert_allclose(kernel.numpy(), w, rtol=1e-5, atol=1e-6)
    (plan,) = step._plans.values()
    assert number_of_elements(plan, "multiply") == [10]
