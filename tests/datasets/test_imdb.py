"""IMDB in Keras's format. The orders are those of numpy's generator, with which Keras shuffles."""

import json

import numpy as np
import pytest

from minikeras.datasets import imdb
from minikeras.errors import ArgumentError, ArgumentTypeError, DownloadError, LegacyWarning

from .test_words import as_objects

TRAIN, TEST = [[1, 2, 30], [4], [5, 6]], [[7, 8], [9, 10, 11, 2]]


@pytest.fixture
def file(cache):
    arrays = {"x_train": as_objects(TRAIN), "y_train": np.array([0, 1, 1]), "x_test": as_objects(TEST)}
    np.savez(cache / "imdb.npz", **arrays, y_test=np.array([1, 0]))


def lists(loaded):
    (x_train, y_train), (x_test, y_test) = loaded
    assert x_train.dtype == x_test.dtype == object and y_train.dtype == np.int64
    return x_train.tolist(), y_train.tolist(), x_test.tolist(), y_test.tolist()


def test_loading(file, requests):
    order, other = np.arange(3), np.arange(2)
    draws = np.random.RandomState(113)
    draws.shuffle(order)
    draws.shuffle(other)
    x_train, y_train, x_test, y_test = lists(imdb.load_data())
    expected = [[1, *(word + 3 for word in TRAIN[number])] for number in order]
    # the largest index, 33, is that of the rarest word, which is replaced
    assert x_train == [[2 if word == 33 else word for word in words] for words in expected]
    assert x_test == [[1, *(word + 3 for word in TEST[number])] for number in other]
    assert y_train == [[0, 1, 1][number] for number in order] and y_test == [[1, 0][number] for number in other]
    assert requests == []


def test_settings(file):
    x_train, _, x_test, _ = lists(imdb.load_data(num_words=8, skip_top=4, start_char=None, index_from=0, oov_char=0))
    assert sorted(x_train) == [[0, 0, 0], [4], [5, 6]] and sorted(x_test) == [[0, 0, 0, 0], [7, 0]]
    x_train, y_train, x_test, y_test = lists(imdb.load_data(maxlen=4, start_char=None, oov_char=None, num_words=10))
    assert (
        sorted(x_train) == [[4, 5], [7], [8, 9]] and x_test == [[]] and y_test == [1] and sorted(y_train) == [0, 1, 1]
    )


def test_what_is_refused(file, cache):
    with pytest.raises(ArgumentError, match="no review is shorter than `maxlen`"):
        imdb.load_data(maxlen=1)
    with pytest.raises(ArgumentTypeError, match=r"unknown arguments \['nonsense'\]"):
        imdb.load_data(nonsense=3)
    with pytest.warns(LegacyWarning, match="num_words"):
        assert max(max(words) for words in imdb.load_data(nb_words=5)[0][0]) == 4


def test_words(cache, requests):
    (cache / "imdb_word_index.json").write_text(json.dumps({"the": 1}))
    assert imdb.get_word_index() == {"the": 1}
    with pytest.raises(DownloadError, match=r"other.json'"):
        imdb.get_word_index("other.json")
    assert requests == ["https://storage.googleapis.com/tensorflow/tf-keras-datasets/imdb_word_index.json"]
