"""Wrapper: the wrapped layer is built, tracked, saved and restored, and custom layers may be wrapped."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, NotSupportedError
from tests.helpers import check_grads, run_layer_test


class Doubled(layers.Wrapper):
    def call(self, inputs):
        return 2 * self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


class Shifted(layers.Layer):
    def call(self, inputs):
        return inputs + 1


X = np.array([[1, 2]], "float32")


def test_in_full():
    run_layer_test(lambda: Doubled(layers.Dense(3)), (2, 4), (2, 3), order=0)
    check_grads(Doubled(layers.Dense(3, dtype="float64"), dtype="float64"), np.ones((2, 4)))


def test_weights_belong_to_the_wrapped_layer():
    inner = layers.Dense(1, kernel_initializer="ones", name="inner")
    outer = Doubled(inner, name="outer")
    assert outer(X).tolist() == [[6]] and inner.built
    assert [weight.path for weight in outer.weights] == ["outer/inner/kernel", "outer/inner/bias"]
    built = layers.Dense(1, kernel_initializer="ones", name="built")
    built.build((None, 2))
    assert Doubled(built)(X).tolist() == [[6]] and built.weights[0].path == "built/kernel"


def test_custom_layers():
    config = Doubled(Shifted(name="s")).get_config()
    kept = dict(config)
    again = Doubled.from_config(config, {"Shifted": Shifted})
    assert again(X).tolist() == [[4, 6]] and again.layer.name == "s"
    assert config == kept
    assert Doubled(minikeras.Sequential([Shifted()]))(X).tolist() == [[4, 6]]


def test_what_is_refused():
    for wrong in (3, "relu", None, layers.Dense):
        with pytest.raises(ArgumentError, match="Doubled: `layer` must be a layer, such as Dense\\(2\\). Received: "):
            Doubled(wrong)
    inner = layers.Dense(1)
    inner.build((None, 2))
    with pytest.raises(NotSupportedError, match="Wrapper has no `call` method"):
        layers.Wrapper(inner)(X)
