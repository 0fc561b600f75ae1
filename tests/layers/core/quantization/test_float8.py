"""Products of float8 values: by hand, their scales during training, and files."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.dtype_policies import QuantizedFloat8DTypePolicy
from minikeras.errors import NotSupportedError

MAKERS = {
    "Dense": lambda **options: layers.Dense(2, **options),
    "EinsumDense": lambda **options: layers.EinsumDense("ab,bc->ac", 2, bias_axes="c", **options),
}
each_layer = pytest.mark.parametrize("name", MAKERS)


def quantized(name, **options):
    layer = MAKERS[name](**options)
    layer.build((None, 3))
    layer.quantize("float8")
    return layer


@each_layer
def test_by_hand(name):
    layer = quantized(name, bias_initializer=np.array([1.001, 0.0]))
    layer._kernel.assign([[1.0, 17.0], [2.0, 0.0], [0.0, 1.0]])  # 17 is rounded to 16
    # 1.001 is rounded to 1 in bfloat16, 1000 is clipped to 448, and 1.05 is rounded to 1.
    assert layer(np.array([[1.05, 3.0, 1000.0]])).tolist() == [[1 + 6 + 1.0, 16 + 448]]


@each_layer
def test_gradients(name):
    """Straight through for the inputs and the kernel; rounded to two digits for the outputs."""
    layer = quantized(name, bias_initializer="ones")
    x = np.array([[1.0, 2.0, 4.0], [0.5, 0.25, 8.0]], "float32")
    upstream = np.array([[1.0, 17.0], [2.0, -3.0]], "float32")
    rounded = np.array([[1.0, 16.0], [2.0, -3.0]])
    layer._kernel.assign([[1.0, 3.0], [2.0, 0.0], [0.0, 1.0]])
    trainable = layer.trainable_variables
    with minikeras.GradientTape() as tape:
        loss = ops.sum(layer(x, training=True) * upstream)
    found = dict(zip([w.name for w in trainable], tape.gradient(loss, trainable), strict=True))
    np.testing.assert_array_equal(found["kernel"], x.T @ rounded)
    np.testing.assert_array_equal(found["bias"], upstream.sum(0))
    assert found["inputs_amax_history"][0] == 8 and found["kernel_amax_history"][0] == 3
    assert found["outputs_grad_amax_history"][0] == 17
    assert [found[f"{each}_scale"] for each in ("inputs", "kernel", "outputs_grad")] == [1, 1, 1]
    grads = minikeras.grad(lambda x: ops.sum(layer(x) * upstream))(x)
    np.testing.assert_array_equal(grads, rounded @ np.array([[1.0, 3.0], [2.0, 0.0], [0.0, 1.0]]).T)


@each_layer
def test_training_replaces_the_scales(name):
    layer = quantized(name, dtype=None)
    model = minikeras.Sequential([layers.Input((3,)), layer])
    model.compile("sgd", "mse")
    x = np.array([[896.0, 1.0, 2.0]] * 2, "float32")
    model.fit(x, np.zeros((2, 2)), batch_size=2, epochs=1, verbose=0)
    assert layer.inputs_scale.numpy() == 1 and layer.inputs_amax_history.numpy()[0] == 896
    model.fit(x, np.zeros((2, 2)), batch_size=2, epochs=1, verbose=0)
    assert layer.inputs_scale.numpy() == 2  # 896 / 448
    before = layer.get_weights()
    model.predict(x, verbose=0)
    for first, second in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(first, second)


def test_length_of_the_history():
    policy = QuantizedFloat8DTypePolicy("float8", "float32", amax_history_length=4)
    layer = layers.Dense(2, dtype=policy)
    layer.build((None, 3))
    assert layer.inputs_amax_history.shape == (4,) and layer.weights[-1].name == "bias"
    assert quantized("Dense").kernel_amax_history.shape == (1024,)
    again = layers.Dense.from_config(layer.get_config())
    assert again.dtype_policy.amax_history_length == 4


@each_layer
def test_saved(name, tmp_path):
    layer = quantized(name)
    model = minikeras.Sequential([layers.Input((3,)), layer])
    layer.inputs_scale.assign(0.5)
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    x = np.array([[1.3, 2.7, 3.9]], "float32")
    assert loaded.layers[0].inputs_scale.numpy() == 0.5
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))


def test_lora_is_refused():
    layer = quantized("Dense")
    layer.enable_lora(1)
    with pytest.raises(NotSupportedError, match="a layer with LoRA cannot compute with float8"):
        layer(np.ones((1, 3)))
