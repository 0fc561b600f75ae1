"""Embeddings in 8 and 4 bits."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import DataError
from minikeras.quantizers import AbsMaxQuantizer, Int4QuantizationConfig, Int8QuantizationConfig
from tests.helpers import run_step_test

RANDOM = np.random.default_rng(0)
VALUES = (RANDOM.uniform(0.5, 2, (6, 5)) * (-1.0) ** np.arange(5)).astype("float32")
IDS = np.array([[0, 5], [3, 3]])
WAYS = {
    "int8": Int8QuantizationConfig(),
    "int4": Int4QuantizationConfig(),
    "int4 in blocks": Int4QuantizationConfig(block_size=2),
    "int4 of ids": Int4QuantizationConfig(AbsMaxQuantizer(-1, (-8, 7)), block_size=None),
}
each_way = pytest.mark.parametrize("way", WAYS)


def quantized(way, **options):
    layer = layers.Embedding(6, 5, weights=VALUES, **options)
    layer.quantize(config=WAYS[way])
    return layer


@each_way
def test_close_to_floats(way):
    layer = quantized(way)
    step = np.ptp(VALUES) / (254 if way == "int8" else 15)
    assert np.abs(layer(IDS) - VALUES[IDS]).max() <= 1.05 * step
    np.testing.assert_array_equal(layer(IDS), layer._dequantized()[IDS])
    assert layer.embeddings.shape == (6, 5) and str(layer.embeddings.dtype) == "int8"
    assert layer._embeddings.shape == ((6, 5) if way == "int8" else (6, 3))
    assert layer.embeddings_scale.shape == (
        (6, {"int4": 1, "int4 in blocks": 3}[way]) if "blocks" in way or way == "int4" else (6,)
    )
    assert not layer.trainable_weights


@each_way
def test_replayed_and_masked(way):
    layer = quantized(way, mask_zero=True)
    run_step_test(layer, IDS, IDS[::-1].copy())
    assert layer.compute_mask(IDS).tolist() == [[False, True], [True, True]]
    with pytest.raises(DataError, match="6"):
        layer(np.array([6]))
    assert layer(layers.Input((4,), dtype="int32")).shape == (None, 4, 5)


@each_way
def test_files(way, tmp_path):
    model = minikeras.Sequential([layers.Input((2,), dtype="int32"), quantized(way)])
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(IDS, verbose=0), model.predict(IDS, verbose=0))
    again = layers.Embedding(6, 5, dtype=model.layers[0].dtype_policy.name)
    again.build()
    store = {}
    model.layers[0].save_own_variables(store)
    again.load_own_variables(store)
    np.testing.assert_array_equal(again(IDS), model.layers[0](IDS))


@each_way
def test_lora(way):
    layer = quantized(way)
    before = layer(IDS)
    layer.enable_lora(2)
    np.testing.assert_allclose(layer(IDS), before, rtol=1e-6)
    layer.lora_embeddings_b.assign(0.05 * RANDOM.normal(size=(2, 5)))
    update = layer.lora_embeddings_a.numpy() @ layer.lora_embeddings_b.numpy()
    np.testing.assert_allclose(layer(IDS), before + update[IDS], rtol=1e-5, atol=1e-6)
    store, again = {}, quantized(way)
    layer.save_own_variables(store)
    again.load_own_variables(store)
    step = np.ptp(VALUES + update) / (254 if way == "int8" else 15)
    assert np.abs(again(IDS) - layer(IDS)).max() <= 1.1 * step
