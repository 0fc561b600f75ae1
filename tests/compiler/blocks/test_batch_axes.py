import numpy as np

from minikeras import ops
from minikeras.compiler.blocks.batch_axes import batch_axes
from minikeras.engine.batch_rules import SUM
from minikeras.engine.variable import Variable
from tests.compiler.recorded import program_of


def test_the_batch_axis_is_followed_from_the_inputs():
    weights = Variable(np.ones((4, 4), "float32"))

    def step(x):
        hidden = ops.matmul(x, weights)
        return [ops.matmul(ops.transpose(hidden), x), ops.matmul(weights, weights)]

    program = program_of(step, np.ones((4, 4), "float32"))
    axes = batch_axes(program, 4)
    outputs = [axes.batchings[entry].output for entry in program.entries if entry in axes.batchings]
    # The product of the weights has nothing to do with the batch, though its sizes are equal.
    assert outputs == [0, 1, SUM]


def test_another_number_of_examples():
    program = program_of(lambda x: ops.tanh(x), np.ones((4, 4), "float32"))
    assert not batch_axes(program, 3).batchings
