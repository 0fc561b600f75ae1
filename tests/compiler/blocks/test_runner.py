"""Running blocks: every way to divide a batch gives the same results, and the number of threads changes no bit."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.blocks import blocking, runner
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError

rng = np.random.default_rng(0)
KERNEL = Variable(rng.normal(size=(3, 3, 2, 4)).astype("float32"))
X, LABELS = rng.normal(size=(2, 37, 12, 12, 2)).astype("float32"), np.tile(np.int32([0, 1, 2]), 13)[:37]


def step(data):
    x, labels = data
    y = ops.relu(ops.conv(x, KERNEL, 1, "same"))
    logits = ops.mean(y, (1, 2))
    losses = ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    (gradient,) = gradients(ops.sum(losses), [KERNEL.value])
    return {"losses": losses, "gradient": gradient, "images": y}


def replayed(batches=X):
    replaying = Step(step, "replayed")
    found = [{name: np.array(array) for name, array in replaying((x, LABELS)).items()} for x in (*batches, *batches)]
    assert len(replaying.plans()) == 1
    return found[2:]


@pytest.fixture
def eager():
    return [Step(step, "eager", replay=False)((x, LABELS)) for x in X]


@pytest.mark.parametrize("nbytes", [1, 100_000, 1 << 30])
def test_the_size_of_blocks_does_not_matter(monkeypatch, eager, nbytes):
    monkeypatch.setattr(blocking, "_BYTES", nbytes)
    for found, expected in zip(replayed(), eager, strict=True):
        for name in expected:  # sums of blocks are rounded once more each
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, atol=1e-4)


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    found = []
    for threads in (1, 2, 3, 8):
        monkeypatch.setattr(runner, "allowed_threads", lambda threads=threads: threads)
        found.append(replayed())
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            assert all(np.array_equal(one[name], other[name]) for name in one)


def test_errors_of_a_block_arrive():
    replaying = Step(step, "replayed")
    for _ in range(2):
        replaying((X[0], LABELS))
    wrong = LABELS.copy()
    wrong[-1] = 4
    with pytest.raises(ArgumentError, match="class indices from 0 to 3"):
        replaying((X[0], wrong))
    replaying((X[0], LABELS))


def test_one_example():
    replaying = Step(lambda x: ops.conv(x, KERNEL), "one")
    for x in (X[0][:1], X[1][:1]):  # sums of 18 products of about 1, in an order that is up to BLAS
        np.testing.assert_allclose(replaying(x), ops.conv(x, KERNEL), rtol=1e-5, atol=1e-5)


def test_memory_of_a_thread_is_that_of_a_block():
    import tracemalloc

    def deep(x):
        for _ in range(6):
            x = ops.relu(ops.conv(x, WIDE, 1, "same"))
        return ops.sum(x)

    images, replaying = np.ones((256, 16, 16, 8), "float32"), Step(deep, "deep")
    replaying(images)
    tracemalloc.start()
    replaying(images)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < images.nbytes / 2  # nor do the buffers of the plan hold a layer's outputs for the whole batch
    (plan,) = replaying.plans().values()
    assert sum(array.nbytes for each in plan.instructions for array in each.writes) < images.nbytes / 2


WIDE = Variable(np.full((3, 3, 8, 8), 0.01, "float32"))
