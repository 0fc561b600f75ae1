"""HashedCrossing: the examples of Keras's documentation."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, DTypeError, ShapeError

CITIES, NUMBERS = ["A", "B", "A", "B", "A"], [101, 101, 101, 102, 102]


def test_documented_examples():
    assert layers.HashedCrossing(num_bins=5)((CITIES, NUMBERS)).tolist() == [1, 4, 1, 1, 3]
    one = layers.HashedCrossing(num_bins=5, output_mode="one_hot")((np.array(CITIES), np.array(NUMBERS)))
    assert one.dtype == np.float32 and one.argmax(-1).tolist() == [1, 4, 1, 1, 3] and one.sum() == 5


def test_in_a_model():
    inputs = [minikeras.Input((1,), dtype="string"), minikeras.Input((1,), dtype="int64")]
    model = minikeras.Model(inputs, layers.HashedCrossing(num_bins=5)(inputs))
    columns = [np.array(CITIES)[:, None], np.array(NUMBERS)[:, None]]
    assert model.predict(columns, verbose=0).tolist() == [[1], [4], [1], [1], [3]]
    assert (model.output.shape, model.output.dtype) == ((None, 1), "int64")
    assert layers.HashedCrossing(num_bins=5)(("A", 101)).tolist() == 1


def test_refused():
    layer = layers.HashedCrossing(num_bins=5)
    with pytest.raises(ArgumentError, match="two or more features"):
        layer([CITIES])
    with pytest.raises(ShapeError, match="same shape"):
        layer((CITIES, NUMBERS[:2]))
    with pytest.raises(ShapeError, match="same shape"):
        layer((np.zeros((2, 2), int), np.zeros((2, 2), int)))
    with pytest.raises(DTypeError, match=r"must be integers or strings. Received: \['string', 'float64'\]"):
        layer((CITIES, np.zeros(5)))
    with pytest.raises(ShapeError, match="two or more equal shapes"):
        layer.compute_output_shape([(None, 1)])
