"""Which layers are known to compute each example of a batch alone."""

import numpy as np

import minikeras
from minikeras import layers, ops
from minikeras.layers.wrappers.independence import computes_examples_alone

X = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")


def test_which_layers_compute_examples_alone():
    def alone(layer, training=True, x=X[:, 0]):
        layer(x)
        return computes_examples_alone(layer, training)

    for layer in (layers.Dropout(0.5), layers.BatchNormalization(), layers.GaussianNoise(0.1)):
        assert not alone(layer) and alone(layer, False)
    assert alone(layers.Dropout(0.0)) and alone(layers.Dense(2, "gelu"))
    assert not alone(layers.Dense(2, lambda x: x))
    assert not alone(minikeras.Sequential([layers.Dense(2, activity_regularizer="l2")]))
    assert alone(layers.Dense(2, activity_regularizer="l2"))  # which `call` alone does not apply
    assert not alone(layers.EinsumDense("ab,abc->ac", 3)) and alone(layers.EinsumDense("ab,bc->ac", 3))
    assert not alone(layers.LayerNormalization(axis=-2), x=X)
    assert alone(layers.LayerNormalization(axis=[1, 2]), x=X)
    x = layers.Input((4,))
    assert alone(minikeras.Model(x, layers.Add()([x, layers.Dense(4)(x)])))
    assert not alone(minikeras.Model(x, x - ops.mean(x, axis=0)))
    fixed = layers.Input(batch_shape=(2, 4))
    model = minikeras.Model(fixed, layers.Dense(2)(fixed))
    assert alone(model) and layers.TimeDistributed(model)(X).shape == (2, 3, 2)
