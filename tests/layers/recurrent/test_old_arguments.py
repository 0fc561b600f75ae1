"""Arguments of Keras 1 and 2."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, UnknownNameError


def test_keras_1():
    with pytest.warns(LegacyWarning):
        layer = layers.LSTM(
            output_dim=3,
            init="zeros",
            inner_init="ones",
            inner_activation="hard_sigmoid",
            forget_bias_init="one",
            W_regularizer="l2",
            U_regularizer="l1",
            dropout_W=0.2,
            dropout_U=0.3,
            consume_less="mem",
        )
    assert layer.units == 3 and layer.unit_forget_bias and layer.cell.implementation == 1
    assert layer.dropout == 0.2 and layer.recurrent_dropout == 0.3
    assert layer.recurrent_activation is minikeras.activations.hard_sigmoid
    assert isinstance(layer.kernel_initializer, minikeras.initializers.Zeros)
    assert isinstance(layer.recurrent_initializer, minikeras.initializers.Ones)
    assert isinstance(layer.kernel_regularizer, minikeras.regularizers.L2)
    assert isinstance(layer.recurrent_regularizer, minikeras.regularizers.L1)


def test_the_input_of_a_first_layer():
    with pytest.warns(LegacyWarning, match="batch_input_shape"):
        layer = layers.GRU(3, batch_input_shape=(2, None, 4), stateful=True)
    model = minikeras.Sequential([layer])
    assert model.input_shape == (2, None, 4)
    with pytest.warns(LegacyWarning, match="input_dim"):
        model = minikeras.Sequential([layers.SimpleRNN(3, input_dim=4, input_length=5)])
    assert model.output_shape == (None, 3) and model.input_shape == (None, 5, 4)


def test_what_is_refused():
    with pytest.raises(UnknownNameError, match="consume_less of GRU"):
        layers.GRU(3, consume_less="little")
    with pytest.raises(ArgumentTypeError, match="`consume_less` is the older name of `implementation`"):
        layers.GRU(3, consume_less="gpu", implementation=2)
    with pytest.raises(ArgumentError, match="Keras 3 has no `time_major`"):
        layers.GRU(3, time_major=True)
    assert layers.GRU(3, time_major=False)(np.zeros((1, 2, 4))).shape == (1, 3)
