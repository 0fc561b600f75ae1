import json

import pytest

from minikeras.datasets.words import as_objects, check_words, limited, prepared, without_long, word_index
from minikeras.errors import ArgumentError, FileReadError


def test_indices():
    assert prepared([[1], []], None, 3) == [[4], []] and prepared([[1]], None, None) == [[1]]
    assert prepared([[1], []], 7, 0) == [[7, 1], [7]]


def test_limits():
    words = [[1, 4, 9], [9, 2]]
    assert limited(words, None, 0, 2) == [[1, 4, 2], [2, 2]]  # the rarest word is replaced, as in Keras
    assert limited(words, 5, 2, None) == [[4], [2]] and limited([], None, 0, 2) == []


def test_lengths():
    assert without_long([[1, 2], [3]], "ab", None) == ([[1, 2], [3]], "ab")
    assert without_long([[1, 2], [3]], "ab", 2) == ([[3]], ["b"])


def test_arrays_of_lists():
    assert as_objects([[1, 2], [3, 4]]).shape == (2,) and as_objects([]).shape == (0,)


@pytest.mark.parametrize("name", ["num_words", "skip_top", "maxlen"])
def test_arguments(name):
    settings = {"num_words": None, "skip_top": 0, "maxlen": None}
    check_words("x", **settings)
    with pytest.raises(ArgumentError, match=f"x: `{name}` must be"):
        check_words("x", **settings | {name: -1})


def test_a_dictionary_of_words(cache, requests):
    (cache / "w.json").write_text(json.dumps({"the": 1, "ä": 2}))
    assert word_index("w.json", "http://x.org/w", "0") == {"the": 1, "ä": 2} and requests == []
    for text in ("[1]", '{"the": 1', b"\xff"):
        (cache / "w.json").write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(FileReadError, match=r"w.json' is not the expected one"):
            word_index("w.json", "http://x.org/w", "0")
