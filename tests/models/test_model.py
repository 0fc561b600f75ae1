"""Model: subclasses with layers of their own."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, NotSupportedError, StateError


class Block(minikeras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(3, activation="relu", name="first")
        self.rest = [layers.Dropout(0.5, seed=0), layers.Dense(1, name="last")]

    def call(self, inputs, training=False):
        value = self.first(inputs)
        for layer in self.rest:
            value = layer(value)
        return value


X = np.random.default_rng(0).random((20, 4), dtype="float32")


def test_layers_and_weights():
    model = Block(name="block")
    assert [layer.name for layer in model.layers][0] == "first" and len(model.layers) == 3
    assert not model.built and model.weights == []
    with pytest.raises(StateError, match="Block model 'block' is not built"):
        model.count_params()
    model(X)
    assert model.count_params() == 4 * 3 + 3 + 3 + 1
    assert [w.path for w in model.weights] == [
        "block/first/kernel",
        "block/first/bias",
        "block/last/kernel",
        "block/last/bias",
    ]


def test_get_layer():
    model = Block()
    assert model.get_layer("last") is model.get_layer(index=2) is model.get_layer(index=-1)
    with pytest.raises(ArgumentError, match="No such layer: 'lst'. The layers are: .*'first'"):
        model.get_layer("lst")
    with pytest.raises(ArgumentError, match="there is no layer 3; the model has 3 layers"):
        model.get_layer(index=3)
    for arguments in ({}, {"name": "last", "index": 2}):
        with pytest.raises(ArgumentError, match="either a layer's `name` or its `index`"):
            model.get_layer(**arguments)


def test_training_replayed_is_eager():
    results = []
    for eager in (False, True):
        minikeras.utils.set_random_seed(2)
        model = Block()
        model.compile("sgd", "mse", metrics=["mae"], run_eagerly=eager)
        history = model.fit(X, X[:, 0], batch_size=8, epochs=5, verbose=0, validation_split=0.2).history
        results.append((history, [w.tobytes() for w in model.get_weights()], model.predict(X, verbose=0).tobytes()))
    assert results[0] == results[1] and len(results[0][0]) == 4


def test_a_model_inside_a_model():
    outer = minikeras.Sequential([layers.Input((4,)), Block(name="b"), layers.Dense(2)])
    outer.compile("sgd", "mse")
    before = outer.get_weights()
    outer.fit(X, np.ones((20, 2)), verbose=0)
    assert len(before) == 6 and not np.array_equal(before[0], outer.get_weights()[0])
    inner = minikeras.Sequential([minikeras.Sequential([layers.Dense(3)]), layers.Dense(1)])
    assert inner.predict(X, verbose=0).shape == (20, 1) and len(inner.weights) == 4


def test_a_model_without_call():
    with pytest.raises(NotSupportedError, match="has no `call` method"):
        minikeras.Model().predict(X, verbose=0)
