"""Standardizing, splitting, n-grams."""

import numpy as np
import pytest

from minikeras.errors import DataError, ShapeError
from minikeras.layers.preprocessing.tokenizer import Tokenizer


def tokens(texts, standardize=None, split="whitespace", ngrams=None, encoding="utf-8"):
    shape, documents = Tokenizer(standardize, split, ngrams, encoding, "layer").documents(np.array(texts, object))
    return shape, list(documents)


def test_standardizing_is_that_of_tensorflow():
    """Only ASCII letters become lower case."""
    text = ["ÄB, it's [A]_b!"]
    assert tokens(text, "lower")[1] == [["Äb,", "it's", "[a]_b!"]]
    assert tokens(text, "strip_punctuation")[1] == [["ÄB", "its", "Ab"]]
    assert tokens(text, "lower_and_strip_punctuation")[1] == [["Äb", "its", "ab"]]
    assert tokens(text)[1] == [["ÄB,", "it's", "[A]_b!"]]


def test_splitting():
    assert tokens([" a\tb\n\x0bc ", ""])[1] == [["a", "b", "c"], []]
    assert tokens(["a\x1cb\u2003c\x85 é", "a\x1fb c"])[1] == [["a\x1cb\u2003c\x85", "é"], ["a\x1fb", "c"]]
    assert tokens([b"a\xff"], split="character")[1] == [["a", "\ufffd"]]
    assert tokens(["日本 x"], split="character")[1] == [["日", "本", " ", "x"]]
    assert tokens([["a b", "c"]], split=None) == ((1,), [["a b", "c"]])
    assert tokens(["a-b", "c"], split=lambda x: [text.split("-") for text in x])[1] == [["a", "b"], ["c"]]


def test_shapes():
    assert tokens("a b") == ((), [["a", "b"]])
    assert tokens([["a b"], ["c"]]) == ((2,), [["a", "b"], ["c"]])
    assert tokens([[["a"], ["b"]]])[0] == (1, 2)
    assert tokens([[["a"], ["b"]]], split=lambda x: [[[text] for text in row] for row in x]) == ((1, 2), [["a"], ["b"]])


def test_ngrams():
    assert tokens(["x y z", "x"], ngrams=(1, 2))[1] == [["x", "y", "z", "x y", "y z"], ["x"]]
    assert tokens(["x y z"], ngrams=(3, 1))[1] == [["x y z", "x", "y", "z"]]


def test_functions_get_strings_of_numpy():
    seen = []

    def upper(texts):
        seen.append((texts.dtype.kind, texts.shape))
        return np.char.upper(texts)

    assert tokens([["a b"], [b"c"]], standardize=upper)[1] == [["A", "B"], ["C"]]
    assert seen == [("U", (2, 1))]


def test_bytes_of_other_encodings():
    assert tokens(["ü b".encode("latin-1")], encoding="latin-1")[1] == [["ü", "b"]]


def test_refused():
    with pytest.raises(ShapeError, match=r"layer: texts to split .* shape \(1, 2\)"):
        tokens([["a", "b"]])
    with pytest.raises(ShapeError, match="tokens must have an axis"):
        tokens("a", split=None)
    with pytest.raises(DataError, match="the function `standardize` must return strings"):
        tokens(["a"], standardize=lambda x: np.zeros(1))
    with pytest.raises(DataError, match="`split` must return the tokens of each of the 2 texts. Received: 1"):
        tokens(["a", "b"], split=lambda x: [["a"]])
