"""Calls with a list of the sequences and the states, as in Keras 2."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentTypeError, LegacyWarning

X, H = np.ones((2, 3, 4), "float32"), np.ones((2, 5), "float32")


@pytest.mark.parametrize("wrap", [lambda layer: layer, layers.Bidirectional], ids=["alone", "both ways"])
def test_states_in_the_list_of_inputs(wrap):
    layer = wrap(layers.LSTM(5))
    states = [H, H * 2] if isinstance(layer, layers.LSTM) else [H, H * 2, H * 3, H * 4]
    expected = layer(X, initial_state=states)
    with pytest.warns(LegacyWarning, match="initial_state=states"):
        found = layer([X, *states])
    assert found.tobytes() == expected.tobytes()
    with pytest.raises(ArgumentTypeError, match="given twice"):
        layer([X, *states], initial_state=states)


def test_symbolic_states():
    x, h = minikeras.Input((3, 4)), minikeras.Input((5,))
    layer = layers.GRU(5)
    with pytest.warns(LegacyWarning):
        model = minikeras.Model([x, h], layer([x, h]))
    assert model([X, H]).tobytes() == layer(X, initial_state=H).tobytes()


def test_a_list_of_sequences_is_a_batch():
    layer = layers.GRU(5)
    assert layer([[[1.0, 2.0]] * 3] * 2).shape == (2, 5)
