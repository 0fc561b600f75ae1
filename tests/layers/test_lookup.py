"""Layers to configs and back."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentTypeError, UnknownNameError
from minikeras.layers import deserialize, serialize


def test_a_built_layer_comes_back_built():
    layer = layers.Dense(2, activation="relu", name="d")
    layer.build((None, 3))
    config = serialize(layer)
    assert (config["module"], config["class_name"]) == ("keras.layers", "Dense")
    again = deserialize(config)
    assert again.name == "d" and again.kernel.shape == (3, 2) and again.get_config() == layer.get_config()


def test_custom_layers():
    class Own(layers.Layer):
        def call(self, inputs):
            return inputs

    assert isinstance(deserialize(serialize(Own()), {"Own": Own}), Own)


def test_short_configs():
    layer = deserialize({"class_name": "Dense", "config": {"units": 3}})
    assert layer(np.ones((1, 2))).shape == (1, 3)


def test_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'Dense'"):
        deserialize({"class_name": "Dens", "config": {"units": 3}})
    with pytest.raises(ArgumentTypeError):
        deserialize(3)
