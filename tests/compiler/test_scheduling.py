"""The order of a plan: alike small calls together, and nothing that depends on another before it."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.scheduling import schedule
from minikeras.compiler.simplify import simplify
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable


def scheduled(function, *arrays):
    """Returns the names in order, those of alike calls in a list."""
    with Trace() as trace:
        outputs = function(*[Tensor(np.asarray(array, "float32"), trace) for array in arrays])
    entries, _ = simplify(trace, outputs or [])
    reads = {tensor: variable for variable, tensors in trace.past_reads.items() for tensor in tensors}
    ordered, runs = schedule(entries, reads)
    assert len(ordered) == len(entries) and {id(entry) for entry in ordered} == {id(entry) for entry in entries}
    names = [entry.primitive.name for entry in ordered]
    for run in reversed(runs):
        names[run.start : run.stop] = [names[run.start : run.stop]]
    return names


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

    names = scheduled(step, [1, 2])
    # `variable * x` before and after the assignment cannot be one call.
    assert names == [["multiply", "multiply"], "assign", "assign", "multiply"] or names.count("multiply") == 3


def test_optimizer_like_updates_come_together():
    variables = [Variable(np.ones(shape, "float32")) for shape in ((3, 2), (2,), (4,))]

    def step(x):
        for variable in variables:
            variable.assign_sub(ops.tanh(variable * 2.0) * ops.sum(x))

    names = scheduled(step, [1, 2])
    assert [len(name) for name in names if isinstance(name, list)] == [3, 3, 3, 3]  # * 2, tanh, * sum, -


@pytest.mark.parametrize("length", [3000])
def test_long_chains_take_no_recursion_and_no_square_of_time(length):
    def step(x):
        for _ in range(length):
            x = ops.tanh(x) + 1
        return [x]

    assert len(scheduled(step, [1, 2])) == 2 * length
