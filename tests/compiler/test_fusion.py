"""Alike calls that become one: what they need to have in common, and what must not be touched."""

import numpy as np

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from tests.helpers import run_step_test


def names(function, *data):
    step = Step(function, "step")
    step(data[0])
    (plan,) = step._plans.values()
    return plan.names


def data(*shape):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape).astype("float32") for _ in range(3)]


def made(*shapes):
    return [Variable(np.random.default_rng(1).normal(size=shape).astype("float32")) for shape in shapes]


def test_updates_of_neighbours_are_one_call():
    variables = made((3, 2), (2,), (4,))

    def step(x):
        for variable in variables:
            variable.assign_sub(ops.tanh(variable * ops.sum(x)))

    run_step_test(step, *data(2), variables=variables)
    assert names(step, *data(2)) == ["sum", "multiply x 3", "tanh x 3", "subtract x 3"]


def test_variables_that_lie_apart_are_updated_apart():
    first = Variable(np.ones(3, "float32"))
    Variable(np.ones(5, "float32"))  # between them
    second = Variable(np.ones(3, "float32"))

    def step(x):
        for variable in (first, second):
            variable.assign_add(x * 2.0 if variable is first else ops.exp(x))

    run_step_test(step, *data(3), variables=[first, second])
    assert "add x 2" not in names(step, *data(3))


def test_the_order_of_the_updates_does_not_matter():
    variables = made((2,), (3,), (4,))

    def step(x):
        for variable in (variables[2], variables[0], variables[1]):
            variable.assign_add(ops.sin(variable) if hasattr(ops, "sin") else ops.tanh(variable))

    run_step_test(step, *data(2), variables=variables)
    assert "add x 3" in names(step, *data(2))


def test_variables_that_swap_values():
    first, second = made((2,), (2,))

    def step(x):
        a, b = first + x, second + x
        first.assign(b)
        second.assign(a)
        return a - b

    run_step_test(step, *data(2), variables=[first, second])


def test_one_value_added_to_several_totals():
    totals = made((), (), ())

    def step(x):
        value = ops.sum(x)
        for total in totals:
            total.assign_add(value)
        return [total.value for total in totals]

    run_step_test(step, *data(4), variables=totals)


def test_a_number_of_the_data_is_shared_by_all():
    """It is read where the data lies, which is another place each time."""
    variables = made((2,), (3,))

    def step(x):
        for variable in variables:
            variable.assign(ops.tanh(variable) * x[0])

    run_step_test(step, *data(4), variables=variables)

    def with_whole(x):
        for variable in variables:
            variable.assign(ops.tanh(variable) * x)

    run_step_test(with_whole, *data(), variables=variables)


def test_gradients_that_are_views():
    variables = made((3,), (2, 2))

    def step(x):
        pieces = [ops.reshape(ops.exp(x)[:3] * 1.5, (3,)), ops.reshape(ops.square(x), (2, 2))]
        for variable, piece in zip(variables, pieces, strict=True):
            variable.assign_sub(piece * 0.1)
        return pieces[1]

    run_step_test(step, *data(4), variables=variables)
