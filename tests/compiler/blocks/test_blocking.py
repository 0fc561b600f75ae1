"""The pass: what becomes blocks, with which operands and results, and that steps keep their results."""

import numpy as np
import pytest

from minikeras import layers, losses, models, ops, optimizers, utils
from minikeras.compiler.blocks import blocking
from minikeras.compiler.blocks.blocking import block_batches, block_sizes
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.variable import Variable
from tests.compiler.recorded import names, program_of
from tests.helpers import plans_of

IMAGES = np.random.default_rng(0).normal(size=(16, 8, 8, 2)).astype("float32")
KERNEL = np.ones((3, 3, 2, 4), "float32")


def test_without_convolutions_nothing_changes():
    program = program_of(lambda x: ops.relu(ops.matmul(x, np.ones((2, 2), "float32"))), IMAGES)
    assert block_batches(program) is program


def test_one_entry_for_a_part(monkeypatch):
    program = program_of(lambda x: ops.sum(ops.relu(ops.conv(x, KERNEL) + 1)), IMAGES)
    assert names(block_batches(program)) == ["conv, add, relu, sum (blocks of 16)", "unpack"]
    monkeypatch.setattr(blocking, "_SMALL", 1000)
    assert names(block_batches(program)) == ["conv, add, relu, sum (blocks of 2)", "unpack"]


def test_no_examples():
    def step(x):
        kernel = ops.convert_to_tensor(KERNEL) + 0 * ops.sum(x)
        rest = ops.conv(x[16:], kernel)
        y = ops.sum(ops.conv(x, kernel)) + ops.sum(rest)
        return [rest, *gradients(y, [x, kernel])]

    replaying = Step(step, "step")
    for _ in range(2):
        rest, of_images, of_kernel = replaying(IMAGES)
        assert rest.shape == (0, 6, 6, 4) and of_images[0, 4, 4].tolist() == [36, 36]
        expected = IMAGES[:, 1:7, 2:8, 0].sum()
        np.testing.assert_allclose(of_kernel[1, 2, 0], [expected] * 4, rtol=1e-4, atol=1e-4)  # sums of 576 numbers
    conv = Step(lambda x: ops.conv(x, KERNEL), "conv")
    assert [conv(IMAGES[:0]).shape for _ in range(2)] == [(0, 6, 6, 4)] * 2


def test_only_what_is_used_outside_is_kept():
    def step(x):
        y = ops.relu(ops.conv(x, KERNEL))
        return [ops.mean(y, (1, 2)), y]

    assert names(block_batches(program_of(step, IMAGES))).count("unpack") == 2


def test_two_batches():
    def step(x, z):
        return [ops.conv(x, KERNEL), ops.conv(z, KERNEL)]

    found = names(block_batches(program_of(step, IMAGES, IMAGES[:5])))
    assert found == ["conv (blocks of 16)", "unpack", "conv (blocks of 5)", "unpack"]


def test_sizes_of_blocks(monkeypatch):
    monkeypatch.setattr(blocking, "_BYTES", 16 << 20)
    assert block_sizes(20, 600_000) == [3, 3, 3, 3, 2, 2, 2, 2]
    assert block_sizes(3, 100) == [3] and block_sizes(1, 1 << 40) == [1] and block_sizes(2, 1 << 40) == [1, 1]
    assert sum(block_sizes(129, 100_000)) == 129 and set(block_sizes(129, 4 << 20)) == {3, 4}


def test_half_precision_is_computed_by_blocks_too():
    def step(x):
        y = ops.conv(x, KERNEL.astype("float16"))
        (gradient,) = gradients(ops.sum(ops.cast(y, "float32")), [x])
        return [y, gradient]

    program = program_of(step, IMAGES.astype("float16"))
    assert names(block_batches(program))[0].startswith("conv, ")


def network(normalized, wide):
    utils.set_random_seed(3)
    model = models.Sequential([layers.Input((12, 12, 2)), layers.Conv2D(8, 3, padding="same", activation="relu")])
    if normalized:
        model.add(layers.BatchNormalization())
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(6, 3, strides=2, activation="tanh"))
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.3, seed=1))
    model.add(layers.Dense(9000 if wide else 20, activation="relu"))
    model.add(layers.Dense(3))
    model.compile(optimizers.Adam(0.01), losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_training_replayed_and_eagerly(normalized, wide):
    x = np.random.default_rng(1).normal(size=(40, 12, 12, 2)).astype("float32")
    y = np.arange(40) % 3
    replaying, eager = network(normalized, wide), network(normalized, wide)
    eager.run_eagerly = True
    options = {"batch_size": 16, "epochs": 2, "verbose": 0, "shuffle": False}
    histories = [model.fit(x, y, **options).history for model in (replaying, eager)]
    # Sums over the batch are rounded in another order; Adam divides small gradients by their own size.
    np.testing.assert_allclose(histories[0]["loss"], histories[1]["loss"], rtol=2e-4)
    for one, other in zip(replaying.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-3)
    assert any("blocks" in name for plan in plans_of(replaying).values() for name in plan.names)


def test_a_variable_that_changes_between_parts():
    counter = Variable(np.float32(1))

    def step(x):
        y = ops.conv(x, KERNEL) * counter.value
        counter.assign(ops.sum(y))
        return ops.sum(ops.conv(x, KERNEL) * counter.value)

    from tests.helpers import run_step_test

    run_step_test(step, np.ones((2, 4, 4, 2), "float32"), np.full((2, 4, 4, 2), 2, "float32"), variables=[counter])


def unlike_others(x):
    """What needs the whole batch: where its result's examples are is not known."""
    return ops.flip(ops.flip(x, 0), 0)


BEFORE_A_CONVOLUTION = {
    "nothing": layers.Identity,
    "what needs the whole batch": lambda: layers.Lambda(unlike_others),
    "RandomFlip": lambda: layers.RandomFlip("horizontal", seed=1),
    "RandomRotation": lambda: layers.RandomRotation(0.1, seed=1),
    "RandomZoom": lambda: layers.RandomZoom(0.1, seed=1),
    "RandomContrast": lambda: layers.RandomContrast(0.1, seed=1),
}
POOLING = {
    "windows side by side": lambda: layers.MaxPooling2D(),
    "overlapping windows": lambda: layers.MaxPooling2D(3, strides=2),
    "means": lambda: layers.AveragePooling2D(2),
}


@pytest.mark.parametrize("pooling", POOLING.values(), ids=POOLING)
@pytest.mark.parametrize("before", BEFORE_A_CONVOLUTION.values(), ids=BEFORE_A_CONVOLUTION)
def test_gradients_have_examples_whatever_comes_before(before, pooling):
    """The labels tell where the examples of gradients are, also of values of which it is not known."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(48, 24, 24, 1)).astype("float32"), rng.integers(2, size=48)
    trained = []
    for eagerly in (False, True):
        utils.set_random_seed(0)
        first, second = layers.Conv2D(8, 3, activation="relu"), layers.Conv2D(16, 3)
        model = models.Sequential([layers.Input((24, 24, 1)), before(), first, pooling(), second, layers.Flatten()])
        model.add(layers.Dense(2))
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizers.SGD(0.01), loss, run_eagerly=eagerly)
        model.fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0)
        trained.append(model.get_weights())
    for replayed, eager in zip(*trained, strict=True):
        np.testing.assert_allclose(replayed, eager, rtol=1e-4, atol=1e-6)  # sums in another order
