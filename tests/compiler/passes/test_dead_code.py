"""Dead code: what nobody needs is not computed, and what has an effect is."""

import numpy as np

from minikeras import ops
from minikeras.compiler.passes.dead_code import eliminate_dead_code
from minikeras.engine.dispatch import apply
from minikeras.engine.primitive import Primitive
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of


def remaining(function):
    return names(eliminate_dead_code(program_of(function, np.float64([1, 2]))))


def test_unused_calls_are_dropped():
    assert remaining(lambda x: (ops.exp(ops.tanh(x)), ops.square(x))[1]) == ["square"]


def test_assignments_stay():
    v = Variable(np.zeros(2))
    assert remaining(lambda x: (v.assign(x * 2), v.assign(x * 3), [])[-1]) == ["multiply", "assign"] * 2


def test_other_effects_stay():
    draw = Primitive("draw", lambda x: x + 1, shape=None, effect=True)
    assert remaining(lambda x: (apply(draw, ops.exp(x)) * 2, x + 1)[-1]) == ["exp", "draw", "add"]


def test_copies_of_old_values_nobody_needs_are_dropped():
    v = Variable(np.zeros(2))
    assert remaining(lambda x: (v.assign_add(x), v.assign_add(x), [])[-1]) == ["add", "assign", "add", "assign"]
    assert "copy" in remaining(lambda x: (old := v.value, v.assign_add(x), [old + 1])[-1])
