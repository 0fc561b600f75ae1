"""Normalization: moments given and learned, axes, files."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.data import Dataset
from minikeras.errors import ArgumentError, ArgumentTypeError, DataError, ShapeError, StateError
from tests.helpers import run_layer_test

DATA = np.array([[1.0, 10.0], [3.0, 50.0]])


def test_in_full():
    run_layer_test(lambda: layers.Normalization(mean=[1.0, 2.0], variance=[4.0, 9.0]), (3, 2), (3, 2))


def test_learned_moments():
    layer = layers.Normalization()
    layer.adapt(DATA)
    assert layer(DATA).tolist() == [[-1, -1], [1, 1]]
    assert [weight.name for weight in layer.weights] == ["mean", "variance", "count"] and not layer.trainable_weights
    inverse = layers.Normalization(invert=True)
    inverse.adapt(DATA)
    assert inverse(np.array([[-1.0, 1.0]])).tolist() == [[1, 50]]
    all_of_it = layers.Normalization(axis=None)
    all_of_it.adapt(DATA)
    np.testing.assert_allclose(all_of_it(DATA), (DATA - 16) / DATA.std(), rtol=1e-6)


def test_several_axes():
    data = np.random.default_rng(0).normal(3, 2, (20, 3, 4)).astype("float32")
    layer = layers.Normalization(axis=(1, -1))
    layer.adapt(data)
    np.testing.assert_allclose(layer(data), (data - data.mean(0)) / data.std(0), rtol=1e-4, atol=1e-5)


def test_batches_are_as_the_whole():
    data = np.random.default_rng(0).normal(3, 2, (21, 2)).astype("float32")
    whole = layers.Normalization()
    whole.adapt(data)
    pairs = Dataset.from_tensor_slices((data, data)).batch(4)
    for batches in (
        pairs,
        Dataset.from_tensor_slices(data),
        [data[:5], data[5:]],
        iter([(data[:9], 1), (data[9:], 1)]),
    ):
        layer = layers.Normalization()
        layer.adapt(batches)
        np.testing.assert_allclose(layer(data), whole(data), atol=1e-5)  # float32 sums in another order


def test_no_variance_is_no_division_by_zero():
    layer = layers.Normalization()
    layer.adapt(np.full((3, 1), 4.0))
    assert layer(np.array([[4.0]])).tolist() == [[0]]


def test_constants():
    x = np.arange(12.0).reshape(1, 2, 2, 3)
    assert layers.Normalization(mean=0.5, variance=0.25)(x)[0, 0, 0].tolist() == [-1, 1, 3]
    rows = layers.Normalization(axis=1, mean=[1.0, 2.0], variance=[1.0, 4.0])
    assert rows(np.ones((1, 2, 2))).tolist() == [[[0, 0], [-0.5, -0.5]]]
    with pytest.raises(StateError, match="created with `mean` and `variance`"):
        rows.adapt(DATA)
    with pytest.raises(ShapeError, match="do not fit inputs"):
        layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 1.0, 1.0])(DATA)


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_files_and_models_in_use(name, tmp_path):
    layer = layers.Normalization()
    model = minikeras.Sequential([minikeras.Input((2,)), layer])
    assert model.predict(DATA, verbose=0).tolist() == DATA.tolist()
    layer.adapt(DATA)
    assert model.predict(DATA, verbose=0).tolist() == [[-1, -1], [1, 1]]
    model.save(tmp_path / name)
    loaded = minikeras.saving.load_model(tmp_path / name)
    assert loaded.predict(DATA, verbose=0).tolist() == [[-1, -1], [1, 1]]


def test_refused():
    layer = layers.Normalization()
    layer.adapt(DATA)
    for bad, error in (
        (np.zeros((2, 3)), ShapeError),
        (np.zeros((0, 2)), DataError),
        (iter([]), DataError),
        ([1.0, 2.0], ArgumentTypeError),
        (np.array([["a", "b"]]), DataError),
        ("text", ArgumentTypeError),
        (iter([DATA, np.zeros((2, 3))]), ShapeError),
    ):
        with pytest.raises(error):
            layer.adapt(bad)
    assert layer(DATA).tolist() == [[-1, -1], [1, 1]]
    with pytest.raises(ShapeError, match="must be known"):
        layers.Normalization().build((None, None))
    with pytest.raises(ShapeError, match="do not have all of axis"):
        layers.Normalization(axis=3).build((None, 2))
    with pytest.raises(ArgumentError, match="must be given together"):
        layers.Normalization(mean=1.0)
