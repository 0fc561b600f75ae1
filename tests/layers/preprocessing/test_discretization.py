"""Discretization: given boundaries, learned ones, output modes."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataError,
    NotSupportedError,
    StateError,
    UnknownNameError,
)

VALUES = np.arange(100.0)


def test_ranges():
    layer = layers.Discretization(bin_boundaries=[0.0, 1.0, 2.0])
    x = np.array([[-1.5, 1.0, 3.4, 0.5], [0.0, 3.0, 1.3, 0.0]])
    assert layer(x).tolist() == [[0, 2, 3, 1], [1, 3, 2, 1]]  # of Keras's documentation
    assert layer(np.array([5])).tolist() == [3]
    one = layers.Discretization(bin_boundaries=[0.0, 1.0], output_mode="one_hot")(np.array([[-1.0, 0.5]]))
    assert one.tolist() == [[[1, 0, 0], [0, 1, 0]]]


def test_learned_boundaries():
    layer = layers.Discretization(num_bins=4)
    layer.adapt(VALUES)
    np.testing.assert_allclose(layer.bin_boundaries, [24, 49, 74], atol=1.1)
    assert layer(np.array([0.0, 30.0, 60.0, 99.0])).tolist() == [0, 1, 2, 3]
    again = layers.Discretization.from_config(layer.get_config())
    assert again.bin_boundaries == layer.bin_boundaries and again.num_bins == 4
    before = layer.bin_boundaries
    for nothing in (np.array([]), iter([]), [], np.array([1.0, np.nan])):
        with pytest.raises(DataError):
            layer.adapt(nothing)
    assert layer.bin_boundaries == before
    layer.adapt(iter([VALUES[:50] + 1000, VALUES]), steps=1)
    assert min(layer.bin_boundaries) > 1000


def test_in_models_and_files(tmp_path):
    layer = layers.Discretization(num_bins=4, output_mode="count")
    layer.adapt(VALUES)
    model = minikeras.Sequential([minikeras.Input((3,)), layer])
    x = np.array([[0.0, 30.0, 31.0]])
    assert model.predict(x, verbose=0).tolist() == [[1, 2, 0, 0]]
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    assert loaded.predict(x, verbose=0).tolist() == [[1, 2, 0, 0]]
    layer.adapt(VALUES / 10)
    assert model.predict(x, verbose=0).tolist() == [[1, 0, 0, 2]]


def test_refused():
    with pytest.raises(ArgumentError, match="either `bin_boundaries` or `num_bins`"):
        layers.Discretization()
    with pytest.raises(ArgumentError, match="ascending order"):
        layers.Discretization(bin_boundaries=[1.0, 0.0])
    with pytest.raises(ArgumentTypeError, match="a list of numbers"):
        layers.Discretization(bin_boundaries="ab")
    with pytest.raises(NotSupportedError, match="no sparse tensors"):
        layers.Discretization(num_bins=2, sparse=True, output_mode="count")
    with pytest.raises(StateError, match="has no boundaries yet"):
        layers.Discretization(num_bins=2)(VALUES)
    with pytest.raises(StateError, match="Create it with `num_bins`"):
        layers.Discretization(bin_boundaries=[1.0]).adapt(VALUES)
    with pytest.raises(DataError, match="takes numbers"):
        layers.Discretization(num_bins=2).adapt(np.array(["a"]))


def test_custom_objects_of_a_config():
    class Own(minikeras.dtype_policies.DTypePolicy):
        pass

    config = layers.Discretization([0.0]).get_config()
    config["dtype"] = minikeras.dtype_policies.serialize(Own("float64"))
    again = layers.Discretization.from_config(config, custom_objects={"Own": Own})
    assert type(again.dtype_policy) is Own and again.bin_boundaries == [0.0]
    with pytest.raises(UnknownNameError, match="Own"):
        layers.Discretization.from_config(config)
