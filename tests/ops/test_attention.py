"""Scaled dot-product attention: values by definition, masks on every path, grouped heads, options."""

import itertools

import numpy as np
import pytest

from minikeras import config, ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops import attention
from tests.helpers import run_step_test

RNG = np.random.default_rng(0)
QUERY, KEY, VALUE = (RNG.normal(size=shape).astype("float32") for shape in ((2, 3, 4, 5), (2, 6, 4, 5), (2, 6, 4, 2)))


def by_definition(query, key, value, bias=0.0, mask=True, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    groups = query.shape[2] // key.shape[2]
    y = np.empty((*query.shape[:3], value.shape[-1]))
    shape = (len(query), query.shape[2], query.shape[1], key.shape[1])
    bias, mask = np.broadcast_to(bias, shape), np.broadcast_to(mask, shape)
    for b, t, n in np.ndindex(*query.shape[:3]):
        logits = key[b, :, n // groups] @ query[b, t, n] * scale + bias[b, n, t]
        weights = np.where(mask[b, n, t], np.exp(logits - logits.max()), 0)
        weights = weights / weights.sum() if weights.any() else np.full(len(weights), 1 / len(weights))
        y[b, t, n] = weights @ value[b, :, n // groups]
    return y


def assert_attends(options, query=QUERY, key=KEY, value=VALUE, **expected):
    found = ops.dot_product_attention(query, key, value, **options)
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, by_definition(query, key, value, **expected), atol=1e-5)


def test_values():
    assert_attends({})
    assert_attends({"scale": 2.0}, scale=2.0)
    bias = RNG.normal(size=(4, 1, 6)).astype("float32")
    assert_attends({"bias": bias}, bias=bias)


def test_masks():
    mask = RNG.uniform(size=(2, 1, 3, 6)) > 0.4
    mask[1, 0, 2] = False  # a query without keys attends to all of them equally
    assert_attends({"mask": mask}, mask=mask)
    assert_attends({"mask": mask.astype("int32")}, mask=mask)
    assert_attends({"mask": mask[0, 0]}, mask=mask[0, 0])
    causal = np.tri(3, 6, dtype=bool)
    assert_attends({"is_causal": True}, mask=causal)
    assert_attends({"is_causal": True, "mask": mask}, mask=mask & causal)


@pytest.mark.parametrize("heads", [1, 2])
def test_heads_of_the_query_share_those_of_the_key(heads):
    mask = RNG.uniform(size=(2, 4, 3, 6)) > 0.4
    assert_attends({"mask": mask}, QUERY, KEY[:, :, :heads], VALUE[:, :, :heads], mask=mask)
    symbols = [KerasTensor((None, *x.shape[1:])) for x in (QUERY, KEY[:, :, :heads], VALUE[:, :, :heads])]
    assert ops.dot_product_attention(*symbols, mask=mask).shape == (2, 3, 4, 2)


def test_dtypes():
    half = [x.astype("float16") for x in (QUERY, KEY, VALUE)]
    found = ops.dot_product_attention(*half, mask=np.zeros((3, 6), bool), bias=np.full((3, 6), 6e4))
    assert found.dtype == "float16" and np.isfinite(found).all()
    assert ops.dot_product_attention(half[0], KEY, VALUE).dtype == "float32"
    assert ops.dot_product_attention(KerasTensor(QUERY.shape, "float16"), KEY, VALUE).dtype == "float32"


def test_replay_with_a_mask_as_data():
    masks = [RNG.uniform(size=(2, 1, 1, 6)) > 0.3 for _ in range(2)]
    run_step_test(lambda mask: ops.dot_product_attention(QUERY, KEY, VALUE, mask=mask, is_causal=True), *masks)


def test_free_sizes():
    query, key = KerasTensor((None, None, 4, 5)), KerasTensor((None, None, 2, 5))
    assert ops.dot_product_attention(query, key, key, is_causal=True).shape == (None, None, 4, 5)
    assert ops.dot_product_attention(QUERY[:, :0], KEY, VALUE).shape == (2, 0, 4, 2)


@pytest.mark.parametrize("free", list(itertools.product([False, True], repeat=4)), ids=str)
def test_what_is_known_of_the_shape_is_true(free):
    """Heads of the query, key and value may be free, and so may the lengths."""
    *heads, is_long = free
    shapes = [(2, 3, 4, 5), (2, 6, 2, 5), (2, 6, 2, 1)]
    symbols = [
        KerasTensor((batch, None if is_long else length, None if is_free else head, depth))
        for (batch, length, head, depth), is_free in zip(shapes, heads, strict=True)
    ]
    found = ops.dot_product_attention(*symbols, is_causal=True).shape
    assert found == (2, None if is_long else 3, None if heads[0] else 4, 1)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((2, 3, 5), (2, 6, 4, 5), (2, 6, 4, 5)), "4 axes"),
        (((2, 3, 4, 5), (1, 6, 4, 5), (1, 6, 4, 5)), "batch sizes"),
        (((2, 3, 4, 5), (2, 6, 4, 3), (2, 6, 4, 5)), "depths of query and key"),
        (((2, 3, 4, 5), (2, 6, 4, 5), (2, 5, 4, 5)), "lengths of key and value"),
        (((2, 3, 4, 5), (2, 6, 4, 5), (2, 6, 2, 5)), "heads of key and value"),
        (((2, 3, 4, 5), (2, 6, 3, 5), (2, 6, 3, 5)), "a multiple of those of the key"),
    ],
)
def test_shapes_that_do_not_fit(shapes, message):
    for values in ([np.ones(shape) for shape in shapes], [KerasTensor(shape) for shape in shapes]):
        with pytest.raises(ShapeError, match=message):
            ops.dot_product_attention(*values)


def test_options_that_are_refused():
    for query in (QUERY, KerasTensor(QUERY.shape)):
        with pytest.raises(ArgumentError, match="`flash_attention` must be True, False or None. Received: .*'auto'"):
            ops.dot_product_attention(query, KEY, VALUE, flash_attention="auto")
        with pytest.raises(ArgumentError, match="only supported on TPUs"):
            ops.dot_product_attention(query, KEY, VALUE, attn_logits_soft_cap=5.0)
        for name in ("bias", "mask"):
            for bad in (np.ones((2, 3, 6), bool), np.ones((5, 1, 4, 3, 6), bool), np.ones((3, 5), bool)):
                with pytest.raises(ShapeError, match=rf"`{name}` must broadcast to"):
                    ops.dot_product_attention(query, KEY, VALUE, **{name: bad})
    assert ops.dot_product_attention(QUERY, KEY, VALUE, flash_attention=False).shape == (2, 3, 4, 2)


def primitives_of(**options):
    """The names of the primitives that an attention of few logits is computed by."""
    with Trace() as trace:
        query = Tensor(QUERY, trace)
        y = ops.dot_product_attention(query, KEY, VALUE, **options)
    return y.array, {entry.primitive.name for entry in trace.entries}


def test_flash_attention_is_computed_in_blocks():
    full, names = primitives_of()
    in_blocks, names_of_blocks = primitives_of(flash_attention=True)
    assert names != names_of_blocks == primitives_of(flash_attention=True, is_causal=True)[1]
    np.testing.assert_allclose(in_blocks, full, atol=1e-6)  # softmax in another order
    assert primitives_of(flash_attention=False)[1] == names


def test_flash_attention_is_disabled(monkeypatch):
    monkeypatch.setattr(attention, "_MANY", 10)
    many = primitives_of()[1]
    config.disable_flash_attention()
    try:
        assert many != primitives_of()[1] == primitives_of(flash_attention=False)[1]
        assert primitives_of(flash_attention=True)[1] == many
    finally:
        config.enable_flash_attention()
    assert primitives_of()[1] == many
