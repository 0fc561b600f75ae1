import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test
from tests.layers.attention.of_itself import OfItself

QUERY = np.array([[[1.0, 0.0], [0.0, 2.0]]], "float32")
VALUE = np.array([[[1.0, 1.0], [0.0, 0.5], [2.0, 0.0]]], "float32")


@pytest.mark.parametrize("options", [{}, {"use_scale": False, "seed": 1}], ids=str)
def test_in_full(options):
    if options:
        layer = layers.AdditiveAttention(**options)
        assert layer.get_config()["seed"] == 1 and not layer([QUERY, VALUE]).size == 0 and layer.weights == []
    else:
        run_layer_test(lambda: OfItself("AdditiveAttention", options), (2, 3, 2), (2, 3, 2))


def test_by_hand():
    layer = layers.AdditiveAttention()
    layer.build([QUERY.shape, VALUE.shape])
    layer.set_weights([np.array([2.0, -1.0])])
    output, weights = layer([QUERY, VALUE], return_attention_scores=True)
    scores = (np.tanh(QUERY[0, :, None] + VALUE[0]) * [2, -1]).sum(-1)
    expected = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    np.testing.assert_allclose(weights[0], expected, rtol=1e-5)
    np.testing.assert_allclose(output[0], expected @ VALUE[0], rtol=1e-5)
    assert [weight.path for weight in layer.weights] == ["additive_attention/scale"]


def test_causal_with_more_values():
    layer = layers.AdditiveAttention(use_scale=False)
    weights = layer([QUERY, VALUE], use_causal_mask=True, return_attention_scores=True)[1]
    assert weights[0, 0].tolist() == [1, 0, 0] and weights[0, 1, 2] == 0


def test_it_has_no_score_mode():
    assert "score_mode" not in layers.AdditiveAttention().get_config()
    with pytest.raises(ArgumentError, match=r"AdditiveAttention has no `score_mode`"):
        layers.AdditiveAttention(score_mode="concat")
