"""CuDNNLSTM, the name of LSTM in Keras 2 for GPUs."""

import numpy as np

from minikeras import layers


def test_it_is_the_layer():
    layer = layers.CuDNNLSTM(2, return_sequences=True)
    assert layer(np.zeros((1, 3, 2), "float32")).shape == (1, 3, 2) and layers.serialize(layer)["class_name"] == "LSTM"
    made = layers.deserialize({"class_name": "CuDNNLSTM", "config": {"units": 3, "return_state": True}})
    assert isinstance(made, layers.LSTM) and made.units == 3 and made.return_state
