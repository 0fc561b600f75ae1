"""Common subexpressions: which calls are equal, and which are not."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.passes.common_subexpressions import eliminate_common_subexpressions
from minikeras.engine.dispatch import apply
from minikeras.engine.primitive import Primitive
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of

ADD = Primitive("add", np.add, shape=None)
SCALE = Primitive("scale", lambda x, factor: x * factor, shape=None)


def remaining(function):
    program = eliminate_common_subexpressions(program_of(function, np.float64([1, 2])))
    computed = [entry.output for entry in program.entries if entry.output is not None]
    assert all(any(output is tensor for tensor in computed) for output in program.outputs)
    return names(program)


def test_equal_calls_are_merged_through_and_through():
    assert remaining(lambda x: [ops.exp(x + 1), ops.exp(x + 1)]) == ["add", "exp"]


def test_the_order_of_inputs_counts():
    assert remaining(lambda x: [x - ops.exp(x), ops.exp(x) - x]) == ["exp", "subtract", "subtract"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (np.float32(1), np.float32(1).view(np.int32)),
        (np.zeros((1, 2)), np.zeros(2)),
        (np.float64(0.0), np.float64(-0.0)),
        (np.zeros(1000), np.zeros(1000)),  # long constants are not compared by value
    ],
)
def test_different_constants_are_not_merged(first, second):
    assert remaining(lambda x: [apply(ADD, x[:1], first), apply(ADD, x[:1], second)]) == ["get_item", "add", "add"]


def test_equal_constants_are_merged():
    constant = np.ones(1000)
    assert remaining(lambda x: [x[:1] + constant, x[:1] + constant, x[:1] + 1, x[:1] + 1]) == ["get_item", "add", "add"]


@pytest.mark.parametrize(("first", "second"), [(1, 1.0), (1, True), (0.0, -0.0), ("a", ("a",)), (None, "None")])
def test_different_parameters_are_not_merged(first, second):
    keep = Primitive("keep", lambda x, parameter: x * 1, shape=None)
    assert remaining(lambda x: [apply(keep, x, parameter=first), apply(keep, x, parameter=second)]) == ["keep"] * 2


def test_equal_parameters_are_merged():
    assert remaining(lambda x: [apply(SCALE, x, factor=2.0), apply(SCALE, x, factor=2.0)]) == ["scale"]


def test_calls_with_an_effect_are_not_merged():
    draw = Primitive("draw", lambda x: x + 1, shape=None, effect=True)
    assert remaining(lambda x: [apply(draw, x), apply(draw, x)]) == ["draw", "draw"]


def test_assignments_stay():
    v = Variable(np.zeros(2))
    assert remaining(lambda x: (v.assign(x * 2), v.assign(x * 2), [])[-1]) == ["multiply", "assign", "assign"]
