"""Batch rules: for each primitive with one, blocks computed one by one give what the whole batch gives."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.blocks.batch_axes import batch_axes
from minikeras.compiler.program import Program
from minikeras.engine.batch_rules import (
    SUM,
    Batching,
    aligned,
    along_another,
    leading,
    reduced,
    together,
    together_at_once,
)
from minikeras.engine.gradients import gradients
from minikeras.engine.primitive import Spec
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

BATCH = 6
rng = np.random.default_rng(0)


def array(*shape):
    return rng.normal(size=shape).astype("float32")


X, IMAGES, LABELS = array(BATCH, 4), array(BATCH, 6, 6, 2), np.int32([0, 3, 1, 2, 2, 0])
INDICES = np.int32([[1, 3], [0, 0], [2, 1], [3, 3], [0, 2], [1, 1]])
FUNCTIONS = {
    "elementwise": (lambda x: ops.tanh(x) * 2 + array(4), X),
    "a constant with an element for each example": (lambda x: x * np.arange(BATCH, dtype="float32")[:, None], X),
    "axes aligned at their end": (lambda x: ops.expand_dims(x, 1) + array(3, 1), X),
    "reshape": (lambda x: ops.reshape(x, (BATCH, -1)), IMAGES),
    "transpose": (lambda x: ops.transpose(x, (0, 3, 1, 2)), IMAGES),
    "reductions of an example": (lambda x: ops.sum(x, (1, 2)) + ops.max(x, (1, 2)) + ops.mean(x, (1, 2)), IMAGES),
    "sum over the batch": (lambda x: ops.sum(x, 0), X),
    "sum over the batch and more": (lambda x: ops.sum(x, (0, 1, 2), keepdims=True), IMAGES),
    "product with a matrix": (lambda x: ops.matmul(x, np.ones((4, 2), "float32")), X),
    "gradient of a matrix": (lambda x: ops.matmul(ops.transpose(x), x), X),
    "transposed product": (lambda x: ops.matmul(np.ones((2, 4), "float32"), ops.transpose(x)), X),
    "stacked products": (lambda x: ops.matmul(x, ops.transpose(x, (0, 1, 3, 2))), IMAGES),
    "broadcast_to": (lambda x: ops.broadcast_to(ops.expand_dims(x, 1), (BATCH, 3, 4)), X),
    "where": (lambda x: ops.where(x > 0, x, np.float32(0)), X),
    "cast": (lambda x: ops.cast(x, "float64"), X),
    "concatenate": (lambda x: ops.concatenate([x, x * 2], 1), X),
    "pad": (lambda x: ops.pad(x, ((0, 0), (1, 2))), X),
    "slices of an example": (lambda x: x[:, 1:3], X),
    "all examples": (lambda x: x[0:BATCH, 1:3] + x[..., :2] + x[...][:, None, 0:2].sum(1), X),
    "gradients of slices": (
        lambda x: gradients(ops.sum(x[..., 2:, 1] * x[0:BATCH, 2:, 0] ** 2), [x])[0],
        X[:, :, None] * X[:, None],
    ),
    "reshape behind the batch": (lambda x: ops.reshape(ops.transpose(x, (3, 0, 1, 2)), (2, BATCH, 36)), IMAGES),
    "tile": (lambda x: ops.tile(x, (1, 2)), X),
    "repeat": (lambda x: ops.repeat(x, 2, 1), IMAGES),
    "split": (lambda x: ops.split(x, 2, 1)[1], X),
    "unstack": (lambda x: ops.unstack(x, axis=2)[-1], IMAGES),
    "stack": (lambda x: ops.stack([x, -x], 1), X),
    "flip": (lambda x: ops.flip(x, 1), X),
    "roll": (lambda x: ops.roll(x, 1, (1, 2)), IMAGES),
    "take": (lambda x: ops.take(x, [2, 0], -1), X),
    "gradient of take": (lambda x: gradients(ops.sum(ops.take(x, [2, 0, 2], 1) ** 2), [x])[0], IMAGES),
    "rows of a matrix": (lambda x: ops.take(array(4, 3), x, 0), LABELS),
    "take_along_axis": (lambda x: ops.take_along_axis(x, ops.argsort(INDICES, 1), 1), X),
    "take_along_axis, the same of all": (lambda x: ops.take_along_axis(x, np.int32([[2, 0]]), 1), X),
    "gradient of take_along_axis": (
        lambda x: gradients(ops.sum(ops.take_along_axis(x, INDICES, 1) ** 2), [x])[0],
        X,
    ),
    "argmax": (lambda x: ops.argmax(x, -1), X),
    "argmin": (lambda x: ops.argmin(x, 1, keepdims=True), IMAGES),
    "top_k": (lambda x: ops.top_k(x, 2)[0], X),
    "in_top_k": (lambda x: ops.in_top_k(LABELS, x, 2), X),
    "prod": (lambda x: ops.prod(x, (1, 2)), IMAGES),
    "cumsum": (lambda x: ops.cumsum(x, 1), IMAGES),
    "cumprod": (lambda x: ops.cumprod(x, 2), IMAGES),
    "gradient of cumprod": (lambda x: gradients(ops.sum(ops.cumprod(x, 1)), [x])[0], X),
    "stop_gradient": (lambda x: ops.stop_gradient(x) * 2, X),
    "softmax": (lambda x: ops.softmax(x, (1, 2)), IMAGES),
    "sparsemax": (lambda x: ops.sparsemax(x), X),
    "gelu and leaky_relu": (lambda x: ops.gelu(ops.leaky_relu(ops.elu(x))), X),
    "resize": (lambda x: ops.image.resize(x, (9, 4), "bilinear"), IMAGES),
    "resize to the nearest": (lambda x: ops.image.resize(x, (12, 3), "nearest"), IMAGES),
    "gradient of resize": (lambda x: gradients(ops.sum(ops.image.resize(x, (9, 4)) ** 2), [x])[0], IMAGES),
    "space_to_depth": (lambda x: ops.depth_to_space(ops.space_to_depth(x, 3), 3) + ops.tanh(x), IMAGES),
    "extract_patches": (lambda x: ops.image.extract_patches(x, 2), IMAGES),
    "sum_patches": (lambda x: gradients(ops.sum(ops.image.extract_patches(x, 3, 1) ** 2), [x])[0], IMAGES),
    "unfold and fold": (lambda x: ops.fold(ops.unfold(ops.transpose(x, (0, 3, 1, 2)), 3), (6, 6), 3), IMAGES),
    "reflected padding": (lambda x: ops.pad(x, ((0, 0), (1, 2)), "reflect"), X),
    "gradient of padding": (lambda x: gradients(ops.sum(ops.pad(x, ((0, 0), (1, 2))) ** 2), [x])[0], X),
    "adaptive_average_pool": (lambda x: ops.adaptive_average_pool(x, (4, 3)), IMAGES),
    "adaptive_max_pool": (lambda x: ops.adaptive_max_pool(x, (4, 3)), IMAGES),
    "depthwise_conv": (lambda x: ops.depthwise_conv(x, np.ones((3, 3, 2, 2), "float32"), 2, "same"), IMAGES),
    "one_hot": (lambda x: ops.one_hot(x, 4), LABELS),
    "conv": (lambda x: ops.conv(x, np.ones((3, 3, 2, 3), "float32"), 1, "same"), IMAGES),
    "max_pool": (lambda x: ops.max_pool(x, 3, 2, "same"), IMAGES),
    "average_pool": (lambda x: ops.average_pool(x, 2), IMAGES),
}


def traced(function, x):
    with Trace() as trace:
        value = Tensor(x, trace)
        result = function(value)
    return Program(list(trace.entries), [value], [result]), value


def computed_in_blocks(program, value, sizes):
    """Returns the result of a program, each of whose entries is computed block by block by its rule."""
    axes = batch_axes(program, BATCH)
    values, start = [{value: block} for block in np.split(value.array, np.cumsum(sizes)[:-1])], 0
    for size, known in zip(sizes, values, strict=True):
        for entry in program.entries:
            batching = axes.batchings[entry]
            inputs = []
            for each, axis in zip(entry.inputs, batching.inputs, strict=True):
                whole = each.array if isinstance(each, Tensor) else each
                cut = whole if axis is None else whole.take(range(start, start + size), axis)
                inputs.append(known.get(each, cut) if isinstance(each, Tensor) else cut)
            params = batching.params(size) if batching.params else entry.params
            known[entry.output] = entry.primitive.kernel(*inputs, **params)
        start += size
    last = axes.batchings[program.entries[-1]].output
    blocks = [known[program.entries[-1].output] for known in values]
    return sum(blocks) if last == SUM else np.concatenate(blocks, last)


@pytest.mark.parametrize(("function", "x"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_blocks_give_the_same_as_the_whole_batch(function, x):
    program, value = traced(function, x)
    found = computed_in_blocks(program, value, [2, 3, 1])
    np.testing.assert_allclose(found, program.outputs[0].array, rtol=1e-5, atol=1e-6)


REFUSED = {
    "an example's result depends on others": (lambda x: ops.max(x, 0), X),
    "softmax over the batch": (lambda x: ops.cumsum(x, 0), X),
    "the batch is merged with another axis": (lambda x: ops.reshape(x, (-1, 2)), IMAGES),
    "some examples": (lambda x: x[1:], X),
    "one example": (lambda x: x[0], X),
    "an example of the last axis": (lambda x: ops.transpose(x)[..., 0], X),
    "rolled into others": (lambda x: ops.roll(x, 1, 0), X),
    "taken from others": (lambda x: ops.take(x, [0, 0], 0), X),
    "the largest of an example of numbers": (lambda x: ops.argmax(x, 0), X),
    "reversed": (lambda x: x[::-1], X),
    "concatenated with others": (lambda x: ops.concatenate([x, x], 0), X),
    "padded with others": (lambda x: ops.pad(x, ((1, 0), (0, 0))), X),
    "a product over the examples": (lambda x: ops.matmul(array(2, BATCH), x), X),
    "products of examples with each other": (lambda x: ops.matmul(x, ops.transpose(x)), X),
    "as kernel": (lambda x: ops.conv(array(1, 8, 2), ops.reshape(x, (BATCH, 2, 2))), X),
}


@pytest.mark.parametrize(("function", "x"), REFUSED.values(), ids=REFUSED)
def test_what_needs_the_whole_batch(function, x):
    program, _ = traced(function, x)
    assert program.entries[-1] not in batch_axes(program, BATCH).batchings


def test_rules_by_hand():
    square, row, number = Spec((5, 3), "float32"), Spec((3,), "float32"), Spec((), "float32")
    assert aligned((0, None, None), square, row, number).inputs == (0, None, None)
    assert aligned((0, 0), square, Spec((5,), "float32")) is None  # aligned with the last axis
    assert aligned((None, 0), Spec((2, 5, 3), "float32"), square).output == 1
    assert leading((0, None)).output == 0 and leading((1,)) is None
    assert along_another((0,), square, axis=-1).output == 0 and along_another((0,), square, axis=(1, -2)) is None
    assert reduced(True, (0,), square, axis=(0,), keepdims=False).output == SUM
    assert reduced(True, (1,), square, axis=(0,), keepdims=False).output == 0
    assert reduced(False, (0,), square, axis=(0,), keepdims=False) is None
    assert together((None, 0), square, square) == Batching((0, 0), 0)  # of the first it was not known
    assert together((0, None), square, Spec((1, 3), "float32")).inputs == (0, None)
    assert together((0, None), square, number).inputs == (0, None)
    assert together((1, 0), square, square) is None and together((None,), square) is None
    assert together_at_once((None, 0), square, square) == Batching((0, 0), 0, is_whole=True)
    assert together_at_once((1, 0), square, square) is None
