"""Hashing: the examples of Keras's documentation."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.layers.preprocessing.hashing import digits_of

LETTERS = [["A"], ["B"], ["C"], ["D"], ["E"]]


def test_documented_examples():
    assert layers.Hashing(num_bins=3)(LETTERS).tolist() == [[1], [0], [1], [1], [2]]
    masked = layers.Hashing(num_bins=3, mask_value="")([["A"], ["B"], [""], ["C"], ["D"]])
    assert masked.tolist() == [[1], [1], [0], [2], [2]]
    assert layers.Hashing(num_bins=3, salt=[133, 137])(LETTERS).tolist() == [[1], [2], [1], [0], [2]]
    assert layers.Hashing(num_bins=3, salt=133)(LETTERS).tolist() == [[0], [0], [2], [1], [0]]


def test_numbers_are_hashed_as_text():
    layer = layers.Hashing(num_bins=1000)
    assert layer([12, -5]).tolist() == layer(["12", "-5"]).tolist() == layer(np.array([12.9, -5.1])).tolist()
    assert digits_of(np.array([12.9, -5.1])) == ["12", "-5"] and digits_of(np.array([True, False])) == ["true", "false"]
    assert layers.Hashing(num_bins=4, mask_value=12)([12, 13]).tolist()[0] == 0


def test_modes_and_models():
    layer = layers.Hashing(num_bins=3, output_mode="count")
    model = minikeras.Sequential([minikeras.Input((5,), dtype="string"), layer])
    assert model.predict(np.array(LETTERS).T, verbose=0).tolist() == [[1, 3, 1]]
    assert (model.output.shape, model.output.dtype) == ((None, 3), "float32")
    assert layers.Hashing(num_bins=3, output_mode="one_hot")([["A"]]).tolist() == [[0, 1, 0]]


def test_refused():
    with pytest.raises(ArgumentError, match="`dtype` must be 'int32' or 'int64'"):
        layers.Hashing(3, dtype="float32")
    with pytest.raises(ArgumentTypeError, match="`mask_value` and inputs must both be strings, or both numbers"):
        layers.Hashing(3, mask_value="")([1])
    with pytest.raises(ArgumentTypeError, match="`mask_value` must be a string, a number, or None"):
        layers.Hashing(3, mask_value=["a"])
