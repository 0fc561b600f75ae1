"""The outputs of each layer of a graph, here and in Keras, whose part minikeras itself plays."""

import sys

import numpy as np

import minikeras
from minikeras import Model, layers
from minikeras.crosschecking.outputs import outputs_here, outputs_there

X = np.float32([[1.0, -2.0], [3.0, 4.0]])


def make():
    x = layers.Input((2,))
    dense = layers.Dense(2, kernel_initializer="ones", name="dense")
    hidden = layers.ReLU(name="relu")(dense(x))
    return Model(x, [layers.Concatenate(name="both")([hidden, x]), dense(hidden)])


def test_outputs_here():
    found = outputs_here(make(), X)
    assert {name: [value.tolist() for value in values] for name, values in found.items()} == {
        "dense": [[[-1, -1], [7, 7]]],  # of its first call
        "relu": [[[0, 0], [7, 7]]],
        "both": [[[0, 0, 1, -2], [7, 7, 3, 4]]],
    }


def test_layers_run_as_in_inference():
    x = layers.Input((2,))
    model = Model(x, layers.Dropout(0.5, name="dropout")(x))
    assert outputs_here(model, X)["dropout"][0].tolist() == X.tolist()


def test_outputs_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", minikeras)
    x = layers.Input((2,))
    model = Model(x, layers.ReLU(name="relu")(layers.Dense(2, kernel_initializer="ones", name="dense")(x)))
    found = outputs_there(model, X, ["dense", "relu", "absent"])
    assert {name: [value.tolist() for value in values] for name, values in found.items()} == {
        "dense": [[[-1, -1], [7, 7]]],
        "relu": [[[0, 0], [7, 7]]],
    }
