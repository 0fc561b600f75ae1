"""IntegerLookup: the examples of Keras's documentation."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, DataError, DTypeError

NUMBERS = [12, 36, 1138, 42]


def test_indices():
    assert layers.IntegerLookup(vocabulary=NUMBERS)([[12, 1138, 42], [42, 1000, 36]]).tolist() == [[1, 3, 4], [4, 0, 2]]
    layer = layers.IntegerLookup(vocabulary=NUMBERS, num_oov_indices=2)
    assert layer([[12, 1138, 42], [37, 1000, 36]]).tolist() == [[2, 4, 5], [1, 0, 3]]
    assert layers.IntegerLookup(vocabulary=NUMBERS, mask_token=0)([0, 12, 5]).tolist() == [0, 2, 1]


def test_adapted():
    layer = layers.IntegerLookup()
    layer.adapt([[12, 1138, 42], [42, 1000, 36]])
    assert layer.get_vocabulary() == [-1, 42, 1138, 1000, 36, 12]


def test_inverse():
    layer = layers.IntegerLookup(vocabulary=NUMBERS, invert=True)
    assert layer([[1, 3, 4], [4, 0, 2]]).tolist() == [[12, 1138, 42], [42, -1, 36]]


def test_floats_of_a_model_are_integers():
    layer = layers.IntegerLookup(vocabulary=NUMBERS, output_mode="count")
    model = minikeras.Sequential([minikeras.Input((2,)), layer])
    assert model.predict(np.array([[12.0, 5.0]]), verbose=0).tolist() == [[1, 1, 0, 0, 0]]
    with pytest.raises(DataError, match="expected integers. Received: 2.5"):
        layer(np.array([2.5]))


def test_a_vocabulary_from_a_file(tmp_path):
    path = tmp_path / "numbers.txt"
    path.write_text("7\n-3\n", encoding="utf-8")
    assert layers.IntegerLookup(vocabulary=str(path))([-3, 7]).tolist() == [2, 1]


def test_refused():
    with pytest.raises(ArgumentError, match="`vocabulary_dtype` must be 'int64'"):
        layers.IntegerLookup(vocabulary_dtype="int32")
    with pytest.raises(ArgumentError, match="`salt` needs oov_method='farmhash'"):
        layers.IntegerLookup(salt=3)
    with pytest.raises(DTypeError, match="expected integers"):
        layers.IntegerLookup(vocabulary=[1])(["1"])
