"""`add_loss` and the penalties of regularizers."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.errors import ArgumentError
from minikeras.layers import Layer


class Mean(Layer):
    def call(self, inputs):
        self.add_loss(ops.mean(inputs))
        return inputs


def test_the_losses_of_the_last_call():
    layer = Mean()
    layer(np.array([[1.0, 3.0]]))
    assert [float(loss) for loss in layer.losses] == [2]
    layer(np.array([[5.0, 7.0]]))
    assert [float(loss) for loss in layer.losses] == [6]


def test_penalties_of_trainable_weights():
    layer = layers.Dense(1, kernel_initializer="ones", kernel_regularizer="l2")
    layer.build((None, 3))
    np.testing.assert_allclose(layer.losses, [0.03], rtol=1e-6)
    layer.trainable = False
    assert layer.losses == []


def test_losses_of_sublayers():
    model = minikeras.Sequential([Mean(), layers.Dense(1, kernel_regularizer="l1", kernel_initializer="ones")])
    model(np.array([[2.0, 4.0]]))
    np.testing.assert_allclose(model.losses, [3, 0.02], rtol=1e-6)


def test_several_at_once():
    class Two(Layer):
        def call(self, inputs):
            self.add_loss([ops.sum(inputs), ops.max(inputs)])
            return inputs

    layer = Two()
    layer(np.array([[1.0, 2.0]]))
    assert [float(loss) for loss in layer.losses] == [3, 2]


@pytest.mark.parametrize("loss", ["a", None, 1.0, [1.0]])
def test_refused(loss):
    layer = Mean()
    if loss is None:
        layer.add_loss([])  # nothing is nothing
        assert layer.losses == []
        return
    with pytest.raises(ArgumentError, match="`add_loss` expects a computed value"):
        layer.add_loss(loss)
