"""`Dense` and `EinsumDense` in 8 and 4 bits: values, gradients, replays, LoRA, files."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops, quantizers
from minikeras.quantizers import AbsMaxQuantizer, Int4QuantizationConfig, Int8QuantizationConfig
from tests.helpers import run_step_test

RANDOM = np.random.default_rng(0)
MAKERS = {
    "Dense": (lambda **options: layers.Dense(5, "tanh", **options), (3, 8)),
    "Dense without a bias": (lambda **options: layers.Dense(5, use_bias=False, **options), (2, 3, 8)),
    "EinsumDense": (
        lambda **options: layers.EinsumDense("abc,cde->abde", (None, 3, 2), bias_axes="e", **options),
        (2, 3, 8),
    ),
    "EinsumDense of the left": (lambda **options: layers.EinsumDense("...c,cd->...d", 5, **options), (2, 8)),
    "EinsumDense of the right": (lambda **options: layers.EinsumDense("ab...,bc->ac...", 5, **options), (2, 8, 3)),
    "EinsumDense transposed": (lambda **options: layers.EinsumDense("abc,dc->abd", (None, 5), **options), (2, 3, 8)),
}
WAYS = {
    "int8": Int8QuantizationConfig(),
    "int8 of weights": Int8QuantizationConfig(activation_quantizer=None),
    "int4": Int4QuantizationConfig(),
    "int4 in blocks": Int4QuantizationConfig(block_size=3),
    "int4 in channels": Int4QuantizationConfig(block_size=-1),
    "int4 with inputs": Int4QuantizationConfig(None, AbsMaxQuantizer(), None),
}
each = [pytest.mark.parametrize("name", MAKERS), pytest.mark.parametrize("way", WAYS)]


def built(name, **options):
    layer = MAKERS[name][0](**options)
    layer.build(MAKERS[name][1])
    return layer


def quantized(name, way):
    """A layer with its kernel, before and after it is quantized."""
    layer = built(name)
    # Blocks of weights of one sign have no zero point of 4 bits, and large errors, as in Keras.
    _, columns = layer._matrix_shape(layer.kernel.shape)
    signs = (-1.0) ** (np.arange(layer.kernel.size) // columns).reshape(layer.kernel.shape)
    layer.kernel.assign(signs * RANDOM.uniform(0.5, 2, layer.kernel.shape))
    x = RANDOM.normal(size=MAKERS[name][1]).astype("float32")
    expected, kernel = layer(x), layer.kernel.numpy()
    layer.quantize(config=WAYS[way])
    return layer, x, expected, kernel


@each[0]
@each[1]
def test_close_to_floats(name, way):
    layer, x, expected, kernel = quantized(name, way)
    assert layer.kernel.shape == kernel.shape and ops.convert_to_tensor(layer.kernel).dtype == "int8"
    restored = layer._dequantized()
    step = np.ptp(kernel) / (2 * 127 if way.startswith("int8") else 15)
    assert np.abs(restored - kernel).max() <= 1.05 * step
    assert np.abs(layer(x) - expected).max() <= (0.1 if way.startswith("int8") else 1.0)
    assert layer(x).dtype == "float32"


@each[0]
@each[1]
def test_outputs_are_those_of_the_restored_kernel(name, way):
    """Exactly, but for the inputs, which may be rounded to a 127th of the largest one."""
    layer, x, _, _ = quantized(name, way)
    plain = built(name)
    for weight in plain.weights:
        other = layer._dequantized() if weight.name == "kernel" else layer.bias.numpy()
        weight.assign(other)
    exact = layer.inputs_quantizer is None
    bound = 1e-5 if exact else 0.05
    np.testing.assert_allclose(layer(x), plain(x), rtol=bound, atol=1e-5 if exact else bound * 4)


@each[0]
@each[1]
def test_gradients_are_those_of_the_restored_kernel(name, way):
    layer, x, _, _ = quantized(name, way)
    layer.activation = minikeras.activations.linear
    upstream = RANDOM.normal(size=layer(x).shape).astype("float32")
    grads = minikeras.grad(lambda x: ops.sum(layer(x) * upstream))(x)
    kernel = layer._dequantized()
    expected = minikeras.grad(lambda x: ops.sum(layer._contract(x, kernel) * upstream))(x)
    np.testing.assert_allclose(grads, expected, rtol=1e-5, atol=1e-5)
    assert [w.name for w in layer.trainable_weights] == ["bias"] * (layer.bias is not None)


@each[0]
@each[1]
def test_replayed(name, way):
    layer, x, _, _ = quantized(name, way)
    others = [x + 1, x * 2]
    run_step_test(layer, x, *others)


def test_exact_integers():
    """The sums of products of 8-bit integers, in `float32` as long as it has all of them, and `float64` after."""
    for inputs in (1024, 1025, 4000):
        layer = layers.Dense(2, use_bias=False)
        layer.build((None, inputs))
        layer.quantize("int8")
        kernel = np.full((inputs, 2), 127, "int8")
        kernel[-1] = 126
        layer._kernel.assign(kernel)
        layer.kernel_scale.assign([1.0, 1.0])
        x = np.ones((1, inputs), "float32")
        scale = np.float32(127) / np.float32(1 + 1e-7)
        assert (layer(x) == np.float32(127 * (127 * inputs - 1)) / scale).all()


@pytest.mark.parametrize("name", ["Dense", "EinsumDense"])
@pytest.mark.parametrize("way", WAYS)
def test_saved_and_made_anew(name, way, tmp_path):
    layer, x, _, _ = quantized(name, way)
    model = minikeras.Sequential([layers.Input(MAKERS[name][1][1:]), layer])
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    again.build(MAKERS[name][1])
    assert [(w.name, w.shape, w.dtype) for w in again.weights] != []
    store = {}
    layer.save_own_variables(store)
    again.load_own_variables(store)
    np.testing.assert_array_equal(again(x), layer(x))


@pytest.mark.parametrize("name", ["Dense", "EinsumDense", "EinsumDense transposed"])
@pytest.mark.parametrize("way", WAYS)
def test_lora(name, way):
    layer, x, _, _ = quantized(name, way)
    before = layer(x)
    layer.enable_lora(2, lora_alpha=4)
    np.testing.assert_allclose(layer(x), before, rtol=1e-6, atol=1e-6)
    layer.lora_kernel_b.assign(0.05 * RANDOM.normal(size=layer.lora_kernel_b.shape))
    assert np.abs(layer(x) - before).max() > 1e-3
    names = [w.name for w in layer.trainable_weights]
    assert names == ["bias"] * (layer.bias is not None) + ["lora_kernel_a", "lora_kernel_b"]
    store, again = {}, built(name)
    again.quantize(config=WAYS[way])
    layer.save_own_variables(store)
    again.load_own_variables(store)
    merged = layer._dequantized() + 2 * np.matmul(layer.lora_kernel_a.numpy(), layer.lora_kernel_b.numpy())
    step = np.ptp(merged) / (2 * 127 if way.startswith("int8") else 15)
    assert np.abs(again._dequantized() - merged).max() <= 1.05 * step


def test_own_quantizers():
    class Signs(quantizers.Quantizer):
        """Keeps the signs alone."""

        def __call__(self, x, axis=None, to_numpy=False):
            scale = 1 / ops.mean(ops.abs(x), axis=axis, keepdims=True)
            return ops.cast(ops.sign(x), "int8"), scale

        def get_config(self):
            return {}

    layer = layers.Dense(2, use_bias=False)
    layer.build((None, 3))
    layer.quantize(config=Int8QuantizationConfig(activation_quantizer=Signs()))
    layer._kernel.assign([[1, 2], [3, 4], [5, 6]])
    layer.kernel_scale.assign([1.0, 2.0])
    assert layer(np.array([[3.0, -6.0, 9.0]])).tolist() == [[18.0, 12.0]]  # (1 - 3 + 5) * 6, (2 - 4 + 6) * 6 / 2


def test_a_quantizer_of_weights():
    layer = layers.Dense(2)
    layer.build((None, 3))
    kernel = layer.kernel.numpy()
    layer.quantize(config=Int8QuantizationConfig(AbsMaxQuantizer(value_range=(-3, 3))))
    assert np.abs(layer.kernel.numpy()).max() == 3
    np.testing.assert_allclose(layer.kernel_scale.numpy(), 3 / np.abs(kernel).max(0), rtol=1e-5)
