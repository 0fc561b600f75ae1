"""Logits with quantized embeddings."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ShapeError
from minikeras.quantizers import Int4QuantizationConfig, Int8QuantizationConfig
from tests.helpers import run_step_test

RANDOM = np.random.default_rng(0)
WAYS = {
    "int8": Int8QuantizationConfig(),
    "int8 of weights": Int8QuantizationConfig(activation_quantizer=None),
    "int4 in blocks": Int4QuantizationConfig(block_size=2),
    "int4 of ids": Int4QuantizationConfig(block_size=-1),
}
each_way = pytest.mark.parametrize("way", WAYS)
tied = pytest.mark.parametrize("tie_weights", [True, False])
IDS, X = np.array([[0, 5, 3]]), RANDOM.normal(size=(2, 3, 5)).astype("float32")


def built(tie_weights, **options):
    layer = layers.ReversibleEmbedding(6, 5, tie_weights, **options)
    layer.build((None, 3))
    values = (RANDOM.uniform(0.5, 2, (6, 5)) * (-1.0) ** np.arange(5)).astype("float32")
    layer.set_weights([values, values.T][: len(layer.weights)])
    return layer, values


@each_way
@tied
def test_close_to_floats(way, tie_weights):
    layer, values = built(tie_weights)
    layer.quantize(config=WAYS[way])
    step = np.ptp(values) / (254 if way.startswith("int8") else 15)
    assert np.abs(layer(IDS) - values[IDS]).max() <= 1.05 * step
    logits = layer(X, reverse=True)
    assert logits.shape == (2, 3, 6) and logits.dtype == "float32"
    bound = np.abs(X).sum(-1, keepdims=True) * step
    bound = bound + 0 if layer.inputs_quantizer is None else bound + np.abs(X).max() / 127 * np.abs(values).sum(1)
    assert (np.abs(logits - X @ values.T) <= 1.1 * bound).all()
    # Both weights have the same values here, so both layers compute the same.
    other = built(True)[0]
    other.set_weights([values])
    other.quantize(config=WAYS[way])
    np.testing.assert_allclose(logits, other(X, reverse=True), rtol=1e-5, atol=1e-5)


@each_way
@tied
def test_cap_replay_and_mask(way, tie_weights):
    layer, _ = built(tie_weights, logit_soft_cap=2.0, mask_zero=True)
    layer.quantize(config=WAYS[way])
    assert np.abs(layer(X, reverse=True)).max() <= 2
    run_step_test(lambda x: layer(x, reverse=True), X, 2 * X)
    assert minikeras.ops.shape(layer(IDS)) == (1, 3, 5)
    with pytest.raises(ShapeError, match="expected vectors of size 5"):
        layer(X[..., :4], reverse=True)


@each_way
@tied
def test_files(way, tie_weights, tmp_path):
    layer, _ = built(tie_weights)
    layer.quantize(config=WAYS[way])
    reverse = [name for name in layer.variable_serialization_spec["int4"] if "reverse" in name]
    assert len(reverse) == (0 if tie_weights else 3)
    ids = layers.Input((3,), dtype="int32")
    model = minikeras.Model(ids, layer(layer(ids), reverse=True))
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(IDS, verbose=0), model.predict(IDS, verbose=0))


@tied
def test_lora(tie_weights):
    layer, _ = built(tie_weights)
    layer.quantize("int8")
    layer.enable_lora(2)
    layer.lora_embeddings_b.assign(0.1 * np.ones((2, 5)))
    store, again = {}, built(tie_weights)[0]
    again.quantize("int8")
    layer.save_own_variables(store)
    assert len(store) == (2 if tie_weights else 4)
    again.load_own_variables(store)
    np.testing.assert_allclose(again(IDS), layer(IDS), atol=0.02)
