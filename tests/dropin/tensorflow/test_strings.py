"""`tf.strings`: by hand; the buckets are those of TensorFlow 2.21."""

import re
import string

import numpy as np
import pytest

from minikeras import layers
from minikeras.dropin import EagerTensor
from minikeras.dropin.tensorflow import strings
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError


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


def test_results_are_tensors(installed):
    """Scripts write `tf.strings.lower(text).numpy()`."""
    for found, expected in (
        (strings.lower(["A"]), [b"a"]),
        (strings.join([["a"], ["b"]], "-"), [b"a-b"]),
        (strings.as_string([1, 2]), [b"1", b"2"]),
        (strings.unicode_split("ab", "UTF-8"), [b"a", b"b"]),
        (strings.split(["a b"])[0], [b"a", b"b"]),
        (strings.length(["a"]), [1]),
        (strings.to_hash_bucket_fast(["a"], 1), [0]),
    ):
        assert type(found) is EagerTensor and found.numpy().tolist() == expected


def test_reduce_join():
    """Expected values are those of TensorFlow."""
    texts = np.array([["a", "b"], ["c", "d"]])
    assert strings.reduce_join(texts).tolist() == "abcd"
    assert strings.reduce_join(texts, axis=-1).tolist() == ["ab", "cd"]
    assert strings.reduce_join(texts, 0, separator="-").tolist() == ["a-c", "b-d"]
    assert strings.reduce_join(texts, axis=1, keepdims=True).tolist() == [["ab"], ["cd"]]
    assert strings.reduce_join(texts, axis=[0, 1], separator=" ").tolist() == "a c b d"
    assert strings.reduce_join(texts, axis=[1, 0]).tolist() == "abcd"


def test_substr():
    """Expected values are those of TensorFlow."""
    assert strings.substr(["hello", "größe"], 1, 3).tolist() == ["ell", "r\u00f6"]  # bytes, of which ö has two
    assert strings.substr(["größe"], 1, 3, unit="UTF8_CHAR").tolist() == ["röß"]
    assert strings.substr(["hello"], -3, 2).tolist() == ["ll"]
    assert strings.substr(["hello", "abc"], [1, 2], [1, 9]).tolist() == ["e", "c"]
    assert strings.substr(["hello"], 5, 1).tolist() == [""]
    for place in (6, -6):
        with pytest.raises(ArgumentError, match=f"pos {place} is outside of 'hello'"):
            strings.substr(["hello"], place, 1)
