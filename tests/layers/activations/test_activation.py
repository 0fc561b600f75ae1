"""Activation: a function as a layer."""

import numpy as np
import pytest

from minikeras import activations, layers, ops
from minikeras.errors import SerializationError, UnknownNameError
from tests.helpers import run_layer_test


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "softmax", "relu", "softplus", "gelu", "silu"])
def test_in_full(name):
    run_layer_test(lambda: layers.Activation(name), (3, 4), (3, 4))


def test_by_hand():
    assert layers.Activation("relu")([[-1.0, 2.0]]).tolist() == [[0, 2]]
    assert layers.Activation(activations.linear)([[-1.0, 2.0]]).tolist() == [[-1, 2]]
    assert layers.Activation(None)([[-1.0, 2.0]]).tolist() == [[-1, 2]]
    assert layers.Activation(lambda x: ops.add(x, 1))([[-1.0, 2.0]]).tolist() == [[0, 3]]


def test_it_is_built_from_the_start_and_has_no_weights():
    layer = layers.Activation("relu")
    assert layer.built and layer.count_params() == 0 and layer.get_weights() == []


def test_refused():
    with pytest.raises(UnknownNameError, match="Unknown activation: 'rellu'. Did you mean 'relu'"):
        layers.Activation("rellu")
    with pytest.raises(SerializationError, match="Cannot serialize"):
        layers.Activation(np.tanh).get_config()
