"""Dropout: only in training, unbiased, repeatable."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

X = np.ones((100, 100), "float32")


@pytest.mark.parametrize(
    "arguments", [{"rate": 0.5, "seed": 3}, {"rate": 0}, {"rate": 0.3, "noise_shape": (None, 1, 4), "seed": 3}]
)
def test_in_full(arguments):
    run_layer_test(lambda: layers.Dropout(**arguments), (3, 2, 4), (3, 2, 4))


def test_only_while_training():
    layer = layers.Dropout(0.5, seed=0)
    np.testing.assert_array_equal(layer(X), X)
    np.testing.assert_array_equal(layer(X, training=False), X)
    dropped = layer(X, training=True)
    assert set(np.unique(dropped).tolist()) == {0, 2}  # 1 / (1 - 0.5)
    assert abs(dropped.mean() - 1) < 0.05  # 10,000 draws of standard deviation 1: five standard deviations


def test_rates_at_the_ends():
    assert layers.Dropout(0)(X, training=True) is not None
    np.testing.assert_array_equal(layers.Dropout(0)(X, training=True), X)
    np.testing.assert_array_equal(layers.Dropout(1)(X, training=True), 0 * X)
    assert layers.Dropout(0).variables == []


def test_each_call_draws_anew_and_the_seed_repeats_it():
    first, second = layers.Dropout(0.5, seed=1), layers.Dropout(0.5, seed=1)
    draws = [first(X, training=True) for _ in range(2)]
    assert not np.array_equal(*draws)
    for draw in draws:
        np.testing.assert_array_equal(second(X, training=True), draw)
    assert first.weights == [] and [v.shape for v in first.variables] == [(2,)]


def test_noise_shape_shares_the_mask():
    dropped = layers.Dropout(0.5, noise_shape=(None, 1), seed=0)(X, training=True)
    assert (dropped == dropped[:, :1]).all() and len(np.unique(dropped)) == 2
    with pytest.raises(ArgumentError, match="has 3 sizes, the input has shape"):
        layers.Dropout(0.5, noise_shape=(None, 1, 1))(X, training=True)


def test_only_the_training_step_drops():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dropout(0.9, seed=0)])
    model.compile("sgd", "mse")
    x = np.ones((8, 4), "float32")
    assert model.evaluate(x, x, verbose=0) == 0
    np.testing.assert_array_equal(model.predict(x, verbose=0), x)
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        assert model.train_on_batch(x, x) > 0


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan"), "a", None, True, [0.5]])
def test_rate_is_refused(rate):
    with pytest.raises(ArgumentError, match="Dropout: `rate` must be a finite number in .0, 1.. Received: rate="):
        layers.Dropout(rate)


@pytest.mark.parametrize("noise_shape", [3, (), (0, 1), (-1, 2), (1.5,), "ab"])
def test_noise_shape_is_refused(noise_shape):
    with pytest.raises(ArgumentError, match="`noise_shape` must be a tuple of positive integers"):
        layers.Dropout(0.5, noise_shape=noise_shape)


def test_seed_is_refused():
    with pytest.raises(ArgumentError, match="seed"):
        layers.Dropout(0.5, seed="a")
