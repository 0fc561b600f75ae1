"""Large products on several threads: when, and that it does not change a bit."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.compiler.threads import parallel_products as parallel
from minikeras.compiler.threads.parallel_products import Threading, parallel_length
from minikeras.engine.variable import Variable


def matrix(rows, columns, dtype="float32", seed=0):
    return np.random.default_rng(seed).standard_normal((rows, columns)).astype(dtype)


def length(rows, inner, columns, threads=2, dtype="float32"):
    arrays = [matrix(rows, inner, dtype), matrix(inner, columns, dtype, 1)]
    return parallel_length(arrays, np.empty((rows, columns), dtype), threads)


def bind(arrays):
    return partial(np.dot, *arrays)


# ---------------------------------------------------------------- which products


def test_small_products_stay_on_one_thread():
    assert length(32, 784, 128) == 0


def test_all_products_do_if_there_is_one():
    assert length(128, 512, 512, threads=1) == 0


def test_stacks_and_integers_do():
    stack = np.ones((8, 512, 512), "float32")
    assert Threading(2).binder(bind, [stack, stack[0]], np.empty_like(stack)) is bind
    assert length(512, 512, 512, dtype="int32") == 0


def test_a_matrix_times_itself_does():
    x = matrix(512, 512)
    assert Threading(2).binder(bind, [x, x.T], np.empty((512, 512), "float32")) is bind


@pytest.mark.parametrize(
    ("same_bits_over", "expected"), [({784, 768}, 784), ({768}, 768), ({784}, 784), (set(), 0), ({752}, 0)]
)
def test_the_length_is_the_longest_that_keeps_the_bits(monkeypatch, same_bits_over, expected):
    monkeypatch.setattr(parallel, "_same_bits", lambda layouts, dtype, threads, length: length in same_bits_over)
    assert length(128, 784, 512) == expected


# ---------------------------------------------------------------- bits


def counted(monkeypatch, length):
    """Returns the numbers of threads that `on_threads` is asked for, which makes the call on one."""
    counts = []
    blas = SimpleNamespace(on_threads=lambda count, run: lambda: (counts.append(count), run()))
    monkeypatch.setattr(parallel, "numpy_blas", lambda: blas)
    monkeypatch.setattr(parallel, "parallel_length", lambda *args: length)
    return counts


@pytest.mark.parametrize("length", [784, 768])
def test_a_product_on_several_threads(monkeypatch, length):
    counts = counted(monkeypatch, length)
    first, second, out = matrix(128, 784), matrix(784, 512, seed=1), np.empty((128, 512), "float32")
    threading = Threading(2)
    run = threading.binder(whole_product(out), [first, second], out)([first, second])
    assert threading.is_used
    for threading.parallel in (False, True):
        out.fill(0)
        run()
        np.testing.assert_allclose(out, first.astype("float64") @ second, rtol=1e-4, atol=1e-4)  # float32 sums of 784
    assert counts == [2]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("rows", "inner", "columns"), [(128, 784, 512), (784, 128, 512), (128, 512, 512), (333, 777, 129), (257, 300, 513)]
)
def test_several_threads_give_the_bits_of_one(rows, inner, columns, dtype):
    first, second = matrix(rows, inner, dtype), matrix(columns, inner, dtype, 1).T
    out = np.empty((rows, columns), dtype)
    threading = Threading(2)
    run = threading.binder(whole_product(out), [first, second], out)([first, second])
    results = []
    for threading.parallel in (False, True):
        out.fill(0)
        parallel.on_one_thread(run)()
        results.append(out.copy())
    np.testing.assert_array_equal(*results)
    np.testing.assert_allclose(out, first.astype("float64") @ second, rtol=1e-4, atol=1e-4)


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


def test_a_cheap_trial_is_repeated_soon():
    machine = Machine(0.001, 0.0014)
    machine.trial()
    machine.times[True] = 0.0006  # it was slow by chance
    assert set(machine.run(190)) == {False}
    machine.run(16 + 10 + 16)
    assert machine.run(1) == [True]


def test_an_expensive_one_after_ten_seconds():
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


def test_a_plan_computes_the_same_on_several_threads(four_threads, monkeypatch):
    # Whether BLAS gives the same bits depends on the processor; where it does not, plans stay on one thread.
    monkeypatch.setattr(parallel, "_same_bits", lambda layouts, dtype, threads, length: length % 32 == 0)
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
    for traced, on_one, on_several in zip(*results, strict=True):
        np.testing.assert_allclose(on_one, on_several, rtol=1e-4, atol=1e-7)
        # The product over 784 elements is one over 768 and one over 16: float32 sums in another order.
        np.testing.assert_allclose(on_one, traced, rtol=1e-4, atol=1e-7)


def test_a_plan_of_small_products_is_not_timed(four_threads):
    step = Step(lambda x: ops.matmul(x, ops.transpose(x)), "a step")
    step(matrix(32, 784))
    (plan,) = step.plans().values()
    assert not plan.threading.is_used
