"""SpectralNormalization: the norm of known matrices, the state, kinds of layers, and what is refused."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.errors import ArgumentError, ShapeError

X = np.array([[1, 2], [3, 4]], "float32")
KERNEL = np.array([[3, 0], [0, 4]], "float32")


def made(iterations=1, kernel=KERNEL, u=(0, 1)):
    layer = layers.SpectralNormalization(layers.Dense(2, use_bias=False), iterations)
    layer.build((None, 2))
    layer.set_weights([kernel, np.array([u], "float32")])
    return layer


def test_the_kernel_is_divided_by_its_norm():
    layer = made()
    np.testing.assert_allclose(layer(X, training=True), X @ KERNEL / 4, rtol=1e-6)
    np.testing.assert_allclose(layer.layer.kernel.numpy(), KERNEL / 4)
    np.testing.assert_allclose(layer.vector_u.numpy(), [[0, 1]])
    np.testing.assert_allclose(layer(X), X @ KERNEL / 4, rtol=1e-6)  # inference changes nothing
    np.testing.assert_allclose(layer.layer.kernel.numpy(), KERNEL / 4)


def test_power_iteration():
    for iterations in (1, 3):
        layer, u, kernel = made(iterations, u=(0.6, 0.8)), np.array([0.6, 0.8]), KERNEL.astype("float64")
        for _ in range(2):
            for _ in range(iterations):
                v = kernel @ u / np.linalg.norm(kernel @ u)
                u = v @ kernel / np.linalg.norm(v @ kernel)
            kernel = kernel / (v @ kernel @ u)
            np.testing.assert_allclose(layer(X, training=True), X @ kernel, rtol=1e-5)
        np.testing.assert_allclose(layer.vector_u.numpy(), [u], rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(made(60, u=(0.6, 0.8)).normalized_weights()[1], 2), 1, rtol=1e-5)


def test_zeros_stay_zeros():
    layer = made(kernel=np.zeros((2, 2)), u=(0.6, 0.8))
    assert layer(X, training=True).tolist() == [[0, 0], [0, 0]]
    np.testing.assert_allclose(layer.vector_u.numpy(), [[0.6, 0.8]])


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(
    ("inner", "shape"),
    [
        (lambda: layers.Dense(3), (2, 4)),
        (lambda: layers.Conv2D(3, 2), (2, 4, 4, 2)),
        (lambda: layers.EinsumDense("abc,cd->abd", (4, 3), bias_axes="d"), (2, 4, 4)),
    ],
)
def test_replayed_as_run_eagerly(inner, shape, frozen):
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    results = []
    for eager in (False, True):
        minikeras.utils.set_random_seed(1)
        layer = layers.SpectralNormalization(inner(), 2, trainable=not frozen)
        model = minikeras.Sequential([layers.Input(shape[1:]), layer, layers.Flatten(), layers.Dense(1)])
        model.compile("sgd", "mse", run_eagerly=eager)
        before = layer.layer.kernel.numpy()
        loss = model.fit(x, np.ones(2), epochs=4, verbose=0).history["loss"]
        assert (layer.layer.kernel.numpy() != before).any()
        results.append([loss, *model.get_weights()])
    for replayed, eagerly in zip(*results, strict=True):
        np.testing.assert_array_equal(replayed, eagerly)


def test_files(tmp_path):
    model = minikeras.Sequential([layers.Input((2,)), made(2)])
    model(X, training=True)
    model.save(tmp_path / "a.keras")
    again = minikeras.saving.load_model(tmp_path / "a.keras")
    assert again.layers[0].power_iterations == 2
    for call in (lambda each: each(X), lambda each: each(X, training=True)):
        np.testing.assert_array_equal(call(again), call(model))


def test_embeddings_of_integers():
    layer = layers.SpectralNormalization(layers.Embedding(3, 2, embeddings_initializer="ones"))
    assert layer(np.array([[0, 2]]), training=True).dtype == "float32"
    np.testing.assert_allclose(layer(np.array([[0, 2]])), np.full((1, 2, 2), 6**-0.5), rtol=1e-6)


def test_gradient():
    """As on TensorFlow: that of the normalized kernel, which was assigned."""
    layer = made()
    with minikeras.GradientTape() as tape:
        total = ops.sum(layer(X, training=True))
    np.testing.assert_allclose(tape.gradient(total, layer.trainable_variables)[0], [[4, 4], [6, 6]])


def test_what_is_refused():
    for wrong in (0, -1, 1.5, "a", None):
        with pytest.raises((ArgumentError, TypeError), match="SpectralNormalization: `power_iterations` must be"):
            layers.SpectralNormalization(layers.Dense(2), wrong)
    with pytest.raises(ArgumentError, match="ReLU layer '.*' has neither a `kernel` nor `embeddings`"):
        layers.SpectralNormalization(layers.ReLU())(X)
    with pytest.raises(ShapeError, match="expected last input dimension 2"):
        made()(np.ones((1, 3), "float32"))
