"""Layers quantized with GPTQ and AWQ: before and after the calibration, and files."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, StateError
from minikeras.quantizers import AWQConfig, GPTQConfig

RANDOM = np.random.default_rng(0)
MAKERS = {
    "Dense": (lambda **options: layers.Dense(5, "relu", **options), (40, 8)),
    "EinsumDense": (lambda **options: layers.EinsumDense("abc,cde->abde", (None, 3, 5), **options), (20, 3, 8)),
    "EinsumDense of two axes": (
        lambda **options: layers.EinsumDense("abcd,cde->abe", (None, 7), bias_axes="e", **options),
        (20, 3, 4, 2),
    ),
    "EinsumDense transposed": (lambda **options: layers.EinsumDense("abc,dc->abd", (None, 5), **options), (20, 3, 8)),
}
CONFIGS = {
    "gptq": lambda: GPTQConfig(["a"], None, group_size=-1),
    "gptq of 8 bits": lambda: GPTQConfig(["a"], None, group_size=4, weight_bits=8),
    "awq": lambda: AWQConfig(["a"], None, group_size=4),
}
each_layer = pytest.mark.parametrize("name", MAKERS)
each_config = pytest.mark.parametrize("config", CONFIGS)


def prepared(name, config):
    """A layer that waits for its calibration, its inputs and its outputs before."""
    layer, shape = MAKERS[name][0](), MAKERS[name][1]
    x = (RANDOM.normal(size=(np.prod(shape[1:]),) * 2) @ RANDOM.normal(size=(np.prod(shape[1:]), shape[0]))).T
    x = x.reshape(shape).astype("float32")
    expected = layer(x)
    layer.quantize(config=CONFIGS[config]())
    return layer, x, expected


def calibrated(name, config):
    layer, x, expected = prepared(name, config)
    layer._start_calibration()
    for part in np.split(x, 4):
        layer(part)
    layer._calibrate()
    return layer, x, expected


@each_layer
@each_config
def test_before(name, config):
    layer, x, expected = prepared(name, config)
    np.testing.assert_array_equal(layer(x), expected)
    assert layer.dtype_policy.name.startswith(f"{config[:3]}") and hasattr(layer, "_kernel")
    assert not layer.is_gptq_calibrated and not layer.is_awq_calibrated
    with pytest.raises(StateError, match="not calibrated yet, so its weights are not quantized and cannot be saved"):
        layer.save_own_variables({})


@each_layer
@each_config
def test_after(name, config):
    layer, x, expected = calibrated(name, config)
    bits = 8 if "8" in config else 4
    assert np.abs(layer(x) - expected).max() < (0.2 if bits == 8 else 2.0) * np.abs(expected).std()
    names = [w.name for w in layer.weights if w.name != "bias"]
    zero = "kernel_zero" if name == "Dense" else "zero_point"
    more = ["awq_scales"] if config == "awq" else []
    assert names == ["kernel", "kernel_scale", zero, *more, "g_idx"] and not layer.trainable_weights[1:]
    rows, columns = layer._matrix_shape(layer._kernel_shape)
    assert layer.quantized_kernel.shape == ((columns + 1) // 2 if bits == 4 else columns, rows)
    assert np.asarray(layer.kernel).shape == (columns, rows) and np.asarray(layer.kernel).max() < 2**bits
    assert layer._observe is None and layer._statistics is None and not hasattr(layer, "_kernel")


def test_inputs_are_seen_in_the_order_of_the_kernel():
    layer, x, _ = prepared("EinsumDense of two axes", "awq")
    layer._start_calibration()
    layer(x)
    np.testing.assert_array_equal(layer._statistics.values, np.abs(x).max((0, 1)).ravel())


@each_layer
@each_config
def test_files(name, config, tmp_path):
    layer, x, _ = calibrated(name, config)
    model = minikeras.Sequential([layers.Input(MAKERS[name][1][1:]), layer])
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    store, again = {}, type(layer).from_config(layer.get_config())
    again.build(MAKERS[name][1])
    assert again.quantization_config.dataset is None
    with pytest.raises(StateError, match="its weights were not quantized: load them"):
        again(x)
    layer.save_own_variables(store)
    again.load_own_variables(store)
    np.testing.assert_array_equal(again(x), layer(x))


@pytest.mark.parametrize(("mode", "kind"), [("gptq", "GPTQConfig"), ("awq", "AWQConfig")])
def test_settings_are_needed(mode, kind):
    layer = layers.Dense(2)
    layer.build((None, 3))
    with pytest.raises(ArgumentError, match=f"mode '{mode}' needs a {kind}"):
        layer.quantized_build((3, 2), mode)


def test_number_of_columns_in_the_config():
    layer, _, _ = prepared("EinsumDense", "gptq")
    assert layer.get_config()["gptq_unpacked_column_size"] == 15
    assert "gptq_unpacked_column_size" not in MAKERS["EinsumDense"][0]().get_config()
