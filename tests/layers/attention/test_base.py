"""What a subclass of a layer with heads may change."""

import numpy as np

from minikeras import layers, ops

X = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")


class OwnAttention(layers.MultiHeadAttention):
    """A subclass from before there was a causal argument of the method."""

    masks = None

    def _compute_attention(self, query, key, value, attention_mask=None, training=None, return_attention_scores=False):
        self.masks = attention_mask if attention_mask is None else np.array(attention_mask)
        return ops.zeros_like(query), None


def test_an_own_attention_gets_a_mask_that_is_causal():
    layer = OwnAttention(2, 3)
    assert np.array_equal(layer(X, X), np.zeros_like(X)) and layer.masks is None
    layer(X, X, use_causal_mask=True)
    assert np.array_equal(layer.masks, np.tri(3, dtype=bool))
    layer(X, X, use_causal_mask=True, attention_mask=np.eye(3, dtype=bool))
    assert np.array_equal(layer.masks[0, 0], np.eye(3, dtype=bool))


def test_projections_start_with_other_values():
    layer = layers.MultiHeadAttention(2, 3, kernel_initializer="glorot_uniform")
    layer(X, X)
    assert not np.array_equal(layer.query_dense.kernel, layer.key_dense.kernel)
