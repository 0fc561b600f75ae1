"""StackedRNNCells: states of each cell, configs, training."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, tree
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")


def cells(**arguments):
    return [layers.LSTMCell(3, **arguments), layers.GRUCell(2, **arguments)]


def test_in_full():
    double = {"dtype": "float64"}

    def make():
        return layers.RNN(layers.StackedRNNCells(cells(**double), **double), return_sequences=True, **double)

    run_layer_test(make, (2, 3, 2), (2, 3, 2))


def test_it_is_one_layer_after_the_other():
    layer = layers.RNN(cells(), return_state=True)
    output, first, second = layer(X)
    lower, upper = layers.LSTM(3, return_sequences=True, return_state=True), layers.GRU(2)
    for each in (lower, upper):
        each.build((3, 4, 2 if each is lower else 3))
    lower.set_weights(layer.get_weights()[:3])
    upper.set_weights(layer.get_weights()[3:])
    sequence, *states = lower(X)
    np.testing.assert_allclose(output, upper(sequence), rtol=1e-5)
    np.testing.assert_allclose(first, states, rtol=1e-5)
    assert np.array_equal(second, output) and layer.cell.state_size == [[3, 3], 2] and layer.cell.output_size == 2
    assert [w.name for w in layer.weights] == ["kernel", "recurrent_kernel", "bias"] * 2
    symbols = layer(minikeras.Input((None, 2)))
    assert [each.shape for each in minikeras.tree.flatten(symbols)] == [(None, 2), (None, 3), (None, 3), (None, 2)]


def test_training_reaches_the_cells():
    layer = layers.RNN(
        [layers.GRUCell(20, dropout=0.5, seed=1), layers.SimpleRNNCell(20, recurrent_dropout=0.5, seed=2)]
    )
    quiet, noisy = layer(X), layer(X, training=True)
    assert not np.allclose(quiet, noisy) and np.array_equal(quiet, layer(X, training=False))
    model = minikeras.Sequential([layers.Input((4, 2)), layer, layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(X, np.ones((3, 1)), epochs=2, verbose=0)


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="`cells` must be a list of cells. Received: cells=3"):
        layers.StackedRNNCells(3)
    with pytest.raises(ArgumentError, match="attribute `state_size`"):
        layers.StackedRNNCells([layers.Dense(2)])


def test_symbolic_states_of_a_stack():
    layer = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_state=True)
    output, *states = layer(layers.Input((5, 4)))
    assert output.shape == (None, 2)
    assert [each.shape for each in tree.flatten(states)] == [(None, 3), (None, 3), (None, 2)]
