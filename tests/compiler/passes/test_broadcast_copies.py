"""Broadcast copies: what is copied to the full shape, and what is left to numpy."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.passes.broadcast_copies import broadcast_copies
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of
from tests.helpers import run_step_test

X = np.arange(12, dtype="float32").reshape(4, 3)
ROW = Variable(X[0] + 0.5, name="row")


@pytest.mark.parametrize("operation", [ops.add, ops.subtract, ops.multiply, ops.divide])
@pytest.mark.parametrize("narrow", [ROW, Variable(X[:, :1] + 1, name="column")], ids=["row", "column"])
def test_rows_and_columns(operation, narrow):
    program = broadcast_copies(program_of(lambda x: operation(ops.exp(x), narrow), X))
    exp, copy, last = program.entries
    assert names(program)[:2] == ["exp", "broadcast copy"]
    assert last.inputs == (exp.output, copy.output) and copy.output.shape == (4, 3)
    program = broadcast_copies(program_of(lambda x: operation(narrow, ops.exp(x)), X))
    assert names(program)[:2] == ["exp", "broadcast copy"]
    assert program.entries[-1].inputs[0] is program.entries[1].output
    run_step_test(lambda x: operation(ops.exp(x), narrow), X, X + 1, variables=[narrow])


@pytest.mark.parametrize(
    "step",
    [
        lambda x: ops.exp(x) + ops.exp(x),
        lambda x: ops.exp(x) + 1.5,
        lambda x: ops.maximum(ops.exp(x), ROW),  # as slow with arrays of one shape
        lambda x: x + ROW,  # which is bound anew to other data
        lambda x: x[1:] + ROW,
        lambda x: ops.exp(x)[:, :1] + ROW,  # no operand has the shape of the result: two copies do not pay
    ],
)
def test_what_stays_as_it_is(step):
    program = program_of(step, X)
    assert names(broadcast_copies(program)) == names(program)


def test_large_arrays_stay_as_they_are():
    program = program_of(lambda x: ops.exp(x) + ROW, np.zeros((2000, 3), "float32"))
    assert names(broadcast_copies(program)) == ["exp", "add"]


def test_a_constant_that_is_the_same_everywhere_becomes_a_scalar():
    program = broadcast_copies(program_of(lambda x: ops.exp(x) * np.float32([2, 2, 2]), X))
    assert names(program) == ["exp", "multiply"] and program.entries[1].inputs[1].shape == ()
    program = broadcast_copies(program_of(lambda x: ops.exp(x) * np.float32([2, 2, 3]), X))
    assert names(program) == ["exp", "broadcast copy", "multiply"]
    run_step_test(lambda x: ops.exp(x) * np.float32([2, 2, 2]), X, X + 1)
