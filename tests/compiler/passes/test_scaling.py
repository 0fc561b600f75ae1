"""A scalar that multiplies a large matrix product multiplies the smaller factor."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable

X = np.random.default_rng(1).normal(size=(4, 300)).astype("float32")
Y = np.random.default_rng(2).normal(size=(4, 280)).astype("float32")
PRODUCT = X.astype("float64").T @ Y.astype("float64")


def plan_of(function, *arrays):
    """Returns what the step gave when it was traced, and its plan after a run on the same arrays."""
    step = Step(lambda data: function(*data), "a step")
    given = np.array(step(arrays))
    step(arrays)
    (plan,) = step.plans().values()
    return given, plan


def sizes_of(plan, op):
    """Returns the number of elements that each instruction of an op gives."""
    return [int(np.prod(each.shape)) for each in plan.instructions if each.op == op]


@pytest.fixture
def rate():
    return Variable(0.1, name="rate")


@pytest.mark.parametrize("swapped", [False, True])
def test_the_smaller_factor_is_scaled(rate, swapped):
    def step(x, y):
        product = ops.matmul(ops.transpose(x), y)
        return rate * product if swapped else product * rate

    given, plan = plan_of(step, X, Y)
    assert sizes_of(plan, "multiply") == [Y.size]  # not 84,000
    np.testing.assert_allclose(given, 0.1 * PRODUCT, rtol=1e-4, atol=1e-6)  # sums of four float32 products
    np.testing.assert_allclose(plan.results(), 0.1 * PRODUCT, rtol=1e-4, atol=1e-6)


def test_the_scalar_is_read_anew(rate):
    step = Step(lambda data: ops.matmul(ops.transpose(data[0]), data[1]) * rate, "a step")
    step((X, Y))
    rate.assign(0.3)
    np.testing.assert_allclose(step((X, Y)), 0.3 * PRODUCT, rtol=1e-4, atol=1e-6)


def test_what_is_left_as_it_is(rate):
    def used_twice(x, y):
        product = ops.matmul(ops.transpose(x), y)
        return ops.sum(product) + ops.sum(product * rate)

    _, plan = plan_of(used_twice, X, Y)
    assert 300 * 280 in sizes_of(plan, "multiply")
    _, plan = plan_of(lambda x, y: ops.matmul(ops.transpose(x), y) * rate, X[:, :20], Y)  # small
    assert sizes_of(plan, "multiply") == [20 * 280]


def test_a_factor_that_is_a_variable_is_not_scaled(rate):
    kernel = Variable(X)

    def step(x, y):
        product = ops.matmul(ops.transpose(kernel), y)
        kernel.assign(kernel * 2.0)
        return product * rate

    given, _ = plan_of(step, X, Y)
    np.testing.assert_allclose(given, 0.1 * PRODUCT, rtol=1e-4, atol=1e-6)
