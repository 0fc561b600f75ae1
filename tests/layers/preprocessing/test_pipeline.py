"""Pipeline: order, training, masks, configs, datasets."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.data import Dataset
from minikeras.errors import ArgumentError, ArgumentTypeError


def test_order_and_config():
    layer = layers.Pipeline([layers.Rescaling(2.0), layers.Rescaling(1.0, offset=1.0)], name="steps")
    assert layer(np.ones((1, 2))).tolist() == [[3, 3]]
    again = layers.Pipeline.from_config(layer.get_config())
    assert again.name == "steps" and again(np.ones((1, 2))).tolist() == [[3, 3]] and len(again.layers) == 2


def test_training_is_the_default():
    class Says(layers.Layer):
        def call(self, inputs, training=None):
            return inputs + (1.0 if training else 0.0)

    layer = layers.Pipeline([Says(), Says()])
    assert layer(np.zeros(1)).tolist() == [2] and layer(np.zeros(1), training=False).tolist() == [0]


def test_masks_are_passed_on():
    x = np.array([[[1.0], [0.0]]])
    means = layers.Pipeline([layers.Masking(), layers.GlobalAveragePooling1D()])
    assert means(x).tolist() == [[1]]


def test_in_datasets_and_models():
    layer = layers.Pipeline([layers.Rescaling(2.0), layers.Rescaling(3.0)])
    data = Dataset.from_tensor_slices(np.ones((2, 2), "float32")).batch(2).map(layer)
    assert [part.tolist() for part in data] == [[[6, 6], [6, 6]]]
    inputs = minikeras.Input((2,))
    assert minikeras.Model(inputs, layer(inputs)).predict(np.ones((1, 2)), verbose=0).tolist() == [[6, 6]]


def test_refused():
    with pytest.raises(ArgumentTypeError, match="a list of layers"):
        layers.Pipeline([abs])
    with pytest.raises(ArgumentError, match="at least one layer"):
        layers.Pipeline([])
    with pytest.raises(ArgumentError, match="a key 'layers'"):
        layers.Pipeline.from_config({"name": "x"})
