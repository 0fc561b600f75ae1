"""`tf.strings`: by hand; the buckets are those of TensorFlow 2.21."""

import re
import string

import numpy as np
import pytest

from minikeras import layers
from minikeras.dropin.tensorflow import strings
from minikeras.errors import ArgumentTypeError, NotSupportedError


def test_cases():
    assert strings.lower(["ÄB c"]).tolist() == ["Äb c"] and strings.lower(["ÄB"], encoding="utf-8").tolist() == ["äb"]
    assert strings.upper(b"ab1") == "AB1" and strings.upper("ä", "utf-8") == "Ä" and strings.upper("ä") == "ä"
    assert strings.strip([[" a "]]).tolist() == [["a"]]
    assert strings.length("äb") == 3 and strings.length("äb", unit="UTF8_CHAR") == 2


def test_patterns():
    assert strings.regex_replace(["a<br />b<br />"], "<br />", " ").tolist() == ["a b "]
    assert strings.regex_replace("aaa", "a", "b", replace_global=False) == "baa"
    assert strings.regex_replace("ab", "(a)(b)", r"\2\1") == "ba"
    assert strings.regex_full_match(["ab", "abc"], "a.").tolist() == [True, False]


def test_parts():
    assert [row.tolist() for row in strings.split(["a b", "c"])] == [["a", "b"], ["c"]]
    assert strings.split("a,b,c", sep=",", maxsplit=1).tolist() == ["a", "b,c"]
    assert strings.unicode_split("日本", "UTF-8").tolist() == ["日", "本"]
    assert strings.join([["a", "b"], "x"], separator="-").tolist() == ["a-x", "b-x"]
    with pytest.raises(NotSupportedError, match="no ragged tensors"):
        strings.split([["a b"]])


def test_numbers():
    assert strings.as_string([1, -2]).tolist() == ["1", "-2"]
    assert strings.to_number(["1.5"]).dtype == np.float32 and strings.to_number("3", np.int64) == 3
    with pytest.raises(NotSupportedError, match="takes integers here"):
        strings.as_string([1.5])
    with pytest.raises(ArgumentTypeError, match="`tf.strings.lower` takes strings"):
        strings.lower([1])


def test_buckets():
    assert strings.to_hash_bucket_fast(["A", "B", "D"], 3).tolist() == [1, 0, 1]
    assert strings.to_hash_bucket_strong(["A", "B", "C", "D"], 4, key=[133, 133]).tolist() == [3, 2, 2, 1]


def test_in_a_text_layer():
    """The function of Keras's tutorial on the classification of texts."""

    def standardized(texts):
        lowercase = strings.lower(texts)
        stripped = strings.regex_replace(lowercase, "<br />", " ")
        return strings.regex_replace(stripped, f"[{re.escape(string.punctuation)}]", "")

    layer = layers.TextVectorization(standardize=standardized, split=strings.split)
    layer.adapt(["A good<br />film!", "good."])
    assert layer.get_vocabulary() == ["", "[UNK]", "good", "film", "a"]
    assert layer(["GOOD film"]).tolist() == [[2, 3]]
