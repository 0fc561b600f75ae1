"""The order of a plan: alike small calls together, and nothing that depends on another before it."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.passes.common_subexpressions import eliminate_common_subexpressions
from minikeras.compiler.passes.dead_code import eliminate_dead_code
from minikeras.compiler.passes.scheduling import schedule
from minikeras.engine.variable import Variable
from tests.compiler.recorded import after, names, program_of


def scheduled(function, *arrays):
    """Returns the names in order, those of a group in a list."""
    recorded = program_of(function, *[np.asarray(array, "float32") for array in arrays])
    before = after(recorded, eliminate_common_subexpressions, eliminate_dead_code)
    program = schedule(before)
    assert len(program.entries) == len(before.entries) and set(program.entries) == set(before.entries)
    result = names(program)
    for group in reversed(program.groups):
        start = program.entries.index(group[0])
        assert program.entries[start : start + len(group)] == group
        result[start : start + len(group)] = [result[start : start + len(group)]]
    return result


def test_alike_calls_wait_for_each_other():
    def step(x):
        first, second = ops.exp(x) * 0.5, ops.tanh(x) * 0.5
        return [first + 1, second + 1]

    assert scheduled(step, [1, 2]) == ["exp", "tanh", ["multiply", "multiply"], ["add", "add"]]


def test_calls_that_depend_on_each_other_keep_their_order():
    assert scheduled(lambda x: [((x + 1) + 1) + 1], [1, 2]) == ["add", "add", "add"]


def test_large_calls_and_different_numbers_stay_apart():
    assert scheduled(lambda x: [ops.exp(x) * 0.5, ops.tanh(x) * 0.5], np.ones(5000)) == [
        "exp",
        "multiply",
        "tanh",
        "multiply",
    ]
    assert scheduled(lambda x: [ops.exp(x) * 0.5, ops.tanh(x) * 0.25], [1]) == ["exp", "multiply", "tanh", "multiply"]


def test_a_variable_is_read_before_it_is_assigned_to_and_after():
    variable, other = Variable([1.0, 2.0]), Variable([3.0, 4.0])

    def step(x):
        before = variable * x
        variable.assign(x)
        other.assign(other * x)
        return [before, variable * x]

    order = scheduled(step, [1, 2])
    # `variable * x` before and after the assignment cannot be one call.
    assert order == [["multiply", "multiply"], "assign", "assign", "multiply"] or order.count("multiply") == 3


def test_optimizer_like_updates_come_together():
    variables = [Variable(np.ones(shape, "float32")) for shape in ((3, 2), (2,), (4,))]

    def step(x):
        for variable in variables:
            variable.assign_sub(ops.tanh(variable * 2.0) * ops.sum(x))

    order = scheduled(step, [1, 2])
    assert [len(name) for name in order if isinstance(name, list)] == [3, 3, 3, 3]  # * 2, tanh, * sum, -


@pytest.mark.parametrize("length", [3000])
def test_long_chains_take_no_recursion_and_no_square_of_time(length):
    def step(x):
        for _ in range(length):
            x = ops.tanh(x) + 1
        return [x]

    assert len(scheduled(step, [1, 2])) == 2 * length
