"""Dense: values by hand, every argument, and what it refuses."""

import numpy as np
import pytest

from minikeras import errors, layers, quantizers
from minikeras.errors import ArgumentError, ShapeError, StateError
from tests.helpers import run_layer_test

CASES = {
    "plain": {},
    "activation": {"activation": "tanh"},
    "softmax": {"activation": "softmax"},
    "no bias": {"use_bias": False},
    "initializers": {"kernel_initializer": "he_normal", "bias_initializer": "ones"},
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("input_shape", [(3, 4), (2, 3, 4)], ids=str)
def test_in_full(case, input_shape):
    run_layer_test(lambda: layers.Dense(5, **CASES[case]), input_shape, (*input_shape[:-1], 5))


def test_in_full_with_lora():
    # b is not zero: else no gradient would reach a.
    def make():
        layer = layers.Dense(5, activation="tanh")
        layer.build((None, 4))
        layer.enable_lora(2, b_initializer="ones", lora_alpha=3.0)
        return layer

    layer = make()
    x = np.array([[1.0, 2.0, 0.0, -1.0]], "float32")
    expected = np.tanh(x @ (layer._kernel.numpy() + 3.0 / 2 * layer.lora_kernel_a.numpy() @ np.ones((2, 5))))
    np.testing.assert_allclose(layer(x), expected, rtol=1e-5)
    assert [weight.shape for weight in layer.trainable_variables] == [(5,), (4, 2), (2, 5)]
    assert [weight.shape for weight in layer.non_trainable_variables] == [(4, 5)]


def test_by_hand():
    layer = layers.Dense(2, activation="relu")
    layer.build((None, 3))
    layer.set_weights([[[1, -1], [2, 0], [0, 3]], [10, -100]])
    # [1*1 + 2*2 + 3*0 + 10, -1*1 + 2*0 + 3*3 - 100] and relu
    assert layer(np.float32([[1, 2, 3]])).tolist() == [[15, 0]]
    assert layer.kernel.shape == (3, 2) and layer.bias.numpy().tolist() == [10, -100]


def test_weights_and_their_names():
    layer = layers.Dense(2, name="d")
    assert not layer.built and layer.weights == []
    with pytest.raises(AttributeError, match="no kernel before it is built"):
        _ = layer.kernel
    layer.build((None, 3))
    assert [w.path for w in layer.weights] == ["d/kernel", "d/bias"]
    assert layer.count_params() == 8 and layer.get_weights()[1].tolist() == [0, 0]
    assert layers.Dense(2, use_bias=False, name="e").get_config()["use_bias"] is False


@pytest.mark.parametrize("units", [0, -3, 2.5, 3.0, "a", None, True, [3]])
def test_units(units):
    with pytest.raises(ArgumentError, match="`units` must be a positive integer. Received: units="):
        layers.Dense(units)


def test_quantization_config():
    with pytest.raises(ArgumentError, match="Dense: `quantization_config` must be None or a .*Received: .*='l2'"):
        layers.Dense(3, quantization_config="l2")
    config = quantizers.Int8QuantizationConfig(activation_quantizer=None)
    layer = layers.Dense(3, quantization_config=config)
    assert layer.quantization_config is config
    again = layers.Dense.from_config(layer.get_config())
    assert again.quantization_config.activation_quantizer is None and again.get_config() == layer.get_config()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"activation": "relo"}, errors.UnknownNameError, "Did you mean 'relu'"),
        ({"kernel_initializer": "glorot"}, errors.UnknownNameError, "Unknown initializer: 'glorot'"),
        ({"lora_rank": 0}, ArgumentError, "`lora_rank` must be a positive integer"),
        ({"input_size": 3}, ArgumentError, "Unrecognized keyword arguments passed to Dense: {'input_size': 3}"),
        ({"name": "a/b"}, ArgumentError, "string without '/'"),
        ({"dtype": "flaot32"}, errors.UnknownNameError, "Did you mean 'float32'"),
        ({"kernel_constraint": "l2"}, errors.UnknownNameError, "Unknown constraint: 'l2'"),
        ({"trainable": 2}, ArgumentError, "`trainable` must be True or False"),
    ],
)
def test_refused_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        layers.Dense(3, **arguments)


def test_wrong_inputs_leave_it_unbuilt():
    layer = layers.Dense(3)
    with pytest.raises(ShapeError, match=r"Dense layer '.*': expected at least 2 axes.*received input of shape \(4,\)"):
        layer(np.ones(4))
    assert not layer.built and layer.weights == []
    with pytest.raises(ArgumentError, match="the last size of the input must be known"):
        layer.build((None, None))
    assert not layer.built
    layer(np.ones((2, 4)))
    with pytest.raises(ShapeError, match=r"expected last input dimension 4, received input of shape \(2, 5\)"):
        layer(np.ones((2, 5)))


def test_a_build_that_fails_leaves_no_weights_behind():
    failing = [True]

    def initializer(shape, dtype=None):
        if failing:
            raise RuntimeError("no first value")
        return np.zeros(shape, dtype)

    layer = layers.Dense(3, bias_initializer=initializer)
    with pytest.raises(RuntimeError, match="no first value"):
        layer(np.ones((2, 4)))
    assert layer.weights == [] and not layer.built
    failing.clear()
    layer(np.ones((2, 4)))
    assert [w.shape for w in layer.weights] == [(4, 3), (3,)]


def test_lora_is_refused_twice_and_before_building():
    layer = layers.Dense(3, lora_rank=2)
    with pytest.raises(StateError, match="build the layer before `enable_lora`"):
        layer.enable_lora(2)
    layer.build((None, 4))
    with pytest.raises(StateError, match="was called before"):
        layer.enable_lora(2)
    config = layer.get_config()
    assert (config["lora_rank"], config["lora_alpha"]) == (2, 2)
