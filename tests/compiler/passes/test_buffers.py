"""Buffers: who shares memory with whom, and who must not."""

import numpy as np

from minikeras import ops
from minikeras.compiler.passes.buffers import allocate_buffers
from minikeras.compiler.passes.in_place import update_in_place
from minikeras.engine.variable import Variable
from tests.compiler.recorded import after, program_of

X = np.ones((3, 3), "float32")


def placed(function, *passes):
    """Returns the locations of what is computed, in order, and those of the outputs."""
    program = after(program_of(function, X), *passes, allocate_buffers)
    found = [program.locations[entry.output] for entry in program.entries if entry.output is not None]
    return found, [program.locations[output] for output in program.outputs]


def test_by_element_results_overwrite_an_operand_that_dies():
    (first, second, third), _ = placed(lambda x: ops.sqrt(ops.tanh(ops.exp(x))))
    assert second is first and third is first


def test_nothing_overwrites_what_is_used_later():
    (exp, tanh, total), _ = placed(lambda x: ops.tanh(y := ops.exp(x)) + y)
    assert not np.may_share_memory(exp, tanh) and np.may_share_memory(total, tanh)


def test_nothing_overwrites_the_data_and_the_outputs():
    found, outputs = placed(lambda x: [y := ops.exp(x), ops.tanh(y), ops.sqrt(x)])
    for index, array in enumerate(found):
        assert array is outputs[index]
        assert not any(np.may_share_memory(array, other) for other in found[:index])


def test_a_buffer_goes_to_the_next_value_of_its_size():
    def step(x):
        first = ops.matmul(x, x)
        second = ops.matmul(first, x)
        return ops.matmul(second, x)

    (first, second, third), _ = placed(step)
    assert not np.may_share_memory(first, second)
    assert np.may_share_memory(third, first)


def test_a_buffer_is_kept_as_long_as_a_view_of_it():
    def step(x):
        view = ops.transpose(ops.matmul(x, x))
        other = ops.matmul(x, x + 1.0)
        return ops.matmul(view, other)

    (product, view, *_, other, last), _ = placed(step)
    assert np.may_share_memory(view, product)
    assert not np.may_share_memory(other, product) and not np.may_share_memory(last, product)


def test_locations_that_are_given_are_kept():
    variable = Variable(X)
    found, _ = placed(lambda x: (variable.assign(ops.matmul(x, x)), x * 2.0)[1], update_in_place)
    assert found[0] is variable.buffer and not np.may_share_memory(found[1], variable.buffer)


def test_buffers_start_at_a_cache_line():
    found, _ = placed(lambda x: [ops.exp(x), ops.sum(x, axis=0), ops.matmul(x, x)])
    assert all(array.ctypes.data % 64 == 0 for array in found)


def test_scalars_do_not_overwrite_their_operands():
    """numpy takes twice as long for them then."""
    total = Variable(np.float32(1))
    program = after(program_of(lambda x: total.assign_add(ops.sum(x)), X), update_in_place, allocate_buffers)
    add = program.entries[1]
    assert add.primitive.name == "add" and program.locations[add.output] is not total.buffer
    program = after(program_of(lambda x: total.assign(ops.sum(x)), X), update_in_place, allocate_buffers)
    assert program.locations[program.entries[0].output] is total.buffer
