"""What attention layers are called with, beside real Keras: masks of every kind, scores, dropout, subclasses."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import itertools

import numpy as np
import pytest

from compat.side_by_side import compare
from compat.test_layers import FLAT, IMAGES, OTHERS, STEPS, data, set_weights
from minikeras.engine.masks import get_mask

QUERIES = STEPS[..., 0] > -0.5
KEYS = np.array([[True, False], [True, True], [False, True]])
PAIRS = np.random.default_rng(0).uniform(size=(3, 5, 2)) > 0.3
PAIRS[:, :, 0] |= ~PAIRS.any(-1)
HEADS = np.random.default_rng(1).uniform(size=(3, 2, 5, 2)) > 0.4
MASKS = {
    "query_mask": QUERIES,
    "value_mask": KEYS,
    "key_mask": KEYS[::-1],
    "attention_mask": PAIRS,
    "use_causal_mask": True,
}
# None, each, each two, and those that are combined in a decoder; every other one with the scores.
COMBINED = [dict(each) for count in range(3) for each in itertools.combinations(MASKS.items(), count)]
COMBINED.append({key: MASKS[key] for key in ("value_mask", "attention_mask", "use_causal_mask")})
NARROWER = [PAIRS[0], PAIRS[:1], HEADS, HEADS[:, :1], HEADS[:1], PAIRS.astype("int32"), PAIRS.astype("float32")]


def called(k, name, args, options, values, **call):
    """Output, and scores if asked for. Keras ignores `query_mask` if the query itself has no mask."""
    layer = getattr(k.layers, name)(*args, **options)
    values = [k.ops.convert_to_tensor(value) for value in values]
    call = {name: k.ops.convert_to_tensor(v) if isinstance(v, np.ndarray) else v for name, v in call.items()}
    several = values if name in ("MultiHeadAttention", "GroupQueryAttention") else [values]
    layer(*several, **{key: value for key, value in call.items() if key != "query_mask"})
    set_weights(layer)
    return layer(*several, **call)


HEADED = {"MultiHeadAttention": (2, 3), "GroupQueryAttention": (3, 2, 1)}


@pytest.mark.parametrize("name", HEADED)
@pytest.mark.parametrize("options", [{}, {"dropout": 0.2}, {"sliding_window": 2}], ids=str)
def test_masks(name, options):
    for index, masks in enumerate(COMBINED):
        if "query_mask" in masks and name == "MultiHeadAttention":
            continue
        scores = index % 2 == 0
        values = [STEPS, OTHERS, 2 * OTHERS]
        compare(
            lambda k, m=masks, s=scores, v=values: called(
                k, name, HEADED[name], options, v, **m, return_attention_scores=s
            ),
            rtol=2e-5,
            atol=2e-6,
        )


@pytest.mark.parametrize("name", HEADED)
def test_attention_masks_of_other_shapes(name):
    for mask, scores in itertools.product(NARROWER, (False, True)):
        compare(
            lambda k, m=mask, s=scores: called(
                k, name, HEADED[name], {}, [STEPS, OTHERS], attention_mask=m, return_attention_scores=s
            ),
            rtol=2e-5,
            atol=2e-6,
        )


@pytest.mark.parametrize("name", ["Attention", "AdditiveAttention"])
def test_masks_of_lists(name):
    for masks, causal, scores in itertools.product(
        ([QUERIES, None], [None, KEYS], [QUERIES, KEYS], [QUERIES, KEYS, KEYS], None), (False, True), (False, True)
    ):
        compare(
            lambda k, m=masks, c=causal, s=scores: called(
                k,
                name,
                (),
                {},
                [STEPS, OTHERS],
                mask=m and [each if each is None else k.ops.convert_to_tensor(each) for each in m],
                use_causal_mask=c,
                return_attention_scores=s,
            ),
            rtol=2e-5,
            atol=2e-6,
        )


def test_scores_over_other_axes():
    for axes in (1, 2, (1, 2)):
        compare(
            lambda k, axes=axes: called(
                k,
                "MultiHeadAttention",
                (2, 3),
                {"attention_axes": axes},
                [IMAGES, IMAGES],
                return_attention_scores=True,
            ),
            rtol=2e-5,
            atol=2e-6,
        )
    mask = np.random.default_rng(0).uniform(size=(2, 4, 6, 4, 6)) > 0.2
    compare(
        lambda k: called(k, "MultiHeadAttention", (2, 3), {}, [IMAGES, IMAGES], attention_mask=mask),
        rtol=2e-5,
        atol=2e-6,
    )


def test_masks_of_embedded_sequences():
    """In a model, masks arrive with the values, and that of the query goes on."""

    def masked(k):
        numbers = np.array([[1, 2, 0, 0], [3, 1, 2, 0]])
        inputs = k.Input((4,), dtype="int32")
        embedded = k.layers.Embedding(4, 6, mask_zero=True)(inputs)
        mha = k.layers.MultiHeadAttention(2, 3)
        x = mha(embedded, embedded, use_causal_mask=True)
        mask = getattr(x, "_keras_mask", None) if k.__name__ == "keras" else get_mask(x)
        model = k.Model(inputs, k.layers.GlobalAveragePooling1D()(x))
        set_weights(model)
        return mask is not None, model.predict(numbers, verbose=0)

    compare(masked, rtol=2e-5)


@pytest.mark.parametrize("name", ["Attention", "AdditiveAttention"])
def test_operations_of_a_graph_with_masks(name):
    """What `summary` prints: the mask that the layer hands on is an operation of its own."""

    def graph(k):
        inputs = [k.Input((None,), dtype="int32"), k.Input((None,), dtype="int32")]
        query, value = (k.layers.Embedding(4, 3, mask_zero=True)(x) for x in inputs)
        context = getattr(k.layers, name)()([query, value])
        model = k.Model(inputs, k.layers.GRU(2)(k.layers.Concatenate()([query, context])))
        return [each.name.rstrip("_0123456789") for each in model.operations]

    assert "convert_to_tensor" in compare(graph)


def test_users_own_attention():
    """The methods that a subclass may override, with the arguments that they had before there was a causal option."""

    def own(k):
        class Doubled(k.layers.MultiHeadAttention):
            def _compute_attention(self, query, key, value, attention_mask=None, training=None, *others):
                scores = k.ops.einsum("bkuh,bquh->buqk", key, query)
                return 2 * k.ops.einsum("buqk,bkuh->bquh", self._masked_softmax(scores, attention_mask), value), scores

        layer = Doubled(2, 3)
        layer(STEPS, STEPS)
        set_weights(layer)
        return layer(STEPS, STEPS), layer(STEPS, STEPS, use_causal_mask=True)

    compare(own, rtol=2e-5, atol=2e-6)


def test_properties():
    def properties(k):
        layer = k.layers.MultiHeadAttention(2, 3, 4, 0.1, output_shape=5)
        before = layer.attention_axes
        layer.build((None, 5, 4), (None, 2, 4))
        dense = [getattr(layer, f"{name}_dense").kernel.shape for name in ("query", "key", "value", "output")]
        grouped = k.layers.GroupQueryAttention(3, 4, 2, use_gate=True)
        grouped.build((None, 5, 4), (None, 2, 4))
        return (
            [layer.num_heads, layer.key_dim, layer.value_dim, layer.dropout, layer.use_bias, before],
            [layer.attention_axes, [tuple(shape) for shape in dense], layer.get_build_config()],
            [grouped.num_repeats, grouped.feature_dim, grouped.name, [w.path for w in grouped.weights]],
            [grouped.head_dim, grouped.num_query_heads, grouped.num_key_value_heads, grouped.sliding_window],
        )

    compare(properties)


def test_free_sizes():
    def shapes(k):
        query, value = k.Input((None, 4)), k.Input((3, 6))
        layer = k.layers.MultiHeadAttention(2, 3)
        additive = k.layers.AdditiveAttention()([query, k.Input((3, 4)), k.Input((3, 4))], return_attention_scores=True)
        output = layer(query, value)
        return output.shape, [each.shape for each in additive]

    compare(shapes)


def test_single_steps_and_no_batch():
    for queries, keys in ((1, 1), (1, 3), (3, 1)):
        x, y = data(2, queries, 4), data(2, keys, 4)
        compare(lambda k, x=x, y=y: called(k, "GroupQueryAttention", (3, 2, 1), {}, [x, y]), rtol=2e-5, atol=2e-6)
    empty = np.zeros((0, 3, 4), "float32")
    assert len(FLAT) > 0
    compare(lambda k: called(k, "MultiHeadAttention", (2, 3), {}, [empty, empty]))
