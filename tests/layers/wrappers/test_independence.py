"""Which layers are known to compute each example of a batch alone."""

import numpy as np

import minikeras
from minikeras import layers, ops
from minikeras.layers.wrappers.independence import adds_no_losses, computes_examples_alone, steps_are_alike

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


def test_recurrent_layers_and_attention():
    def alone(layer, training=True):
        layer(X)
        return computes_examples_alone(layer, training)

    assert alone(layers.LSTM(2)) and alone(layers.GRU(2, return_sequences=True)) and alone(layers.SimpleRNN(2))
    assert alone(layers.Bidirectional(layers.LSTM(2))) and alone(layers.RNN(layers.LSTMCell(2)))
    assert not alone(layers.LSTM(2, stateful=True)) and not alone(layers.LSTM(2, stateful=True), False)
    for dropout in ("dropout", "recurrent_dropout"):
        layer = layers.GRU(2, **{dropout: 0.5})
        assert not alone(layer) and alone(layer, False)

    class Cell(layers.Layer):
        state_size = 4

        def call(self, inputs, states):
            return inputs, states

    assert not alone(layers.RNN(Cell()))
    heads = layers.MultiHeadAttention(2, 2)
    heads(X, X)
    assert computes_examples_alone(heads, True)


def test_which_layers_add_no_losses():
    class Charged(layers.Layer):
        def call(self, inputs):
            self.add_loss(ops.sum(inputs))
            return inputs

    assert adds_no_losses(layers.Dense(2)) and adds_no_losses(layers.Lambda(abs))
    assert adds_no_losses(layers.Dense(2, activity_regularizer="l2"))  # outside of `call`
    for inside in (Charged(), layers.Dense(2, activity_regularizer="l2"), layers.ActivityRegularization(0.1)):
        assert not adds_no_losses(minikeras.Sequential([inside]))
    assert not adds_no_losses(Charged())
    assert steps_are_alike(layers.Dropout(0.5), True) and not steps_are_alike(Charged(), False)
    normalized = layers.TimeDistributed(layers.SpectralNormalization(layers.Dense(2)))
    assert steps_are_alike(normalized, False) and not steps_are_alike(normalized, True)
