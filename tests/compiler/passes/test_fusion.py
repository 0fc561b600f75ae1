"""Alike calls that become one: what they need to have in common, and what must not be touched."""

import numpy as np

from minikeras import ops
from minikeras.compiler.passes.dead_code import eliminate_dead_code
from minikeras.compiler.passes.fusion import fuse
from minikeras.compiler.passes.in_place import update_in_place
from minikeras.compiler.passes.scheduling import schedule
from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from tests.compiler.recorded import after, program_of
from tests.compiler.recorded import names as entry_names
from tests.helpers import run_step_test


def names(function, *data):
    step = Step(function, "step")
    step(data[0])
    (plan,) = step.plans().values()
    return plan.names


def data(*shape):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape).astype("float32") for _ in range(3)]


def made(*shapes):
    return [Variable(np.random.default_rng(1).normal(size=shape).astype("float32")) for shape in shapes]


def fused(function, *arrays):
    """Returns the program after the pass, and before it."""
    before = after(program_of(function, *arrays), eliminate_dead_code, schedule, update_in_place)
    program = fuse(before)
    assert program.groups == []
    return program, before


def test_operands_get_locations_side_by_side():
    program, before = fused(lambda x, y: [ops.tanh(x) * 0.5, ops.exp(y) * 0.5], np.ones(2), np.ones(3))
    assert entry_names(program) == ["tanh", "exp", "multiply x 2"]
    *_, multiply = program.entries
    tanh, exp, first, second = [program.locations[entry.output] for entry in before.entries]
    assert multiply.inputs[0].size == 5 and np.may_share_memory(multiply.inputs[0], tanh)
    assert tanh.ctypes.data + tanh.nbytes == exp.ctypes.data
    assert first.ctypes.data + first.nbytes == second.ctypes.data
    assert program.locations[multiply.output].ctypes.data == first.ctypes.data


def test_updates_are_computed_into_the_memory_of_all_variables():
    variables = made((3, 2), (2,))

    def step(x):
        for variable in variables:
            variable.assign_sub(ops.tanh(variable))

    program, _ = fused(step, np.float32(1))
    tanh, subtract, *assigns = program.entries
    assert entry_names(program) == ["tanh x 2", "subtract x 2", "assign", "assign"]
    whole = program.locations[subtract.output]
    assert whole is subtract.inputs[0] and whole.size == 8 and whole.ctypes.data == variables[0].buffer.ctypes.data


def test_a_value_is_given_one_location():
    """`y` would have to lie beside `z` for the one call, and beside `x` for the other."""

    def step(x):
        y, z, w = ops.exp(x), ops.tanh(x), ops.square(x)
        return [y * 0.5, z * 0.5, y * 0.25, w * 0.25]

    program, _ = fused(step, np.ones(2))
    assert sorted(entry_names(program)) == ["exp", "multiply", "multiply", "multiply x 2", "square", "tanh"]


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
