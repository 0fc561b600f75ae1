"""Elementwise calls on large arrays are computed tile by tile."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.passes import scheduling, tiling
from minikeras.compiler.step import Step
from minikeras.engine.variable import Variable
from minikeras.optimizers import Adam
from tests.helpers import run_step_test

SIZE = 50


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch):
    monkeypatch.setattr(tiling, "_ELEMENTS", 16)
    monkeypatch.setattr(tiling, "_SMALLEST", 32)
    monkeypatch.setattr(scheduling, "_SMALL", 16)


def array(seed, size=SIZE):
    return np.random.default_rng(seed).uniform(0.5, 2, size).astype("float32")


def names_of(function, *arrays):
    """Returns the names of the plan of a step, after a check that all ways to run it agree."""
    run_step_test(function, *[each for one in arrays for each in (one, one + 1)])
    step = Step(function, "a step")
    step(arrays[0])
    step(arrays[0])
    (plan,) = step.plans().values()
    return plan.names


def test_a_chain_is_one_call():
    """Its first call reads the data, which may lie elsewhere in the next step: that one stays alone."""
    names = names_of(lambda x: ops.sqrt(ops.exp(ops.tanh(ops.negative(x))) + 1.0), array(1))
    assert names == ["negative", "tanh, exp, add, sqrt (tiled)"]


def test_one_call_stays_whole():
    assert names_of(lambda x: ops.sum(ops.exp(ops.negative(x))), array(1)) == ["negative", "exp", "sum"]


@pytest.mark.parametrize("size", [31, 32, 33, 48])
def test_sizes(size):
    names = names_of(lambda x: ops.exp(ops.tanh(ops.negative(x))), array(1, size))
    assert names == (["negative", "tanh", "exp"] if size < 32 else ["negative", "tanh, exp (tiled)"])


def test_values_that_are_used_later_are_kept():
    def step(x):
        y = ops.exp(ops.negative(x))
        z = ops.tanh(y)
        return ops.sum(z * y), y, ops.sum(z)

    run_step_test(step, array(1), array(2))


def test_other_shapes_and_dtypes():
    def step(x):
        y = ops.reshape(ops.negative(x), (2, -1))
        z = ops.exp(y) * ops.reshape(x, (2, -1))
        whole = ops.cast(z * 10.0, "int32")
        return ops.tanh(ops.transpose(ops.sqrt(ops.absolute(z)))), ops.cast(whole, "float32") + z, whole

    run_step_test(step, array(1), array(2))


def test_numbers_and_rows():
    rate = Variable(0.5)

    def step(x):
        y = ops.reshape(ops.negative(x), (2, -1))
        return ops.exp(y * rate) + ops.sum(y, axis=0) * 2.0, ops.exp(ops.multiply(rate, y) - ops.max(y))

    run_step_test(step, array(1), array(2), variables=[rate])


def test_memory_that_lies_askew():
    """Each element of the one is the next element of the other: the second call must not come before the first ends."""
    variable = Variable(array(3, SIZE + 1))

    def step(x):
        before, after = variable[:-1], variable[1:]
        moved = ops.tanh(before) + x
        variable.assign(ops.concatenate([moved * after, x[:1]]))
        return moved

    run_step_test(step, array(1), array(2), variables=[variable])


def test_the_updates_of_adam_come_last_and_in_tiles():
    kernel, optimizer = Variable(array(1)), Adam(0.1)
    optimizer.build([kernel])

    def step(x):
        optimizer.apply([ops.tanh(x)], [kernel])
        return ops.sum(x)

    run_step_test(step, array(1), array(2), array(3), variables=[kernel, *optimizer.variables])
    running = Step(step, "a step")
    running(array(1))
    running(array(1))
    (plan,) = running.plans().values()
    chain = "subtract, multiply, add, square, subtract, multiply, add, multiply, sqrt, add, true_divide, subtract"
    assert plan.names[-1] == f"{chain} (tiled)"


def test_what_only_the_chain_uses_has_the_size_of_a_tile():
    variable = Variable(array(2))

    def function(x):
        y = ops.negative(x)
        variable.assign(ops.tanh(ops.exp(y)))
        return y

    step = Step(function, "a step")
    step(array(1))
    step(array(1))
    (plan,) = step.plans().values()
    assert plan.names == ["negative", "exp, tanh (tiled)"]
    calls = plan.calls[1].__closure__[0].cell_contents
    assert len(calls) == 2 * 4  # tiles of 16, 16, 16 and 2
    assert {call.args[-1].base.nbytes for call in calls if call.func is np.exp} == {16 * 4}
    run_step_test(function, array(1), array(2), variables=[variable])
