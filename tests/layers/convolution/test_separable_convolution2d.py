import pytest

import minikeras
from minikeras import layers
from minikeras.errors import LegacyWarning


def test_sizes_by_position():
    with pytest.warns(LegacyWarning, match=r"write SeparableConvolution2D\(8, \(3, 2\)\)"):
        layer = layers.SeparableConvolution2D(8, 3, 2)
    assert (layer.kernel_size, layer.strides) == ((3, 2), (1, 1))
    assert layers.SeparableConv2D(8, 3, 2).strides == (2, 2)


def test_configs():
    config = minikeras.saving.serialize_keras_object(layers.SeparableConvolution2D(8, 3))
    assert (config["module"], config["class_name"]) == ("keras.layers", "SeparableConv2D")
    assert type(minikeras.saving.deserialize_keras_object(config)) is layers.SeparableConv2D
