"""Constant folding: what is computed once, and what each time."""

import numpy as np

from minikeras import ops
from minikeras.compiler.passes.constant_folding import fold_constants
from minikeras.engine.dispatch import apply, constant
from minikeras.engine.primitive import Primitive
from minikeras.engine.trace import current_trace
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of

X = np.float32([1, 2])


def test_results_of_constants_are_constants():
    def step(x):
        tensor = constant(current_trace(), np.float32([3, 4]))  # what a custom gradient gives that returns an array
        return [x + ops.exp(tensor * 2.0), tensor[:1]]

    program = fold_constants(program_of(step, X))
    assert names(program) == ["add"]
    np.testing.assert_array_equal(program.entries[0].inputs[1], np.exp(np.float32([6, 8])))
    np.testing.assert_array_equal(program.outputs[1], np.float32([3]))


def test_data_and_variables_are_no_constants():
    variable = Variable([1.0, 2.0])
    program = program_of(lambda x: [ops.exp(variable), ops.exp(x)], X)
    assert names(fold_constants(program)) == ["exp", "exp"]


def test_effects_stay():
    draw = Primitive("draw", lambda x: x, shape=None, effect=True)
    variable = Variable([0.0, 0.0])

    def step(x):
        variable.assign(constant(current_trace(), X) * 2.0)
        return apply(draw, constant(current_trace(), X)) + 1.0

    program = fold_constants(program_of(step, X))
    assert names(program) == ["assign", "draw", "add"]
    np.testing.assert_array_equal(program.entries[0].inputs[0], [2, 4])
