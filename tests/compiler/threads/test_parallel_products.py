"""Large products on several threads: when, and that it does not change a bit."""

from functools import partial

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.compiler.threads import parallel_products as parallel
from minikeras.compiler.threads.parallel_products import Threading, blocks
from minikeras.engine.variable import Variable

WHOLE = [(slice(None), slice(None))]


def matrix(rows, columns, dtype="float32", seed=0):
    return np.random.default_rng(seed).standard_normal((rows, columns)).astype(dtype)


def cut(rows, inner, columns, threads=2, dtype="float32"):
    arrays = [matrix(rows, inner, dtype), matrix(inner, columns, dtype, 1)]
    return blocks(arrays, np.empty((rows, columns), dtype), threads)


# ---------------------------------------------------------------- blocks


def test_small_products_stay_whole():
    assert cut(32, 784, 128) == WHOLE


def test_one_thread_leaves_products_whole():
    assert cut(128, 784, 512, threads=1) == WHOLE


def test_products_are_cut_along_the_longer_axis():
    rows = slice(None)
    assert cut(128, 784, 512) == [(rows, slice(0, 256)), (rows, slice(256, 512))]
    assert cut(784, 128, 512) == [(slice(0, 384), rows), (slice(384, 784), rows)]


def test_blocks_cover_a_product_and_none_is_small():
    cuts = cut(1000, 300, 70, threads=8)
    edges = [(part.start, part.stop) for part, _ in cuts]
    assert len(cuts) == 1000 * 300 * 70 // 4_000_000
    assert edges[0][0] == 0 and edges[-1][1] == 1000
    assert all(stop == start for (_, stop), (start, _) in zip(edges, edges[1:], strict=False))
    assert all(start % 64 == 0 for start, _ in edges)


def test_stacks_and_whole_numbers_stay_whole():
    stack = np.ones((8, 512, 512), "float32")
    assert blocks([stack, stack[0]], np.empty_like(stack), 2) == WHOLE
    assert cut(512, 512, 512, dtype="int32") == WHOLE


def test_a_matrix_times_itself_stays_whole():
    x = matrix(512, 512)
    assert blocks([x, x.T], np.empty((512, 512), "float32"), 2) == WHOLE


def test_a_product_that_would_round_in_another_way_stays_whole(monkeypatch):
    monkeypatch.setattr(parallel, "_same_bits", lambda *args: False)
    assert cut(128, 784, 512) == WHOLE


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("rows", "inner", "columns"), [(128, 784, 512), (784, 128, 512), (333, 777, 129), (257, 300, 513)]
)
def test_blocks_have_the_bits_of_the_whole(rows, inner, columns, dtype):
    first, second, out = (
        matrix(rows, inner, dtype),
        matrix(columns, inner, dtype, 1).T,
        np.empty((rows, columns), dtype),
    )
    threading = Threading(2)
    run = threading.binder(whole_product(out), [first, second], out)([first, second])
    results = []
    for threading.parallel in (False, True):
        out.fill(0)
        parallel.on_one_thread(run)()
        results.append(out.copy())
    np.testing.assert_array_equal(*results)


def whole_product(out):
    return lambda arrays: partial(np.dot, *arrays, out)


# ---------------------------------------------------------------- the choice


class Machine:
    """A clock, and steps that take as long as is said."""

    def __init__(self, one, several, threads=2):
        self.now = 0.0
        self.times = {False: one, True: several}
        self.threading = Threading(threads, clock=lambda: self.now)
        self.made = []

    def step(self):
        self.made.append(self.threading.parallel)
        self.now += self.times[self.threading.parallel]

    def run(self, steps):
        self.made.clear()
        for _ in range(steps):
            self.threading.timed(self.step)
        return self.made

    def trial(self):
        return self.run(11)


def test_both_ways_are_tried_in_turn():
    assert Machine(1.0, 0.5).trial() == [False, *[False, True] * 5]


@pytest.mark.parametrize(("several", "parallel"), [(0.6, True), (0.94, True), (0.96, False), (30.0, False)])
def test_the_faster_way_is_chosen(several, parallel):
    machine = Machine(1.0, several)
    machine.trial()
    assert machine.run(5) == [parallel] * 5


def test_one_slow_step_does_not_count():
    machine = Machine(1.0, 0.6)
    machine.run(2)
    machine.times[True] = 100.0
    machine.run(1)
    machine.times[True] = 0.6
    machine.run(8)
    assert machine.run(1) == [True]


def test_steps_that_become_slower_are_looked_at_again():
    machine = Machine(0.001, 0.0006)
    machine.trial()
    machine.times[True] = 0.02  # another process needs the core
    assert machine.run(16) == [True] * 16
    assert machine.run(10) == [False, True] * 5
    assert machine.run(40) == [False] * 40
    machine.times = {False: 0.002, True: 0.0006}
    machine.run(16 - 40 % 16 + 10)
    assert machine.run(5) == [True] * 5


def test_the_choice_is_looked_at_again_after_ten_seconds():
    machine = Machine(0.1, 3.0)
    machine.trial()
    machine.times[True] = 0.06  # a core has become free, which does not show
    assert set(machine.run(96)) == {False}
    machine.run(16 + 10)
    assert machine.run(1) == [True]


# ---------------------------------------------------------------- in steps


@pytest.fixture
def four_threads(monkeypatch):
    monkeypatch.setattr(parallel, "allowed_threads", lambda: 4)


def test_a_plan_computes_the_same_on_several_threads(four_threads):
    weights = [Variable(matrix(784, 512, seed=1)), Variable(matrix(512, 512, seed=2))]

    def function(x):
        for weight in weights:
            x = ops.relu(ops.matmul(x, weight)) / 512
        weights[0].assign(weights[0] + ops.matmul(ops.transpose(x[:, :256]), x)[:1] * 1e-3)
        return x

    step = Step(function, "a step")
    data = matrix(128, 784, seed=3)
    start = [weight.numpy() for weight in weights]
    results = []
    for way in ("traced", False, True):
        for weight, value in zip(weights, start, strict=True):
            weight.assign(value)
        for plan in step.plans().values():
            assert plan.threading.is_used
            plan.threading._in_trial, plan.threading.parallel = False, way
        results.append([step(data).copy(), *[weight.numpy() for weight in weights]])
    for other in results[1:]:
        for first, second in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(first, second)


def test_a_plan_of_small_products_is_not_timed(four_threads):
    step = Step(lambda x: ops.matmul(x, ops.transpose(x)), "a step")
    step(matrix(32, 784))
    (plan,) = step.plans().values()
    assert not plan.threading.is_used
