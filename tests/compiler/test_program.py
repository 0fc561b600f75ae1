"""Programs: what the passes ask them."""

import numpy as np

from minikeras import ops
from minikeras.compiler.program import arrays_of, common_layer, needs_no_call, rewired, substituted, tensors
from minikeras.engine.trace import Entry
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of

X = np.ones((2, 3), "float32")


def entries_of(*layers):
    return [Entry(None, (), {}, None, layer) for layer in layers]


def test_a_program_is_what_was_recorded():
    variable, other = Variable(X), Variable(X)

    def step(x):
        other.assign(x)
        return variable * x

    program = program_of(step, X)
    assert names(program) == ["assign", "multiply"]
    (read,) = program.variables
    assert program.variables[read] is variable and program.locations == {read: variable.buffer}
    assert program.all_variables() == [variable, other]
    changed = program.replace(entries=[])
    assert changed.entries == [] and changed.outputs is program.outputs and names(program) == ["assign", "multiply"]


def test_the_storage_of_views_of_views():
    program = program_of(lambda x: ops.transpose(ops.transpose(y := ops.exp(x))[1:]) + y[0, 0], X)
    exp, first, second, third, scalar, _ = [entry.output for entry in program.entries]
    assert program.storage() == {first: exp, second: exp, third: exp, scalar: exp}


def test_substitution():
    program = program_of(lambda x: ops.exp(x) + x, X)
    exp, add = program.entries
    known = {exp.output: X}
    assert tensors(add.inputs) == list(add.inputs) and tensors([X, 1]) == []
    assert substituted(add.inputs, known)[0] is X and substituted(add.inputs, known)[1] is program.inputs[0]
    assert rewired(exp, known) is exp
    new = rewired(add, known)
    assert new.inputs[0] is X and new.output is add.output and add.inputs[0] is exp.output
    assert arrays_of([exp.output, X], {exp.output: X[0]})[0].shape == (3,)


def test_what_needs_no_call():
    variable = Variable(X)
    program = program_of(lambda x: variable.assign(ops.reshape(ops.exp(x), (2, 3))), X)
    exp, view, assign = program.entries
    buffer, other = np.zeros((2, 3), "float32"), np.zeros((2, 3), "float32")
    locations = {exp.output: buffer, view.output: buffer.reshape(2, 3)}
    assert [needs_no_call(each, locations) for each in program.entries] == [False, True, False]
    locations = {exp.output: buffer, view.output: other}  # a reshape that had to copy
    assert [needs_no_call(each, locations) for each in program.entries] == [False, False, False]
    assert needs_no_call(assign, {view.output: variable.buffer})


def test_the_layer_of_several_entries():
    assert common_layer(entries_of("a/b/c", "a/b/d", "a/b")) == "a/b"
    assert common_layer(entries_of("a/b", "a/b")) == "a/b"
    assert common_layer(entries_of("ab", "a")) is None
    assert common_layer(entries_of("a", None)) is None and common_layer(entries_of(None)) is None
