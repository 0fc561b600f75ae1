import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test
from tests.layers.attention.of_itself import OfItself

QUERY = np.array([[[1.0, 0.0], [0.0, 2.0]]], "float32")
VALUE = np.array([[[1.0, 1.0], [0.0, 0.5], [2.0, 0.0]]], "float32")


@pytest.mark.parametrize("options", [{}, {"use_scale": True}, {"score_mode": "concat", "use_scale": True}], ids=str)
def test_in_full(options):
    run_layer_test(lambda: OfItself("Attention", options, causal=bool(options)), (2, 3, 2), (2, 3, 2))


def test_by_hand():
    output, weights = layers.Attention()([QUERY, VALUE], return_attention_scores=True)
    scores = np.array([[1.0, 0.0, 2.0], [2.0, 1.0, 0.0]])  # not divided by the square root of 2 features
    expected = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    np.testing.assert_allclose(weights[0], expected, rtol=1e-6)
    np.testing.assert_allclose(output[0], expected @ VALUE[0], rtol=1e-6)
    key = np.zeros((1, 3, 2), "float32")
    np.testing.assert_allclose(layers.Attention()([QUERY, VALUE, key])[0, 0], [1.0, 0.5], rtol=1e-6)


def test_trained_scale_and_weight():
    layer = layers.Attention(use_scale=True, score_mode="concat")
    layer.build([QUERY.shape, VALUE.shape])
    layer.set_weights([np.float32(2), np.float32(3)])
    weights = layer([QUERY, VALUE], return_attention_scores=True)[1]
    scores = 3 * np.tanh(2 * (QUERY[0, :, None] + VALUE[0])).sum(-1)
    np.testing.assert_allclose(weights[0], np.exp(scores) / np.exp(scores).sum(-1, keepdims=True), rtol=1e-5)
    assert [weight.path for weight in layer.weights] == ["attention/scale", "attention/concat_score_weight"]


def test_masks():
    masks = [np.array([[True, False]]), np.array([[True, False, True]])]
    output, weights = layers.Attention()([QUERY, VALUE], mask=masks, return_attention_scores=True)
    assert (weights[0, :, 1] == 0).all() and (output[0, 1] == 0).all()
    np.testing.assert_allclose(weights[0, 0], [1 / (1 + np.e), 0, np.e / (1 + np.e)], rtol=1e-6)
    causal = layers.Attention()([QUERY, VALUE], use_causal_mask=True, return_attention_scores=True)[1]
    assert causal[0, 0].tolist() == [1, 0, 0] and causal[0, 1, 2] == 0 < causal[0, 1, 1]
    assert np.isfinite(layers.Attention()([QUERY, VALUE], mask=[None, np.zeros((1, 3), bool)])).all()
    half = layers.Attention(dtype="float16")([QUERY, VALUE], mask=masks, return_attention_scores=True)[1]
    assert half.dtype == "float16" and (half[0, :, 1] == 0).all()


def test_the_mask_of_the_query_goes_on():
    layer, masks = layers.Attention(), [np.array([[True, False]]), None]
    assert np.array_equal(layer.compute_mask([QUERY, VALUE], masks), masks[0])
    assert layer.compute_mask([QUERY, VALUE], None) is layer.compute_mask([QUERY, VALUE], [None, None]) is None


def test_dropout():
    ones = np.ones((1, 6, 2), "float32")
    layer = layers.Attention(dropout=0.5, seed=3)
    weights = layer([ones, ones], training=True, return_attention_scores=True)[1]
    assert np.array_equal(np.unique(weights), np.float32([0, 1 / 3]))
    again = layers.Attention(dropout=0.5, seed=3)([ones, ones], training=True, return_attention_scores=True)[1]
    assert weights.tobytes() == again.tobytes()
    np.testing.assert_allclose(layer([ones, ones]), ones, rtol=1e-6)


def test_symbolic_shapes():
    query, value = layers.Input((None, 4)), layers.Input((5, 4))
    output, weights = layers.Attention()([query, value], return_attention_scores=True)
    assert (output.shape, weights.shape) == ((None, None, 4), (None, None, 5))
    assert layers.Attention().compute_output_shape([(2, 3, 4), (2, 5, 6), (2, 5, 4)]) == (2, 3, 6)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (QUERY, "must be called on a list"),
        ([QUERY], r"a list \[query, value\] or \[query, value, key\]. Received: a list of 1"),
        ([QUERY, VALUE, VALUE[:, :2]], "the lengths of key and value must be equal"),
        ([QUERY, np.ones((1, 3, 4))], r"features of query and key must be equal. Received: query \(1, 2, 2\)"),
        ([QUERY, VALUE[0]], "expects inputs of shape"),
    ],
)
def test_inputs_that_do_not_fit(inputs, message):
    with pytest.raises((ArgumentError, ShapeError), match=message):
        layers.Attention()(inputs)


def test_masks_that_do_not_fit():
    for mask in (np.ones((1, 2), bool), [np.ones((1, 2), bool)]):
        with pytest.raises(ArgumentError, match="`mask` must be a list"):
            layers.Attention()([QUERY, VALUE], mask=mask)
    for values in ([QUERY, VALUE], [layers.Input((2, 2)), layers.Input((3, 2))]):
        with pytest.raises(ShapeError, match=r"Attention layer.*`value_mask` must broadcast to \(batch, keys\)"):
            layers.Attention()(values, mask=[None, np.ones((1, 4), bool)])


def test_arguments_that_are_refused():
    with pytest.raises(ArgumentError, match="`score_mode` must be 'dot' or 'concat'"):
        layers.Attention(score_mode="cosine")
    with pytest.raises(ArgumentError, match="`dropout`"):
        layers.Attention(dropout=1.5)
