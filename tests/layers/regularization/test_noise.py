"""GaussianNoise, GaussianDropout, AlphaDropout and the dropout of channels."""

import numpy as np
import pytest

import minikeras
from minikeras import Input, Sequential, layers
from minikeras.errors import ArgumentError, ShapeError, UnknownNameError
from tests.helpers import run_layer_test

X = np.full((100, 400), 2, "float32")  # means of 40,000 draws: a standard error is 0.005 of a standard deviation


def test_in_full():
    run_layer_test(lambda: layers.GaussianNoise(0.5, seed=1), (3, 4), (3, 4), order=1)
    run_layer_test(lambda: layers.GaussianDropout(0.5, seed=1), (3, 4), (3, 4), order=1)
    run_layer_test(lambda: layers.AlphaDropout(0.5, noise_shape=(None, 1), seed=1), (3, 4), (3, 4), order=1)
    run_layer_test(lambda: layers.SpatialDropout2D(0.5, "channels_first", seed=1), (2, 3, 2, 2), (2, 3, 2, 2), order=1)


def test_moments():
    noise = layers.GaussianNoise(0.5, seed=1)(X, training=True) - X
    assert abs(noise.mean()) < 0.02 and abs(noise.std() - 0.5) < 0.02
    factor = layers.GaussianDropout(0.2, seed=1)(X, training=True) / X
    assert abs(factor.mean() - 1) < 0.02 and abs(factor.std() - 0.5) < 0.02  # (0.2 / 0.8)^(1/2)
    normal = np.random.default_rng(0).normal(size=(100, 400)).astype("float32")
    y = layers.AlphaDropout(0.3, seed=1)(normal, training=True)
    assert abs(y.mean()) < 0.03 and abs(y.std() - 1) < 0.03
    lowest, counts = np.unique(y, return_counts=True)
    assert abs(counts.max() / y.size - 0.3) < 0.02  # the dropped ones are all alike
    # scale * l + b with l = -1.758099, scale = (0.7 (1 + 0.3 l^2))^(-1/2) and b = -scale * l * 0.3
    assert lowest[counts.argmax()] == pytest.approx(-1.05955, abs=1e-5)


def test_channels_go_as_a_whole():
    x = np.ones((20, 3, 4, 5), "float32")
    for layer, axes in ((layers.SpatialDropout2D(0.5, seed=1), (1, 2)), (layers.SpatialDropout1D(0.5, seed=1), (1,))):
        y = layer(x if len(axes) == 2 else x[:, 0], training=True)
        assert (y.min(axis=axes) == y.max(axis=axes)).all() and set(np.unique(y)) == {0, 2}
    y = layers.SpatialDropout3D(0.5, "channels_first", seed=1)(x[..., None], training=True)
    assert (y.min(axis=(2, 3, 4)) == y.max(axis=(2, 3, 4))).all() and set(np.unique(y)) == {0, 2}


@pytest.mark.parametrize("cls", [layers.GaussianNoise, layers.GaussianDropout, layers.AlphaDropout])
def test_only_while_training_and_repeatable(cls):
    layer = cls(0.5, seed=1)
    np.testing.assert_array_equal(layer(X), X)
    np.testing.assert_array_equal(cls(0)(X, training=True), X)
    first, second = layer(X, training=True), layer(X, training=True)
    assert not np.array_equal(first, second) and cls(0.0).variables == []
    again = cls(0.5, seed=1)
    np.testing.assert_array_equal(again(X, training=True), first)
    model = minikeras.Sequential([layers.Input((4,)), cls(0.5, seed=1)])
    np.testing.assert_array_equal(model.predict(X[:, :4], verbose=0), X[:, :4])


def test_refused():
    for cls, name in (
        (layers.GaussianNoise, "stddev"),
        (layers.GaussianDropout, "rate"),
        (layers.AlphaDropout, "rate"),
    ):
        for value in (-0.1, 1.1, None, "a", True, float("nan")):
            with pytest.raises(ArgumentError, match=f"{cls.__name__}: `{name}` must be a finite number in .0, 1."):
                cls(value)
    for cls in (layers.GaussianDropout, layers.AlphaDropout):
        with pytest.raises(ArgumentError, match="`rate` must be less than 1"):
            cls(1.0)
    with pytest.raises(ArgumentError, match="AlphaDropout: `noise_shape` must be a tuple"):
        layers.AlphaDropout(0.5, noise_shape=3)
    with pytest.raises(ArgumentError, match="`noise_shape` has 3 sizes, the input has shape"):
        layers.AlphaDropout(0.5, noise_shape=(None, 1, 1))(X, training=True)
    with pytest.raises(UnknownNameError, match="channels_first"):
        layers.SpatialDropout2D(0.5, "channels_fist")
    with pytest.raises(ArgumentError, match="SpatialDropout1D: `rate`"):
        layers.SpatialDropout1D(2)
    with pytest.raises(ShapeError, match="expected 3 axes"):
        layers.SpatialDropout1D(0.5)(X)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (layers.Dropout, "rate"),
        (layers.SpatialDropout1D, "rate"),
        (layers.AlphaDropout, "rate"),
        (layers.GaussianDropout, "rate"),
        (layers.GaussianNoise, "stddev"),
    ],
)
def test_noise_that_begins_later(make, name):
    late, early = make(0.0, seed=3), make(0.5, seed=3)
    x, y = np.ones((4, 5, 2), "float32"), np.ones((4, 1), "float32")
    model = Sequential([Input((5, 2)), late, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, y, epochs=2, verbose=0)
    np.testing.assert_array_equal(late(x, training=True), x)
    setattr(late, name, 0.5)
    np.testing.assert_array_equal(late(x, training=True), early(x, training=True))
    model.fit(x, y, epochs=2, verbose=0)
    assert late.seed_generator.state.numpy().tolist() == [3, 3]
