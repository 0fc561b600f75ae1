"""StringLookup: the examples of Keras's documentation."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError, DTypeError, NotSupportedError

LETTERS = ["a", "b", "c", "d"]
DATA = [["a", "c", "d", "d"], ["d", "z", "b", "z"]]


def test_indices():
    assert layers.StringLookup(vocabulary=LETTERS)([["a", "c", "d"], ["d", "z", "b"]]).tolist() == [
        [1, 3, 4],
        [4, 0, 2],
    ]
    layer = layers.StringLookup(vocabulary=LETTERS, num_oov_indices=2)
    assert layer([["a", "c", "d"], ["m", "z", "b"]]).tolist() == [[2, 4, 5], [0, 1, 3]]
    assert layers.StringLookup(vocabulary=LETTERS, mask_token="")("c").tolist() == 4


def test_adapted():
    layer = layers.StringLookup()
    layer.adapt([["a", "c", "d"], ["d", "z", "b"]])
    assert layer.get_vocabulary() == ["[UNK]", "d", "z", "c", "b", "a"]
    assert layer.get_vocabulary(include_special_tokens=False) == ["d", "z", "c", "b", "a"]
    assert layer.vocabulary_size() == 6


def test_vectors():
    counts = layers.StringLookup(vocabulary=LETTERS, output_mode="count")
    assert counts(DATA).tolist() == [[0, 1, 0, 1, 2], [2, 0, 1, 0, 1]]
    several = layers.StringLookup(vocabulary=LETTERS, output_mode="multi_hot")
    assert several(DATA).tolist() == [[0, 1, 0, 1, 1], [1, 0, 1, 0, 1]]
    single = layers.StringLookup(vocabulary=LETTERS, output_mode="one_hot")
    assert single(["a", "z"]).tolist() == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0]]
    layer = layers.StringLookup(output_mode="tf_idf")
    layer.set_vocabulary(["[UNK]", *LETTERS], idf_weights=[0.9, 0.25, 0.75, 0.6, 0.4])
    np.testing.assert_allclose(layer(DATA), [[0, 0.25, 0, 0.6, 0.8], [1.8, 0, 0.75, 0, 0.4]], rtol=1e-6)


def test_inverse_in_a_model():
    layer = layers.StringLookup(vocabulary=LETTERS, invert=True)
    model = minikeras.Sequential([minikeras.Input((3,), dtype="int64"), layer])
    assert model.predict(np.array([[1, 3, 4], [4, 0, 2]]), verbose=0).tolist() == [["a", "c", "d"], ["d", "[UNK]", "b"]]
    assert model.output.dtype == "string"


def test_encoding():
    layer = layers.StringLookup(vocabulary=["ü"], encoding="latin-1")
    assert layer(np.array(["ü".encode("latin-1"), "ü"], object)).tolist() == [1, 1]
    assert layer.get_config()["encoding"] == "latin-1"


def test_symbolic_values_are_as_they_will_be():
    for mode in ("int", "one_hot", "multi_hot", "count", "tf_idf"):
        weights = {"idf_weights": [1.0, 2.0]} if mode == "tf_idf" else {}
        layer = layers.StringLookup(vocabulary=["a", "b"], output_mode=mode, **weights)
        symbol, value = layer(minikeras.Input((3,), dtype="string")), layer(np.array([["a", "b", "c"]]))
        assert (symbol.shape[1:], symbol.dtype) == (value.shape[1:], value.dtype.name)


def test_refused():
    with pytest.raises(NotSupportedError, match="no sparse tensors"):
        layers.StringLookup(sparse=True, output_mode="count")
    with pytest.raises(ArgumentTypeError, match="`mask_token` must be a string, or None. Received: mask_token=3"):
        layers.StringLookup(mask_token=3)
    with pytest.raises(DTypeError, match="expected strings"):
        layers.StringLookup(vocabulary=["a"])([1])
    with pytest.raises(ArgumentError, match="`idf_weights` must be one number for each of the 1 entries"):
        layers.StringLookup(vocabulary=["a"], output_mode="tf_idf", idf_weights=[1.0, 2.0])
