import numpy as np
import pytest

from minikeras.errors import ArgumentTypeError, LegacyWarning, StateError, UnknownNameError
from minikeras.preprocessing.text import Tokenizer


def test_words_by_how_often_they_occur():
    tokenizer = Tokenizer(num_words=4, oov_token="?")
    tokenizer.fit_on_texts(["b a, a!", "a c"])
    assert tokenizer.word_index == {"?": 1, "a": 2, "b": 3, "c": 4} and tokenizer.document_count == 2
    assert tokenizer.texts_to_sequences(["a b c d"]) == [[2, 3, 1, 1]]  # 4 is not among the first num_words - 1
    assert tokenizer.sequences_to_texts([[2, 3, 4, 9]]) == ["a b ? ?"]
    matrix = tokenizer.texts_to_matrix(["a a b"], mode="count")
    assert matrix.tolist() == [[0, 0, 2, 1]]
    # 1 + log(2) of two occurrences, log(1 + 2 / 3) of a word in both texts
    weight = tokenizer.texts_to_matrix(["a a"], mode="tfidf")[0, 2]
    assert weight == pytest.approx((1 + np.log(2)) * np.log(1 + 2 / 3))


def test_what_is_refused():
    with pytest.raises(StateError, match="number of columns"):
        Tokenizer().sequences_to_matrix([[1]])
    with pytest.raises(StateError, match="before mode='tfidf'"):
        Tokenizer(num_words=3).sequences_to_matrix([[1]], "tfidf")
    with pytest.raises(UnknownNameError, match="Did you mean 'binary'"):
        Tokenizer(num_words=3).sequences_to_matrix([[1]], "binari")
    with pytest.raises(ArgumentTypeError, match="num_word"):
        Tokenizer(num_word=3)
    with pytest.warns(LegacyWarning, match=r"`Tokenizer\(num_words=...\)`"):
        assert Tokenizer(nb_words=3).num_words == 3
    counted = Tokenizer(num_words=3)
    counted.fit_on_sequences([[1, 1], [1, 2]])
    assert counted.index_docs == {1: 2, 2: 1}
