import json

import numpy as np
import pytest

from minikeras.datasets import reuters
from minikeras.errors import ArgumentError, DownloadError

from .test_words import as_objects

NEWS = [[1, 2, 30], [4], [5, 6], [7, 8], [9]]


@pytest.fixture
def file(cache):
    np.savez(cache / "reuters.npz", x=as_objects(NEWS), y=np.arange(5))


def test_loading(file, requests):
    (x_train, y_train), (x_test, y_test) = reuters.load_data(seed=0)
    # np.random.RandomState(0) shuffles 0..4 to 2, 0, 1, 3, 4, with which Keras agrees
    assert x_train.tolist() == [[1, 8, 9], [1, 4, 5, 2], [1, 7], [1, 10, 11]] and y_train.tolist() == [2, 0, 1, 3]
    assert x_test.tolist() == [[1, 12]] and y_test.tolist() == [4] and requests == []
    (x_train, y_train), (x_test, _) = reuters.load_data(
        seed=0, maxlen=2, start_char=None, index_from=0, num_words=100, test_split=0.5
    )
    assert x_train.tolist() == [[4]] and x_test.tolist() == [[9]] and y_train.tolist() == [1]


def test_what_is_refused(cache, requests):
    with pytest.raises(ArgumentError, match="test_split"):
        reuters.load_data(test_split=1)
    with pytest.raises(ArgumentError, match="skip_top"):
        reuters.load_data(skip_top=-1)
    assert requests == []
    with pytest.raises(DownloadError, match=r"tf-keras-datasets/reuters.npz"):
        reuters.load_data()


def test_words_and_topics(cache):
    (cache / "reuters_word_index.json").write_text(json.dumps({"oil": 1}))
    assert reuters.get_word_index() == {"oil": 1}
    names = reuters.get_label_names()
    assert (
        len(names) == len(set(names)) == 46 and names[0] == "cocoa" and names[19] == "money-fx" and names[-1] == "lead"
    )
