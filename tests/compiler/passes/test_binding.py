"""Binding: instructions, and how they are bound to other data."""

import numpy as np

from minikeras import ops
from minikeras.compiler.passes.binding import bind
from minikeras.compiler.passes.buffers import allocate_buffers
from minikeras.compiler.passes.dead_code import eliminate_dead_code
from minikeras.compiler.passes.in_place import update_in_place
from minikeras.compiler.passes.tiling import tile
from minikeras.engine.naming import name_scope
from minikeras.engine.variable import Variable
from tests.compiler.recorded import after, program_of

X = np.arange(6, dtype="float32").reshape(2, 3)


def bound(function, *arrays):
    passes = (eliminate_dead_code, update_in_place, allocate_buffers, tile, bind)
    return after(program_of(function, *arrays), *passes)


def run(calls):
    for call in calls:
        call()


def test_instructions_say_what_they_do():
    def step(x):
        with name_scope("dense"):
            y = ops.exp(x)
        return ops.sum(y, axis=0)

    program = bound(step, X)
    exp, total = program.instructions
    assert (exp.op, exp.layer, exp.shape, exp.dtype) == ("exp", "dense", (2, 3), np.float32)
    assert (total.op, total.layer, total.shape) == ("sum", None, (3,))
    assert (exp.bytes_read, exp.bytes_written, total.bytes_read, total.bytes_written) == (24, 24, 24, 12)
    assert exp.writes[0] is total.reads[0] is program.locations[program.entries[0].output]
    program.locations[program.inputs[0]][...] = X + 1
    run([exp.call, total.call])
    np.testing.assert_array_equal(total.writes[0], np.exp(X + 1).sum(axis=0))


def test_views_and_updates_in_place_need_no_instruction():
    variable = Variable(X)
    program = bound(lambda x: (variable.assign(ops.exp(x)), ops.transpose(x))[1], X)
    assert [each.op for each in program.instructions] == ["exp"]
    program = bound(lambda x: variable.assign(x), X)
    (assign,) = program.instructions
    assert assign.op == "assign" and assign.writes == [variable.buffer] and assign.shape == (2, 3)


def test_only_what_reads_the_data_is_bound_again():
    program = bound(lambda x, y: ops.exp(ops.sum(ops.transpose(x)[1:], axis=0)) * y, X, X[:, 1])
    calls = [each.call for each in program.instructions]
    other = [X * 2, X[:, 0] - 1]
    again = list(calls)
    program.rebinding.apply(again, other)
    assert [new is old for new, old in zip(again, calls, strict=True)] == [False, True, False]
    run(again)
    expected = np.exp(other[0].T[1:].sum(axis=0)) * other[1]
    np.testing.assert_array_equal(program.locations[program.outputs[0]], expected)


def test_a_program_that_delivers_its_data_cannot_be_bound_to_other_data():
    assert bound(lambda x: ops.exp(x), X).rebinding is not None
    assert bound(lambda x: [ops.exp(x), x[1:]], X).rebinding is None
    assert bound(lambda x: [ops.exp(x), x], X).rebinding is None


def test_a_tiled_instruction_reads_and_writes_what_is_used_outside():
    variable = Variable(np.ones(200000, "float32"))

    def step(x):
        y = ops.negative(x)
        variable.assign(ops.tanh(ops.exp(y) * 2.0))

    negative, tiled = bound(step, np.ones(200000, "float32")).instructions
    assert tiled.op == "exp, multiply, tanh (tiled)"
    assert tiled.reads[0] is negative.writes[0] and [each.size for each in tiled.reads] == [200000, 1]
    assert tiled.writes == [variable.buffer]
