"""Rematerialization: equal gradients on every path, and what is kept in memory between the two passes."""

import gc
import weakref

import numpy as np
import pytest

from minikeras import GradientTape, KerasTensor, Layer, Variable, grad, layers, ops, random, remat
from minikeras.compiler.pipeline import PASSES
from minikeras.compiler.program import Program, tensors
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentTypeError
from minikeras.ops.remat import AFTER

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4)).astype("float32")
KERNEL = Variable(RNG.normal(size=(4, 4)).astype("float32"))
SEED = np.array([1, 2], "uint32")


def scanned(x):
    return ops.scan(lambda carry, each: (ops.tanh(carry + each * x), carry), x, ops.ones((5, 4), "float32"))[1][-1]


def draws(x):
    return x * random.uniform(ops.shape(x), seed=7)


@ops.custom_gradient
def doubled(x):
    return ops.sin(x), lambda upstream: 2.0 * upstream * ops.cos(x)


BLOCKS = {
    "product": lambda x: ops.tanh(ops.matmul(x, KERNEL)),
    "softmax": lambda x: ops.softmax(ops.matmul(x, KERNEL)) * ops.sin(x),
    "loop": scanned,
    "branches": lambda x: ops.cond(ops.sum(x) > 0.0, lambda: ops.exp(x), lambda: ops.sin(x)),
    "random": draws,
    "own gradient": doubled,
    "split": lambda x: ops.concatenate([each**2 for each in ops.split(ops.exp(0.1 * x), 2, axis=1)], axis=1),
    "variable alone": lambda x: x + ops.exp(KERNEL[:3]),
}


def loss_of(block):
    return lambda x: ops.sum(block(block(x)) ** 2)


def by_tape(block, x):
    with GradientTape() as tape:
        z = tape.watch(x)
        y = loss_of(block)(z)
    return [np.asarray(each) for each in tape.gradient(y, [z, KERNEL], unconnected_gradients="zero")]


def by_open_tape(block, x):
    with GradientTape(persistent=True) as tape:
        z = tape.watch(x)
        y = loss_of(block)(z)
        found = tape.gradient(y, [z, KERNEL], unconnected_gradients="zero")
    return [np.asarray(each) for each in found]


def by_step(block, x, runs=3):
    def step(x):
        KERNEL.read()
        found = gradients(loss_of(block)(x), [x, KERNEL])
        return [
            ops.zeros_like(source) if each is None else each for each, source in zip(found, [x, KERNEL], strict=True)
        ]

    run = Step(step, "step")
    for _ in range(runs):
        found = [np.array(each) for each in run(x)]
    return found


@pytest.mark.parametrize("path", [by_tape, by_open_tape, by_step])
@pytest.mark.parametrize("name", BLOCKS)
def test_equal_gradients(name, path):
    block = BLOCKS[name]
    for ours, expected in zip(path(remat(block), X), by_tape(block, X), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)  # sums in another order


@pytest.mark.parametrize("name", ["product", "softmax", "own gradient", "split"])
def test_gradients_of_gradients(name):
    def second(block):
        return grad(lambda x: ops.sum(grad(loss_of(block))(x) ** 2))(X)

    np.testing.assert_allclose(second(remat(BLOCKS[name])), second(BLOCKS[name]), rtol=1e-4, atol=1e-5)


def test_one_block_inside_of_another():
    inner = BLOCKS["softmax"]
    expected = by_tape(lambda x: inner(inner(x)), X)
    for path in (by_tape, by_open_tape, by_step):
        found = path(remat(lambda x: remat(inner)(remat(inner)(x))), X)
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("path", [by_tape, by_step])
def test_in_the_body_of_a_loop(path):
    def block(inner):
        return lambda x: ops.scan(lambda carry, _: (inner(carry), None), x, length=3)[0]

    for ours, theirs in zip(
        path(block(remat(BLOCKS["softmax"])), X), by_tape(block(BLOCKS["softmax"]), X), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_without_gradients_it_is_the_function():
    calls = []

    def f(x, scale=1.0):
        """Scales."""
        calls.append(1)
        return {"y": x * scale, "n": 3}

    block = remat(f)
    assert block.__doc__ == "Scales." and block.__name__ == "f"
    assert block(X, scale=2.0)["y"].tolist() == (2 * X).tolist() and len(calls) == 1
    assert block(KerasTensor((None, 4)))["y"].shape == (None, 4)
    with GradientTape() as tape:
        z = tape.watch(X)
        found = block(z, scale=3.0)
    assert found["n"] == 3 and len(calls) == 3
    np.testing.assert_array_equal(tape.gradient(found["y"], z), np.full_like(X, 3.0))
    assert len(calls) == 3  # Python runs it once
    with pytest.raises(ArgumentTypeError, match="`remat` expects a function or a layer. Received: 3"):
        remat(3)


def test_a_layer():
    layer = layers.Dense(4, "softmax")
    layer.build((None, 4))
    one, other = by_tape(layer, X), by_tape(remat(layer), X)
    np.testing.assert_allclose(other[0], one[0], rtol=1e-5, atol=1e-7)


def test_what_the_function_returns_unchanged_or_twice():
    other = X.copy()
    block = remat(lambda x: (x, ops.exp(x), other))
    with GradientTape() as tape:
        z = tape.watch(X)
        same, e, constant = block(z)
        y = ops.sum(same * e * constant)
    np.testing.assert_allclose(tape.gradient(y, z), X * np.exp(X) * (1 + X), rtol=1e-5)
    twice = remat(lambda x: [ops.exp(x)] * 2)
    np.testing.assert_allclose(grad(lambda x: ops.sum(ops.multiply(*twice(x))))(X), 2 * np.exp(2 * X), rtol=1e-5)


@pytest.mark.parametrize("path", [by_tape, by_step])
def test_values_that_are_used_outside(path):
    def block(wrapper):
        kept = []

        def inner(x):
            kept.append(ops.exp(0.1 * x))
            return ops.sin(kept[-1])

        return lambda x: wrapper(inner)(x) * kept[-1]

    for ours, theirs in zip(path(block(remat), X), by_tape(block(lambda f: f), X), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_variables_are_updated_once_and_draws_are_the_same():
    counter, seed = Variable(0.0, trainable=False), random.SeedGenerator(3)

    def f(x):
        counter.assign_add(1.0)
        return x * random.uniform(ops.shape(x), seed=seed)

    def step(x):
        y = remat(f)(x)
        return [y, *gradients(ops.sum(y), [x])]

    run = Step(step, "step")
    for count in range(1, 4):
        y, slope = run(X)
        np.testing.assert_allclose(slope, y / X, rtol=1e-5)  # the factors that were drawn
        assert float(counter) == count


def test_a_tape_keeps_none_of_the_values():
    seen = []

    def f(x):
        for _ in range(4):
            x = ops.exp(-(x**2))
            seen.append(weakref.ref(x))
        return ops.sin(x)

    for wrapper, alive in ((lambda f: f, 4), (remat, 0)):
        seen.clear()
        with GradientTape() as tape:
            z = tape.watch(X)
            y = ops.sum(wrapper(f)(z))
        gc.collect()
        assert sum(each() is not None for each in seen) == alive
        assert tape.gradient(y, z).shape == X.shape


def test_the_tape_knows_the_variables_that_were_used():
    with GradientTape() as tape:
        remat(BLOCKS["product"])(X)
    assert [each is KERNEL for each in tape.watched_variables()] == [True]


def test_a_plan_keeps_the_operands_alone():
    """Values of the forward pass that the backward pass reads, in a plan after equal calls were merged."""

    def kept(wrapper):
        with Trace() as trace:
            x = Tensor(X, trace)
            y = x
            for _ in range(5):
                y = wrapper(lambda x: ops.exp(ops.sin(ops.cos(x)) * ops.tanh(x)))(y)
            (found,) = gradients(ops.sum(y), [x])
        program = Program.of(trace, [x], [found])
        for each in PASSES[:3]:
            program = each(program)
        storage = program.storage()
        forward = {entry.output for entry in program.entries if entry.phase == "forward"}
        read = [each for entry in program.entries if entry.phase == "backward" for each in tensors(entry.inputs)]
        values = {storage.get(each, each) for each in read}
        return len(values & forward), [entry.primitive for entry in program.entries].count(AFTER)

    assert kept(lambda f: f) == (20, 0)  # sin, cos and tanh and the result of each
    assert kept(remat) == (4, 5)  # the results of all but the last


def test_masks_are_passed_on():
    class Masking(Layer):
        def call(self, x):
            return layers.Masking()(x)

    layer = Masking()
    x = np.zeros((1, 2, 3), "float32")
    with GradientTape() as tape:
        y = remat(layer)(tape.watch(x))
    assert np.asarray(y._keras_mask).tolist() == [[False, False]]
