"""Models that are copied by Python's `copy` and `pickle`, before and in the middle of training."""

import copy
import pickle

import numpy as np
import pytest

from minikeras import Model, Sequential, layers, optimizers

X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
Y = X[:, :2]


class Own(Model):
    def __init__(self):
        super().__init__()
        self.blocks = [layers.Dense(2, activation="tanh"), layers.Dense(2)]
        self.dropout = layers.Dropout(0.5, seed=2)

    def call(self, inputs, training=None):
        return self.dropout(self.blocks[1](self.blocks[0](inputs)))


def graph():
    x = layers.Input((3,))
    return Model(x, layers.Dropout(0.5, seed=1)(layers.Dense(2)(x * 2) + 1))


def stack():
    return Sequential(
        [layers.Input((3,)), layers.Dense(2), layers.BatchNormalization(), layers.GaussianNoise(0.1, seed=1)]
    )


def pickled(model):
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("make", [Own, graph, stack])
@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_trains_on_alone_and_alike(make, copied):
    model = make()
    model.compile(optimizers.SGD(0.1, momentum=0.9), "mse", metrics=["mae"])
    fresh = copied(model)
    model.fit(X, Y, verbose=0, shuffle=False)
    assert int(fresh.optimizer.iterations) == 0
    other = copied(model)
    before = model.get_weights()
    theirs = other.fit(X, Y, epochs=2, batch_size=4, verbose=0, shuffle=False).history
    assert all(map(np.array_equal, model.get_weights(), before)) and int(model.optimizer.iterations) == 1
    ours = model.fit(X, Y, epochs=2, batch_size=4, verbose=0, shuffle=False).history
    assert ours == theirs and all(map(np.array_equal, model.get_weights(), other.get_weights()))
    assert [w.path for w in other.weights] == [w.path for w in model.weights]
    assert int(other.optimizer.iterations) == 5


def test_layers_inside_of_a_copy_are_its_own():
    model = stack()
    other = copy.deepcopy(model)
    other.layers[0].trainable = False
    assert model.layers[0].trainable and len(model.trainable_weights) == 4 and len(other.trainable_weights) == 2
    other.layers[0].kernel.assign(np.zeros((3, 2)))
    assert np.any(model.layers[0].kernel.numpy())
    assert isinstance(copy.copy(model.layers[0]).kernel, type(model.layers[0].kernel))


def test_several_optimizers_of_a_copy():
    by_name = optimizers.OptimizerMap(optimizers.SGD(0.1), {"bias": optimizers.Adam(0.1)})
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    model.compile(optimizers.MultiOptimizer(by_name), "mse")
    model.fit(X, Y, verbose=0, shuffle=False)
    other = copy.deepcopy(model)
    for each in (model, other):
        each.fit(X, Y, epochs=2, verbose=0, shuffle=False)
    assert all(map(np.array_equal, model.get_weights(), other.get_weights()))
