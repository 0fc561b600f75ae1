"""Levels: parts are as long as sums over the batch allow, and what needs the whole batch comes between them."""

import numpy as np

from minikeras import ops
from minikeras.compiler.blocks.batch_axes import batch_axes
from minikeras.compiler.blocks.parts import Levels
from minikeras.engine.variable import Variable
from tests.compiler.recorded import program_of

X = np.ones((4, 3), "float32")


def levels(function, *arrays):
    program = program_of(function, *(arrays or (X,)))
    found = Levels(program, batch_axes(program, 4))
    return [tuple([entry.primitive.name for entry in entries] for entries in level) for level in found]


def test_one_part():
    assert levels(lambda x: ops.relu(ops.tanh(x))) == [([], ["tanh", "relu"])]


def test_a_sum_over_the_batch_ends_a_part():
    def centered(x):
        return x - ops.sum(x, 0)

    assert levels(centered) == [([], ["sum"]), ([], ["subtract"])]


def test_what_needs_the_whole_batch_comes_between():
    # What follows has no batch axis that is known, so that it is computed as usual.
    assert levels(lambda x: ops.exp(ops.cumsum(ops.tanh(x), 0))) == [([], ["tanh"]), (["cumsum", "exp"], [])]
    assert levels(lambda x: ops.cumsum(ops.tanh(x), 0) * x) == [([], ["tanh"]), (["cumsum"], ["multiply"])]


def test_what_only_a_later_part_needs_is_computed_there():
    def late(x):
        return ops.tanh(x) * ops.sum(x, 0)

    assert levels(late) == [([], ["sum"]), ([], ["tanh", "multiply"])]


def test_outputs_and_sums_are_not_delayed():
    def both(x):
        y = ops.tanh(x)
        return [y, y * ops.sum(x, 0)]

    assert levels(both) == [([], ["tanh", "sum"]), ([], ["multiply"])]


def test_products_with_large_matrices_need_all_rows():
    large = np.ones((3, 40_000), "float32")
    assert levels(lambda x: ops.relu(ops.matmul(ops.tanh(x), large))) == [([], ["tanh"]), (["matmul"], ["relu"])]


def test_a_value_of_an_earlier_part_is_not_cut_along_another_axis():
    def step(x):
        flat = ops.transpose(ops.tanh(x))
        return [flat, ops.matmul(flat, x - ops.sum(x, 0))]

    found = levels(step)
    assert found[-1][0] == ["matmul"]  # as usual, on the whole batch


def test_a_value_with_the_batch_along_another_axis_stays_in_its_part():
    large = np.ones((4, 40_000), "float32")

    def step(x):
        hidden = ops.tanh(x)
        return [ops.matmul(ops.transpose(hidden), large), ops.sum(hidden, 0)]

    assert levels(step) == [([], ["tanh", "sum"]), (["transpose", "matmul"], [])]
    assert levels(lambda x: ops.transpose(ops.tanh(x))) == [([], ["tanh"]), (["transpose"], [])]


def test_assignments_keep_their_order():
    mean = Variable(np.zeros(3, "float32"))

    def step(x):
        y = x - mean.value
        mean.assign(ops.sum(x, 0))
        return y * mean.value

    found = levels(step)
    flat = [name for whole, part in found for name in (*whole, *part)]
    assert flat.index("subtract") < flat.index("assign") < flat.index("multiply")
