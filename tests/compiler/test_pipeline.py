"""The passes in their order."""

import copy

import numpy as np

from minikeras import ops
from minikeras.compiler import pipeline
from minikeras.compiler.pipeline import PASSES, compile_trace
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from tests.compiler.recorded import program_of

X = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


def step_of(kernel, bias):
    def step(x):
        y = ops.tanh(ops.matmul(x, kernel) + bias)
        loss = ops.sum(y * y) + ops.sum(ops.matmul(x, kernel))
        for variable, gradient in zip((kernel, bias), gradients(loss, [kernel, bias]), strict=True):
            variable.assign_sub(gradient * 0.1)
        return [loss, ops.transpose(y)]

    return step


def made():
    rng = np.random.default_rng(1)
    return Variable(rng.normal(size=(3, 2)).astype("float32")), Variable(np.zeros(2, "float32"))


def test_no_pass_changes_the_program_it_is_given():
    program = program_of(step_of(*made()), X)
    for apply_pass in PASSES:
        before = {name: copy.copy(getattr(program, name)) for name in program.__slots__}
        inputs = [entry.inputs for entry in program.entries]
        result = apply_pass(program)
        for name, value in before.items():
            current = getattr(program, name)
            assert current is value or (type(current) is type(value) and len(current) == len(value))
            if isinstance(value, list):
                assert all(one is other for one, other in zip(current, value, strict=True))
        assert all(entry.inputs is given for entry, given in zip(program.entries, inputs, strict=True))
        program = result


def test_every_value_has_a_location_in_the_end():
    program = program_of(step_of(*made()), X)
    for apply_pass in PASSES:
        program = apply_pass(program)
    values = [*program.inputs, *program.outputs, *(value for entry in program.entries for value in entry.inputs)]
    assert all(value in program.locations for value in values if isinstance(value, Tensor))
    assert all(entry.output in program.locations for entry in program.entries if entry.output is not None)


def test_the_documentation_names_the_passes_in_their_order():
    places = [pipeline.__doc__.index(f". `{each.__name__}`:") for each in PASSES]
    assert places == sorted(places)


def test_a_program_of_a_whole_step():
    kernel, bias = made()
    with Trace() as trace:
        x = Tensor(X, trace)
        outputs = step_of(kernel, bias)(x)
    program = compile_trace(trace, [x], outputs)
    kernel, bias = made()
    expected = X @ kernel.numpy() + bias.numpy()
    # The trace was a step itself: the variables that the program updates have taken it.
    (first, second) = [variable.numpy() for variable in dict.fromkeys(program.variables.values())]
    program.locations[program.inputs[0]][...] = X
    for instruction in program.instructions:
        instruction.call()
    np.testing.assert_allclose(
        program.locations[program.outputs[1]], np.tanh(X @ first + second).T, rtol=1e-5, atol=1e-6
    )
    assert not np.allclose(np.tanh(expected).T, program.locations[program.outputs[1]])
