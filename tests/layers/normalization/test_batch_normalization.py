import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.compiler.step import Step
from minikeras.engine.replicas import in_step
from minikeras.errors import ArgumentError, ShapeError
from tests.distribution.groups import Answers, Twins, shared
from tests.helpers import run_layer_test, run_step_test

X = np.array([[1, 5], [3, 5]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.BatchNormalization(1, momentum=0.5), (4, 3, 2), (4, 3, 2), order=1)


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


def test_refused():
    with pytest.raises(ArgumentError, match="there is no axis -3"):
        layers.BatchNormalization(-3)(X)
    with pytest.raises(ArgumentError, match="the sizes of the normalized axes must be known"):
        layers.BatchNormalization()(layers.Input((None,)))


def test_masked_places_may_hold_anything():
    layer = layers.BatchNormalization(momentum=0.0)
    layer(np.float32([[[1], [np.nan]], [[3], [np.inf]]]), training=True, mask=np.array([[True, False], [True, False]]))
    np.testing.assert_allclose([each.numpy().item() for each in (layer.moving_mean, layer.moving_variance)], [2, 1])


def test_synchronized_is_the_same_on_one_replica():
    one, other = (layers.BatchNormalization(synchronized=value) for value in (False, True))
    np.testing.assert_array_equal(one(X, training=True), other(X, training=True))
    assert other.get_config()["synchronized"] is True


@pytest.mark.parametrize("synchronized", [True, False])
def test_moments_of_a_part_of_a_batch(synchronized):
    """This process has the row 2 of 4; the weighted sums of the others are written down."""
    layer = layers.BatchNormalization(momentum=0.5, epsilon=0.0, synchronized=synchronized)
    layer.build((None, 1))
    others = ([[1.5]], [[3.0]]) if synchronized else ()  # of the means, and of the squared distances
    with shared(Answers(*others)) as replicas:
        replicas.set_rows(1, 4)
        found = Step(in_step("train", lambda x: layer(x, training=True)), "test")(np.float32([[2.0]]))
        if synchronized:  # the mean is 2/4 + 1.5, the variance 0/4 + 3
            assert found.tolist() == [[0.0]]
            assert (layer.moving_mean.numpy(), layer.moving_variance.numpy()) == (1, 2)
        else:
            assert (layer.moving_mean.numpy(), layer.moving_variance.numpy()) == (1, 0.5)


def test_without_rows_moving_averages_stay():
    layer = layers.BatchNormalization(momentum=0.5)
    layer.build((None, 1))
    with shared(Twins()) as replicas:
        replicas.set_rows(0, 1)
        Step(in_step("train", lambda x: layer(x, training=True)), "test")(np.float32([[2.0]]))
        assert (layer.moving_mean.numpy(), layer.moving_variance.numpy()) == (0, 1)
