"""Batch rules: for each primitive with one, blocks computed one by one give what the whole batch gives."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.blocks.batch_axes import batch_axes
from minikeras.compiler.program import Program
from minikeras.engine.batch_rules import SUM, aligned, leading, reduced
from minikeras.engine.primitive import Spec
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

BATCH = 6
rng = np.random.default_rng(0)


def array(*shape):
    return rng.normal(size=shape).astype("float32")


X, IMAGES, LABELS = array(BATCH, 4), array(BATCH, 6, 6, 2), np.int32([0, 3, 1, 2, 2, 0])
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
    assert reduced(True, (0,), square, axis=(0,), keepdims=False).output == SUM
    assert reduced(True, (1,), square, axis=(0,), keepdims=False).output == 0
    assert reduced(False, (0,), square, axis=(0,), keepdims=False) is None
