"""CategoryEncoding: the examples of Keras's documentation, weights, gradients."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from tests.helpers import check_grads


def test_modes():
    assert layers.CategoryEncoding(4, "one_hot")([3, 2, 0, 1]).tolist() == np.eye(4)[[3, 2, 0, 1]].tolist()
    several = layers.CategoryEncoding(4, output_mode="multi_hot")([[0, 1], [0, 0], [1, 2], [3, 1]])
    assert several.tolist() == [[1, 1, 0, 0], [1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 0, 1]]
    layer = layers.CategoryEncoding(4, output_mode="count")
    weights = np.array([[0.1, 0.2], [0.1, 0.1], [0.2, 0.3], [0.4, 0.2]])
    counts = layer([[0, 1], [0, 0], [1, 2], [3, 1]], count_weights=weights)
    np.testing.assert_allclose(
        counts, [[0.1, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0.2, 0.3, 0], [0, 0.2, 0, 0.4]], rtol=1e-6
    )
    assert layer([[0, 1, 9, -1]]).tolist() == [[1, 1, 0, 0]]


def test_gradients_of_weights():
    layer = layers.CategoryEncoding(3, output_mode="count", dtype="float64")
    indices = np.array([[0, 2, 2], [1, 0, 1]])
    check_grads(lambda weights: layer(indices, count_weights=weights), np.random.default_rng(0).normal(size=(2, 3)))


def test_in_a_model_of_floats():
    layer = layers.CategoryEncoding(4, output_mode="count")
    model = minikeras.Sequential([minikeras.Input((5,)), layer])
    assert model.predict(np.array([[0, 1, 1, 3, 1.0]]), verbose=0).tolist() == [[1, 3, 0, 1]]
    assert model.output_shape == (None, 4)


def test_refused():
    with pytest.raises(ArgumentError, match="`num_tokens` must be given"):
        layers.CategoryEncoding()
    with pytest.raises(NotSupportedError, match="no sparse tensors"):
        layers.CategoryEncoding(3, sparse=True)
    with pytest.raises(ArgumentError, match="`count_weights` is for the output mode 'count'"):
        layers.CategoryEncoding(3)([[0]], count_weights=[[1.0]])
    with pytest.raises(ShapeError, match=r"must have the shape of the inputs, \(1, 2\). Received: \(1, 1\)"):
        layers.CategoryEncoding(3, "count")([[0, 1]], count_weights=[[1.0]])
