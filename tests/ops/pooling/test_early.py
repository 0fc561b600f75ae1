"""Pooling before monotone operations: the same results, fewer calls, and only where it holds."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of
from tests.helpers import run_step_test

rng = np.random.default_rng(0)
# Integers, whose sums are exact: BLAS may sum the products of a window in another order if it is in another row.
KERNEL = Variable(rng.integers(-9, 10, (3, 3, 2, 4)).astype("float32"))
LARGE = Variable(np.ones((9, 9, 16, 8), "float32"))
BIAS = Variable(rng.normal(size=4).astype("float32"))
X = rng.integers(-9, 10, (2, 3, 9, 10, 2)).astype("float32")


def pooled(x):
    return ops.max_pool(ops.relu(ops.conv(x, KERNEL) + BIAS), 2)


def test_fewer_calls():
    assert names(program_of(pooled, X[0]))[-4:] == ["conv", "phase_max", "add", "relu"]


def test_the_same_bits():
    def step(x):
        y = pooled(x)
        return [y, *gradients(ops.sum(y * y), [KERNEL.value, BIAS.value])]

    found = run_step_test(pooled, *X, variables=[KERNEL, BIAS])
    assert np.array_equal(found[0], ops.max_pool(ops.relu(ops.conv(X[0], KERNEL) + BIAS), 2))
    program = program_of(step, X[0])
    expected = [ops.max_pool(ops.relu(ops.conv(X[0], KERNEL) + BIAS), 2)]
    assert np.array_equal(program.outputs[0].array, expected[0])


REFUSED = {
    "not monotone": lambda x: ops.max_pool(ops.square(ops.conv(x, KERNEL)), 2),
    "overlapping": lambda x: ops.max_pool(ops.relu(ops.conv(x, KERNEL)), 3, 2),
    "padding": lambda x: ops.max_pool(ops.relu(ops.conv(x, KERNEL)), 2, padding="same"),
    "no convolution": lambda x: ops.max_pool(ops.relu(x), 2),
    "a sum of images": lambda x: ops.max_pool(ops.conv(x, KERNEL) + ops.conv(x * 2, KERNEL), 2),
    "each channel on its own": lambda x: ops.max_pool(ops.depthwise_conv(x, KERNEL[..., :1]), 2),
    "in frequency space": lambda x: ops.max_pool(ops.conv(ops.tile(x[:, :6, :6], (1, 4, 4, 8)), LARGE, 1, "same"), 2),
    "means": lambda x: ops.average_pool(ops.relu(ops.conv(x, KERNEL)), 2),
}


@pytest.mark.parametrize("function", REFUSED.values(), ids=REFUSED)
def test_where_it_does_not_hold(function):
    x = X[0][:, :7, :9]  # (5, 7) windows, which "same" pads
    assert "phase_max" not in names(program_of(function, x))
