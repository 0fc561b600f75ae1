"""TimeDistributed: each step alone, in one call or step by step, with the same numbers."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, ShapeError
from minikeras.layers.wrappers.independence import computes_examples_alone
from tests.helpers import check_grads, plans_of, run_layer_test

RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 3, 4)).astype("float32")
IMAGES = RNG.normal(size=(2, 3, 5, 4, 2)).astype("float32")


class Centered(layers.Layer):
    """Computes over the batch."""

    def call(self, inputs):
        return inputs - ops.mean(inputs, axis=0, keepdims=True)


class Weighted(layers.Layer):
    """Takes all that `call` may take."""

    def call(self, inputs, training=None, mask=None):
        self.seen = training, mask
        return inputs * (2 if training else 1)


def by_steps(layer, x, **options):
    return np.stack([layer(x[:, step], **options) for step in range(x.shape[1])], axis=1)


def test_in_full():
    run_layer_test(lambda: layers.TimeDistributed(layers.Dense(2)), (2, 3, 4), (2, 3, 2), order=0)
    run_layer_test(lambda: layers.TimeDistributed(layers.Conv1D(2, 2)), (2, 3, 4, 2), (2, 3, 3, 2), order=0)
    run_layer_test(lambda: layers.TimeDistributed(layers.Dropout(0.5, seed=1)), (2, 3, 4), (2, 3, 4), order=0)
    run_layer_test(lambda: layers.TimeDistributed(layers.BatchNormalization()), (2, 3, 4), (2, 3, 4), order=0)
    for inner in (layers.Dense(2, "tanh", dtype="float64"), layers.BatchNormalization(dtype="float64")):
        layer = layers.TimeDistributed(inner, dtype="float64")
        check_grads(lambda x, layer=layer: layer(x, training=True), X)


INNER = {
    "dense": lambda: layers.Dense(3, "relu"),
    "convolution": lambda: layers.Conv2D(3, 2),
    "pooling": lambda: layers.GlobalMaxPooling2D(),
    "norm": lambda: layers.LayerNormalization(),
    "flatten": lambda: layers.Flatten(),
    "einsum": lambda: layers.EinsumDense("...ab,bc->...ac", (None, 3)),
    "over the batch": lambda: layers.UnitNormalization(0),
    "own layer": Centered,
    "own function": lambda: layers.Activation(lambda x: x / ops.max(x)),
    "lambda": lambda: layers.Lambda(lambda x: x - ops.mean(x)),
    "several": lambda: minikeras.Sequential([layers.Conv2D(2, 2), layers.ReLU(), layers.Flatten(), layers.Dense(2)]),
    "nested": lambda: layers.TimeDistributed(layers.TimeDistributed(layers.Dense(2))),
}
STEP_BY_STEP = ("over the batch", "own layer", "own function", "lambda")


@pytest.mark.parametrize("case", INNER)
def test_each_step_alone(case):
    inner = INNER[case]()
    layer = layers.TimeDistributed(inner)
    output = layer(IMAGES)
    np.testing.assert_allclose(output, by_steps(inner, IMAGES), rtol=1e-5, atol=1e-6)
    assert output.shape == tuple(layer.compute_output_shape(IMAGES.shape)) or case == "einsum"
    assert layer(layers.Input((None, *IMAGES.shape[2:]))).shape[:2] == (None, None)
    assert computes_examples_alone(inner, None) == (case not in STEP_BY_STEP)


def test_one_call_for_all_steps():
    model = minikeras.Sequential([layers.Input((3, 4)), layers.TimeDistributed(layers.Dense(2))])
    model.compile("sgd", "mse")
    model.predict(X, verbose=0)
    model.predict(X, verbose=0)
    (plan,) = plans_of(model, "predict").values()
    assert sum("matmul" in name or "dense" in name for name in plan.names) == 1, plan.names


def test_statistics_of_each_step():
    layer = layers.TimeDistributed(layers.BatchNormalization(momentum=0.5))
    y = layer(X, training=True)
    means, variances = X.mean(0), X.var(0)
    np.testing.assert_allclose(y, (X - means) / np.sqrt(variances + 1e-3), rtol=1e-4, atol=1e-5)
    mean, variance = np.zeros(4), np.ones(4)
    for step in range(3):
        mean, variance = (mean + means[step]) / 2, (variance + variances[step]) / 2
    np.testing.assert_allclose(layer.layer.moving_mean.numpy(), mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer.layer.moving_variance.numpy(), variance, rtol=1e-5)


def test_dropout_draws_for_each_step():
    ones, (first, second) = np.ones((50, 3, 40), "float32"), (layers.Dropout(0.5, seed=3) for _ in range(2))
    y = layers.TimeDistributed(first)(ones, training=True)
    np.testing.assert_array_equal(y, by_steps(second, ones, training=True))
    assert (y[:, 0] != y[:, 1]).any() and (layers.TimeDistributed(first)(ones) == 1).all()


def test_arguments_of_the_call():
    inner = Weighted()
    layer = layers.TimeDistributed(inner)
    mask = np.array([[True, False, True], [True, True, False]])
    np.testing.assert_array_equal(layer(X, training=True, mask=mask), 2 * X)
    assert inner.seen[0] is True and np.asarray(inner.seen[1]).tolist() == [True, False]  # of the last step
    np.testing.assert_array_equal(layer(X), X)
    assert inner.seen == (None, None)
    model = minikeras.Sequential([layers.Input((3, 4)), layers.TimeDistributed(layers.Dropout(1.0 - 1e-6))])
    assert (model(X, training=True) == 0).all() and (model(X) != 0).any()  # passed on by a model


def test_masks():
    gaps = np.where(np.array([[1, 0, 1], [0, 0, 1]])[..., None] == 1, X, 0)
    masked = layers.Masking()(gaps)
    for layer in (layers.TimeDistributed(layers.Dense(2)), layers.TimeDistributed(Weighted())):
        assert get_mask(layer(masked)).tolist() == [[True, False, True], [False, False, True]]
    embedded = minikeras.Sequential([layers.Embedding(5, 2, mask_zero=True), layers.GlobalAveragePooling1D()])
    words = np.array([[[1, 0], [2, 3]]])
    y, table = layers.TimeDistributed(embedded)(words), embedded.get_weights()[0]
    np.testing.assert_allclose(y[0], [table[1], (table[2] + table[3]) / 2], rtol=1e-6)


def test_losses_of_the_layers_inside():
    class Charged(layers.Layer):
        def call(self, inputs):
            self.add_loss(ops.sum(inputs[:1]))
            return inputs

    layer = layers.TimeDistributed(Charged())
    layer(X)
    np.testing.assert_allclose(layer.losses, X[0].sum(axis=1), rtol=1e-5)
    dense = layers.TimeDistributed(layers.Dense(2, activity_regularizer="l2", kernel_regularizer="l2"))
    dense(X)
    assert len(dense.losses) == 1  # as in Keras, that of the kernel alone


def test_training():
    found = []
    for eagerly in (False, True):
        minikeras.utils.set_random_seed(2)
        parts = [
            layers.Conv2D(2, 2),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(2),
        ]
        model = minikeras.Sequential(
            [layers.Input((None, 5, 4, 2)), layers.TimeDistributed(minikeras.Sequential(parts))]
        )
        model.compile("sgd", "mse", run_eagerly=eagerly)
        losses = model.fit(IMAGES, np.ones((2, 3, 2)), epochs=3, verbose=0).history["loss"]
        longer = model.predict(np.concatenate([IMAGES, IMAGES], axis=1), verbose=0)
        np.testing.assert_allclose(longer[:, :3], longer[:, 3:], rtol=1e-6)
        assert losses[-1] < losses[0]
        found.append([losses, longer])
    assert found[0][0] == found[1][0]
    np.testing.assert_array_equal(found[0][1], found[1][1])


def test_what_is_refused():
    layer = layers.TimeDistributed(layers.Dense(2))
    for shape in ((2, 4), (2,)):
        with pytest.raises(ShapeError, match="expected one input of at least three axes"):
            layer(np.ones(shape, "float32"))
    with pytest.raises(ShapeError, match="expected one input of at least three axes"):
        layer([X, X])
    with pytest.raises(ShapeError, match=r"expected at least one time step, received shape \(2, 0, 4\)"):
        layer(X[:, :0])
    for mask in (np.ones((2, 4), bool), np.ones((3, 3), bool), np.ones((2,), bool)):
        with pytest.raises(ShapeError, match=r"the mask must begin with the first two sizes of the input, \(2, 3\)"):
            layer(X, mask=mask)
    with pytest.raises(ShapeError, match="the mask must begin with"):
        layer(layers.Input((3, 4)), mask=layers.Input((4,), dtype="bool"))
    assert layer(X[:0]).shape == (0, 3, 2)
    with pytest.raises(ArgumentError, match="`layer` must be a layer"):
        layers.TimeDistributed(abs)
    several = layers.Lambda(lambda x: [x, x], output_shape=[(4,), (4,)])
    with pytest.raises(ArgumentError, match="the layer must return one tensor"):
        layers.TimeDistributed(several)(X)
