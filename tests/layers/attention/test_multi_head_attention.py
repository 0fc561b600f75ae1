import tracemalloc

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test
from tests.layers.attention.of_itself import OfItself

RNG = np.random.default_rng(0)
X, Y = (RNG.normal(size=shape).astype("float32") for shape in ((2, 3, 4), (2, 5, 6)))


def built(*args, x=X, y=Y, **options):
    layer = layers.MultiHeadAttention(*args, **options)
    layer.build(x.shape, y.shape)
    layer.set_weights([np.random.default_rng(i).normal(size=w.shape) for i, w in enumerate(layer.get_weights())])
    return layer


def by_definition(layer, query, value, mask=True):
    """Outputs and weights, head by head."""
    (wq, bq), (wk, bk), (wv, bv), (wo, bo) = zip(*[iter(layer.get_weights())] * 2, strict=True)
    output, weights = np.zeros((*query.shape[:2], wo.shape[-1])) + bo, []
    for head in range(layer.num_heads):
        q, k, v = (x @ w[:, head] + b[head] for x, w, b in ((query, wq, bq), (value, wk, bk), (value, wv, bv)))
        scores = np.where(mask, np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(layer.key_dim)), 0)
        weights.append(scores / np.maximum(scores.sum(-1, keepdims=True), 1e-30))
        output = output + weights[-1] @ v @ wo[head]
    return output, np.stack(weights, 1)


@pytest.mark.parametrize(
    "options",
    [
        {"value_dim": 2, "use_gate": True},
        {"dropout": 0.3, "seed": 2},
        {"flash_attention": True, "sliding_window": 2},
    ],
    ids=str,
)
def test_in_full(options):
    options = {"num_heads": 2, "key_dim": 3, "use_bias": False, **options}
    run_layer_test(lambda: OfItself("MultiHeadAttention", options, causal="seed" in options), (2, 3, 2), (2, 3, 2))


def test_gradients_of_biases():
    """That of the key adds the same to all scores of a query, so that its gradient is 0."""
    layer = built(2, 3)
    with minikeras.GradientTape() as tape:
        total = minikeras.ops.sum(layer(X, Y) ** 2)
    largest = [np.abs(gradient).max() for gradient in tape.gradient(total, layer.weights)]
    assert layer.weights[3].path.endswith("key/bias") and largest.pop(3) < 1e-3 < 0.1 < min(largest)


def test_values():
    layer = built(2, 3)
    output, weights = layer(X, Y, return_attention_scores=True)
    expected = by_definition(layer, X, Y)
    np.testing.assert_allclose(output, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-6)
    np.testing.assert_allclose(layer(X, Y), expected[0], atol=1e-5)
    names = ["query/kernel", "query/bias", "key/kernel", "key/bias", "value/kernel", "value/bias"]
    names += ["attention_output/kernel", "attention_output/bias"]
    assert [weight.path for weight in layer.weights] == [f"multi_head_attention/{name}" for name in names]


PADDING = np.array([[True] * 3 + [False] * 2, [True] * 5])
PAIRS = RNG.uniform(size=(2, 3, 5)) > 0.3
PAIRS[:, :, 0] = True


@pytest.mark.parametrize("path", [{}, {"return_attention_scores": True}, {"training": True}], ids=str)
@pytest.mark.parametrize("options", [{}, {"dropout": 1e-9}, {"flash_attention": True}], ids=str)
def test_masks_on_every_path(path, options):
    if "flash_attention" in options and "return_attention_scores" in path:
        return
    layer, causal = built(2, 3, **options), np.tri(3, 5, dtype=bool)
    for given, mask in (
        ({"use_causal_mask": True}, causal),
        ({"attention_mask": PAIRS}, PAIRS),
        ({"attention_mask": PAIRS, "use_causal_mask": True}, PAIRS & causal),
        ({"value_mask": PADDING}, PADDING[:, None]),
        (
            {"key_mask": PADDING, "attention_mask": PAIRS[0], "use_causal_mask": True},
            PADDING[:, None] & PAIRS[0] & causal,
        ),
    ):
        output = layer(X, Y, **given, **path)
        output = output[0] if isinstance(output, tuple) else output
        np.testing.assert_allclose(output, by_definition(layer, X, Y, mask)[0], atol=1e-4)


def test_masks_with_heads():
    mask = RNG.uniform(size=(2, 2, 3, 5)) > 0.4
    weights = built(2, 3)(X, Y, attention_mask=mask, value_mask=PADDING, return_attention_scores=True)[1]
    assert np.array_equal(weights > 0, mask & PADDING[:, None, None])


def test_a_query_without_keys():
    """Its weights are 0; if nobody asks for them, it attends to all keys equally, as in Keras."""
    layer, mask = built(2, 3), PAIRS.copy()
    mask[1, 2] = False
    output, weights = layer(X, Y, attention_mask=mask, return_attention_scores=True)
    assert (weights[1, :, 2] == 0).all() and np.array_equal(output[1, 2], layer.output_dense.bias)
    assert np.isfinite(layer(X, Y, attention_mask=mask)).all()


def test_a_mask_from_before():
    inputs = layers.Input((4,), dtype="int32")
    embedded = layers.Embedding(5, 4, mask_zero=True)(inputs)
    layer = layers.MultiHeadAttention(1, 2)
    output, weights = layer(embedded, embedded, return_attention_scores=True)
    found, mask = minikeras.Model(inputs, [weights, output])(np.array([[1, 2, 0, 0]]))[0], [True, True, False, False]
    assert np.array_equal(found[0, 0, 0] > 0, mask) and (found[0, 0, 2:] == 0).all()


def test_other_axes():
    images = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
    over_columns = built(2, 3, attention_axes=2, x=images, y=images)
    output, weights = over_columns(images, images, return_attention_scores=True)
    assert output.shape == images.shape and weights.shape == (2, 3, 2, 4, 4)
    rows = [by_definition(over_columns, images[:, row], images[:, row])[0] for row in range(3)]
    np.testing.assert_allclose(output, np.stack(rows, 1), atol=1e-5)
    over_all = built(2, 3, x=images, y=images)
    assert over_all.attention_axes == (1, 2)
    flat = images.reshape(2, 12, 5)
    output, weights = over_all(images, images, return_attention_scores=True)
    expected = by_definition(over_all, flat, flat)
    np.testing.assert_allclose(output.reshape(2, 12, 5), expected[0], atol=1e-5)
    np.testing.assert_allclose(weights.reshape(2, 2, 12, 12), expected[1], atol=1e-5)
    padding = RNG.uniform(size=(2, 3, 4)) > 0.3
    masked = over_all(images, images, value_mask=padding)
    expected = by_definition(over_all, flat, flat, padding.reshape(2, 1, 12))
    np.testing.assert_allclose(masked.reshape(2, 12, 5), expected[0], atol=1e-5)
    causal = over_columns(images, images, use_causal_mask=True, return_attention_scores=True)[1]
    assert np.array_equal(causal[0, 0, 0] > 0, np.tri(4, dtype=bool))
    with pytest.raises(ArgumentError, match=r"`use_causal_mask` needs one attention axis"):
        over_all(images, images, use_causal_mask=True)


def test_memory_of_a_sliding_window():
    """The mask of 2,048 tokens takes 4 MB, of which there are a few; as distances it would take 32 MB and more."""
    x = np.ones((1, 2048, 2), "float32")
    layer = built(1, 2, sliding_window=8, x=x, y=x)
    tracemalloc.start()
    layer(x, x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 28 * 2**20


def test_sliding_window():
    x = RNG.normal(size=(1, 6, 4)).astype("float32")
    layer = built(1, 3, sliding_window=2, x=x, y=x)
    near = np.abs(np.subtract.outer(np.arange(6), np.arange(6))) < 2
    assert np.array_equal(layer(x, x, return_attention_scores=True)[1][0, 0] > 0, near)
    np.testing.assert_allclose(layer(x, x), by_definition(layer, x, x, near)[0], atol=1e-5)
    causal = layer(x, x, use_causal_mask=True, return_attention_scores=True)[1][0, 0] > 0
    assert np.array_equal(causal, near & np.tri(6, dtype=bool))


def test_shapes():
    layer = layers.MultiHeadAttention(2, 3, value_dim=4, output_shape=(7, 2))
    output, weights = layer(layers.Input((3, 5)), layers.Input((None, 6)), return_attention_scores=True)
    assert (output.shape, weights.shape) == ((None, 3, 7, 2), (None, 2, 3, None))
    shapes = [weight.shape for weight in layer.weights]
    assert shapes == [(5, 2, 3), (2, 3), (6, 2, 3), (2, 3), (6, 2, 4), (2, 4), (2, 4, 7, 2), (7, 2)]
    assert layer(np.ones((1, 3, 5)), np.ones((1, 4, 6)), key=np.ones((1, 4, 6))).shape == (1, 3, 7, 2)


def test_mixed_precision():
    layer = layers.MultiHeadAttention(2, 3, dtype="mixed_float16")
    output, weights = layer(X, Y, return_attention_scores=True)
    assert (output.dtype, weights.dtype, layer.query_dense.kernel.dtype) == ("float16", "float16", "float32")
    assert layer(layers.Input((3, 4)), layers.Input((5, 6))).dtype == "float16"


def test_flash_attention():
    layer = built(2, 3, flash_attention=True)
    np.testing.assert_allclose(layer(X, Y), by_definition(layer, X, Y)[0], atol=1e-5)
    for x, y in ((X, Y), (layers.Input((3, 4)), layers.Input((5, 6)))):
        with pytest.raises(ArgumentError, match="flash attention never has all scores"):
            layer(x, y, return_attention_scores=True)
    with pytest.raises(ArgumentError, match="flash attention is not possible with dropout"):
        layers.MultiHeadAttention(2, 3, dropout=0.1, flash_attention=True)
    for value in (None, False, "auto"):
        output = built(2, 3, flash_attention=value)(X, Y)
        np.testing.assert_allclose(output, by_definition(layer, X, Y)[0], atol=1e-5)
    with pytest.raises(ArgumentError, match="`flash_attention` must be True, False, None or 'auto'"):
        layers.MultiHeadAttention(2, 3, flash_attention="yes")


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((2, 3, 4), (2, 5, 4), (2, 6, 4)), r"lengths of key and value must be equal. Received: query \(2, 3, 4\)"),
        (((2, 3, 4), (2, 5, 4, 4)), "expects inputs of shape"),
        (((2, 3), (2, 3)), "expects inputs of shape"),
        (((2, 3, 4), (3, 5, 4)), "the batch sizes of query, value and key must be equal"),
    ],
)
def test_inputs_that_do_not_fit(shapes, message):
    for values in ([np.ones(shape) for shape in shapes], [layers.Input(batch_shape=shape) for shape in shapes]):
        with pytest.raises(ShapeError, match=f"MultiHeadAttention layer 'mha'.*{message}"):
            layers.MultiHeadAttention(2, 3, name="mha")(*values)


@pytest.mark.parametrize(
    ("masks", "message"),
    [
        ({"attention_mask": np.ones(5, bool)}, r"`attention_mask` must have from 2 to 4 axes"),
        ({"attention_mask": np.ones((2, 3, 4), bool)}, r"`attention_mask` must broadcast to \(batch, heads, queries"),
        ({"attention_mask": np.ones((1, 2, 2, 3, 5), bool)}, "`attention_mask` must have from 2 to 4 axes"),
        ({"value_mask": np.ones((2, 3), bool)}, r"`value_mask` must broadcast to \(batch, length\)"),
        ({"query_mask": np.ones((2, 3, 1), bool)}, r"`query_mask` must broadcast to \(batch, length\)"),
    ],
)
def test_masks_that_do_not_fit(masks, message):
    for x, y in ((X, Y), (layers.Input(batch_shape=X.shape), layers.Input(batch_shape=Y.shape))):
        with pytest.raises(ShapeError, match=f"MultiHeadAttention layer 'mha': {message}"):
            layers.MultiHeadAttention(2, 3, name="mha")(x, y, **masks)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_heads": 0}, "`num_heads`"),
        ({"key_dim": 1.5}, "`key_dim`"),
        ({"value_dim": 0}, "`value_dim`"),
        ({"output_shape": "a"}, "`output_shape`"),
        ({"attention_axes": "a"}, "`attention_axes`"),
        ({"sliding_window": 0}, "`sliding_window`"),
        ({"dropout": -0.1}, "`dropout`"),
    ],
)
def test_arguments_that_are_refused(arguments, message):
    with pytest.raises(ArgumentError, match=f"MultiHeadAttention: {message} must be"):
        layers.MultiHeadAttention(**{"num_heads": 2, "key_dim": 3, **arguments})


@pytest.mark.parametrize("axes", [(0,), (3,), (1, 1), (-1,)])
def test_axes_that_are_refused(axes):
    with pytest.raises(ArgumentError, match="`attention_axes` must be different axes of the inputs, which have 3"):
        layers.MultiHeadAttention(2, 3, attention_axes=axes)(X, X)
