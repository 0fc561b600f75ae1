"""Layers that normalize: values by hand, state, masks, what is refused."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, NotSupportedError, ShapeError
from tests.helpers import run_layer_test, run_step_test

X = np.array([[1, 5], [3, 5]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.LayerNormalization([1, 2], epsilon=0.1), (2, 3, 2), (2, 3, 2))
    run_layer_test(lambda: layers.LayerNormalization(1, scale=False), (2, 3, 2), (2, 3, 2), order=1)
    run_layer_test(lambda: layers.GroupNormalization(2, axis=1), (2, 4, 2), (2, 4, 2), order=1)
    run_layer_test(lambda: layers.RMSNormalization(1), (2, 3, 2), (2, 3, 2), order=1)
    run_layer_test(layers.UnitNormalization, (2, 3), (2, 3))
    run_layer_test(lambda: layers.BatchNormalization(1, momentum=0.5), (4, 3, 2), (4, 3, 2), order=1)


def test_layer_normalization_by_hand():
    layer = layers.LayerNormalization(epsilon=1.0)
    # mean 3, variance 4 and mean 4, variance 1
    np.testing.assert_allclose(layer(X), [[-2 / 5**0.5, 2 / 5**0.5], [-1 / 2**0.5, 1 / 2**0.5]], rtol=1e-6)
    layer.gamma.assign([2, 1])
    layer.beta.assign([0, 1])
    np.testing.assert_allclose(layer(X)[1], [-2 / 2**0.5, 1 + 1 / 2**0.5], rtol=1e-6)
    with pytest.warns(LegacyWarning, match="RMSNormalization"):
        old = layers.LayerNormalization(rms_scaling=True, epsilon=1.0)
    np.testing.assert_allclose(old(X)[0], X[0] / 5**0.5, rtol=1e-6)
    assert [weight.name for weight in old.weights] == ["gamma"]


def test_others_by_hand():
    np.testing.assert_allclose(layers.RMSNormalization(epsilon=0.0)(X)[0], X[0] / 13**0.5, rtol=1e-6)
    np.testing.assert_allclose(layers.UnitNormalization(0)(X)[:, 0], [10**-0.5, 3 * 10**-0.5], rtol=1e-6)
    assert layers.UnitNormalization()(0 * X).tolist() == [[0, 0], [0, 0]]
    grouped = layers.GroupNormalization(-1, epsilon=0.0)
    x = np.array([[[1, 10], [3, 30]]], "float32")
    np.testing.assert_allclose(grouped(x), [[[-1, -1], [1, 1]]], rtol=1e-6)
    assert grouped.groups == 2


def test_batch_normalization_by_hand():
    layer = layers.BatchNormalization(momentum=0.75, epsilon=1.0)
    np.testing.assert_allclose(layer(X), X / 2**0.5, rtol=1e-6)  # nothing is known yet: mean 0, variance 1
    trained = layer(X, training=True)  # mean (2, 5), variance (1, 0)
    np.testing.assert_allclose(trained, [[-1 / 2**0.5, 0], [1 / 2**0.5, 0]], rtol=1e-6, atol=1e-7)
    assert layer.moving_mean.numpy().tolist() == [0.5, 1.25] and layer.moving_variance.numpy().tolist() == [1, 0.75]
    np.testing.assert_allclose(layer(X)[0], [0.5 / 2**0.5, 3.75 / 1.75**0.5], rtol=1e-6)
    layer.trainable = False
    before = layer.get_weights()
    np.testing.assert_array_equal(layer(X, training=True), layer(X))
    assert all(map(np.array_equal, layer.get_weights(), before))
    assert [weight.name for weight in layer.weights] == ["gamma", "beta", "moving_mean", "moving_variance"]


def test_masked_places_do_not_count():
    layer = layers.BatchNormalization(momentum=0.0)
    x = np.array([[[1.0], [9.0]], [[3.0], [9.0]]], "float32")
    mask = np.array([[True, False], [True, False]])
    layer(x, training=True, mask=mask)
    np.testing.assert_allclose(layer.moving_mean.numpy(), [2], rtol=1e-6)
    np.testing.assert_allclose(layer.moving_variance.numpy(), [1], rtol=1e-6)
    with pytest.raises(ShapeError, match="the mask must have one axis less than the inputs"):
        layer(x, training=True, mask=mask[:, 0])


def test_the_averages_move_in_replayed_steps():
    layer = layers.BatchNormalization(momentum=0.5)
    layer.build((None, 2))
    run_step_test(lambda x: layer(x, training=True), X, X + 1, X * 2, variables=layer.variables)
    model = minikeras.Sequential([layers.Input((2,)), layers.BatchNormalization(momentum=0.5)])
    model.compile("sgd", "mse")
    model.fit(X, X, epochs=2, verbose=0)
    assert model.layers[0].moving_mean.numpy().tolist() == [1.5, 3.75]  # twice half of the way to (2, 5)
    before = model.layers[0].moving_mean.numpy()
    model.evaluate(X, X, verbose=0)
    model.predict(X, verbose=0)
    np.testing.assert_array_equal(model.layers[0].moving_mean.numpy(), before)


@pytest.mark.parametrize("cls", [layers.LayerNormalization, layers.BatchNormalization, layers.RMSNormalization])
def test_half_precision_is_computed_in_full(cls):
    layer = cls(dtype="float16")
    y = layer(np.array([[300, 500]], "float16"))  # their squares are no numbers of float16
    assert y.dtype == np.float16 and np.isfinite(y).all()


def test_refused():
    for cls in (layers.LayerNormalization, layers.RMSNormalization, layers.UnitNormalization):
        for axis in ("a", None, 1.5, [], [1, "b"]):
            with pytest.raises(ArgumentTypeError, match=f"{cls.__name__}: `axis` must be an integer, or a list"):
                cls(axis)
        with pytest.raises(ArgumentError, match=r"there is no axis 2 in an input of shape \(2, 2\)"):
            cls(2)(X)
    with pytest.raises(ArgumentError, match="there is no axis -3"):
        layers.BatchNormalization(-3)(X)
    with pytest.raises(ArgumentError, match="the sizes of the normalized axes must be known"):
        layers.BatchNormalization()(layers.Input((None,)))
    for name in ("renorm", "synchronized"):
        with pytest.raises(NotSupportedError, match=f"`{name}` is not in minikeras"):
            layers.BatchNormalization(**{name: True})
    for groups in (0, -2, 1.5, None, True):
        with pytest.raises(ArgumentError, match="`groups` must be a positive integer, or -1"):
            layers.GroupNormalization(groups)
    with pytest.raises(ArgumentError, match="2 channels and groups=3"):
        layers.GroupNormalization(3)(X)
