"""What all quantized layers share: their config, their weights in files, and integers that are multiplied exactly."""

import numpy as np
import pytest

from minikeras import layers, ops, quantizers
from minikeras.errors import ArgumentError, NotSupportedError, StateError
from minikeras.layers.core.quantization.base import integer_product, weight_in_integers

MAKERS = {
    "Dense": lambda **options: layers.Dense(3, **options),
    "EinsumDense": lambda **options: layers.EinsumDense("ab,bc->ac", 3, **options),
    "Embedding": lambda **options: layers.Embedding(4, 3, **options),
    "ReversibleEmbedding": lambda **options: layers.ReversibleEmbedding(4, 3, **options),
}
each_layer = pytest.mark.parametrize("name", MAKERS)


def built(name, **options):
    layer = MAKERS[name](**options)
    layer.build((None, 4))
    return layer


@each_layer
def test_config(name):
    assert MAKERS[name]().get_config()["quantization_config"] is None
    config = quantizers.Int4QuantizationConfig(block_size=2)
    for given in (config, quantizers.serialize(config)):
        layer = MAKERS[name](dtype="int4/2_from_float32", quantization_config=given)
        assert layer.quantization_config.block_size == 2
        again = type(layer).from_config(layer.get_config())
        assert again.quantization_config.block_size == 2 and again.dtype_policy == layer.dtype_policy
    with pytest.raises(ArgumentError, match=f"{name}: `quantization_config` must be None or a"):
        MAKERS[name](quantization_config="int8")


@each_layer
def test_a_layer_is_as_before_if_it_cannot_be_quantized(name):
    layer = built(name)
    before = layer.get_weights()

    def refuse(x, axis=None, to_numpy=False):
        raise RuntimeError("no")

    quantizer = quantizers.AbsMaxQuantizer()
    config = quantizers.Int8QuantizationConfig(quantizer)
    config.weight_quantizer = type("Refusing", (), {"__call__": lambda self, *args, **kwargs: refuse(*args)})()
    with pytest.raises(RuntimeError, match="no"):
        layer.quantize(config=config)
    assert layer.quantization_mode is None and not layer._is_quantized and layer.quantization_config is None
    for first, second in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(first, second)
    layer.quantize("int8")
    assert layer._is_quantized and len(layer.weights) >= 2


@pytest.mark.parametrize("name", ["Embedding", "ReversibleEmbedding"])
@pytest.mark.parametrize("mode", ["float8", "gptq", "awq"])
def test_modes_of_embeddings(name, mode):
    config = {
        "gptq": quantizers.GPTQConfig(["a"], None),
        "awq": quantizers.AWQConfig(["a"], None),
    }.get(mode)
    with pytest.raises(
        NotSupportedError, match=rf"expected one of \('int8', 'int4'\). Received: quantization_mode={mode}"
    ):
        built(name).quantize(mode, config=config)
    with pytest.raises(NotSupportedError, match="expected one of"):
        built(name, dtype="float8_from_float32")


@each_layer
def test_the_optimizer_does_not_train_it(name):
    layer = built(name)
    layer.quantize("int8")
    assert [w.name for w in layer.trainable_weights] == ["bias"] * (name == "Dense")
    assert layer.count_params() == sum(w.size for w in layer.weights)


def test_spec_of_files():
    layer = built("Dense")
    spec = layer.variable_serialization_spec
    assert spec[None] == ["kernel", "bias"] and spec["int8"] == ["kernel", "bias", "kernel_scale"]
    assert spec["awq"] == ["bias", "quantized_kernel", "kernel_scale", "kernel_zero", "awq_scales", "g_idx"]
    layer.quantize("int8")
    store = {}
    layer.save_own_variables(store)
    assert [store[key].dtype.name for key in "012"] == ["int8", "float32", "float32"]
    with pytest.raises(ArgumentError, match="expects 3 arrays, received 2"):
        layer.load_own_variables({"0": store["0"], "1": store["1"]})
    assert [w.name for w in layer.weights] == ["bias", "kernel", "kernel_scale"]


def test_weights_of_subclasses_are_saved_too():
    class Scaled(layers.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.factor = self.add_weight((), "ones", name="factor")

    layer = Scaled(2)
    layer.build((None, 3))
    layer.quantize("int8", type_check=False)
    store = {}
    layer.save_own_variables(store)
    assert len(store) == 4 and store["3"].shape == ()


def test_lora():
    layer = built("Dense")
    with pytest.raises(StateError, match="build the layer before"):
        MAKERS["Dense"]().enable_lora(2)
    layer.enable_lora(2)
    for mode, kind in (("gptq", quantizers.GPTQConfig), ("awq", quantizers.AWQConfig)):
        with pytest.raises(NotSupportedError, match=f"a layer with LoRA is not quantized with '{mode}'"):
            layer.quantize(config=kind(["a"], None))
        other = built("Dense")
        other.quantize(config=kind(["a"], None))
        with pytest.raises(NotSupportedError, match=f"LoRA is not possible with '{mode}'"):
            other.enable_lora(2)
    layer.quantize("int8")
    assert layer.lora_enabled and layer.lora_kernel_a.shape == (4, 2)


def test_exact_products():
    x, y = np.full((1, 4000), 127, "int8"), np.full((4000, 1), 127, "int8")
    y[-1] = 126
    product = integer_product(ops.matmul, x, y, 4000, "float64")
    assert product == 127 * (127 * 4000 - 1) and product.dtype == "float64"
    x = np.full((1, 500), 255, "uint8")
    assert integer_product(ops.matmul, x, x.T, 500, "float32") == np.float32(255**2 * 500)
    assert integer_product(ops.matmul, x.astype("float32"), x.T, 500, "float32") == np.float32(255**2 * 500)


def test_axes_of_quantizers():
    weight = np.array([[1.0, -4.0], [2.0, 3.0]], "float32")
    for quantizer, expected in (
        (None, [2, 4]),
        (quantizers.AbsMaxQuantizer(), [2, 4]),
        (quantizers.AbsMaxQuantizer(axis=1), [4, 3]),
    ):
        _, scale = weight_in_integers(weight, 0, quantizers.Int8QuantizationConfig(quantizer))
        np.testing.assert_allclose(127 / scale.ravel(), expected, rtol=1e-6)
