"""CuDNNGRU, the name of GRU in Keras 2 for GPUs."""

import numpy as np

from minikeras import layers


def test_it_is_the_layer():
    layer = layers.CuDNNGRU(2, return_sequences=True)
    assert layer(np.zeros((1, 3, 2), "float32")).shape == (1, 3, 2) and layers.serialize(layer)["class_name"] == "GRU"
    made = layers.deserialize({"class_name": "CuDNNGRU", "config": {"units": 3, "return_state": True}})
    assert isinstance(made, layers.GRU) and made.units == 3 and made.return_state
