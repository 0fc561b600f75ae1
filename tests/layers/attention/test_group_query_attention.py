import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test
from tests.layers.attention.of_itself import OfItself

RNG = np.random.default_rng(0)
X, Y = (RNG.normal(size=shape).astype("float32") for shape in ((2, 3, 4), (2, 5, 4)))


def random_weights(layer):
    layer.set_weights([np.random.default_rng(i).normal(size=w.shape) for i, w in enumerate(layer.get_weights())])
    return layer


def test_in_full():
    options = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "use_bias": False}
    run_layer_test(lambda: OfItself("GroupQueryAttention", options, causal=True), (2, 3, 2), (2, 3, 2))


@pytest.mark.parametrize("gate", [False, True])
def test_equals_multi_head_attention_with_shared_heads(gate):
    grouped = layers.GroupQueryAttention(3, 4, 2, use_gate=gate)
    grouped.build(X.shape, Y.shape)
    random_weights(grouped)
    full = layers.MultiHeadAttention(4, 3, use_gate=gate)
    full.build(X.shape, Y.shape)
    weights = {w.path.partition("/")[2]: w.numpy() for w in grouped.weights}
    for name in ("key", "value"):
        for kind in ("kernel", "bias"):
            weights[f"{name}/{kind}"] = np.repeat(weights[f"{name}/{kind}"], 2, axis=-2)
    full.set_weights(list(weights.values()))
    for options in ({}, {"use_causal_mask": True}, {"value_mask": np.arange(5)[None] < [[3], [5]]}):
        for scores in (False, True):
            both = [layer(X, Y, **options, return_attention_scores=scores) for layer in (grouped, full)]
            for one, other in zip(*(each if scores else [each] for each in both), strict=True):
                np.testing.assert_allclose(one, other, atol=1e-5)


def test_shapes_and_names():
    layer = layers.GroupQueryAttention(3, 4, 2)
    output, weights = layer(layers.Input((None, 4)), layers.Input((5, 4)), return_attention_scores=True)
    assert (output.shape, weights.shape) == ((None, None, 4), (None, 4, None, 5))
    assert layer.name == "grouped_query_attention"  # as in Keras, where only its public name is another
    assert [w.shape for w in layer.weights][::2] == [(4, 4, 3), (4, 2, 3), (4, 2, 3), (4, 3, 4)]
    assert layers.serialize(layer)["class_name"] == "GroupQueryAttention"


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="`num_query_heads` must be a multiple of `num_key_value_heads`. Received"):
        layers.GroupQueryAttention(3, 4, 3)
    with pytest.raises(ArgumentError, match="`head_dim` must be"):
        layers.GroupQueryAttention(0, 4, 2)
    with pytest.raises(ShapeError, match=r"expects inputs of shape \(batch, length, features\)"):
        layers.GroupQueryAttention(3, 4, 2)(np.ones((1, 2, 3, 4)), np.ones((1, 2, 3, 4)))
    with pytest.raises(ShapeError, match="the same number of features"):
        layers.GroupQueryAttention(3, 4, 2)(layers.Input((3, 4)), layers.Input((3, 5)))
    with pytest.raises(ArgumentError, match="flash attention never has all scores"):
        layers.GroupQueryAttention(3, 4, 2, flash_attention=True)(X, Y, return_attention_scores=True)
