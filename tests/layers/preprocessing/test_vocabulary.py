"""Vocabularies from lists, arrays and files."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, FileReadError
from minikeras.layers.preprocessing.vocabulary import check_terms, plain_list, read_lines, terms_from


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda x: np.array(x, object), lambda x: np.array(x, "S")])
def test_strings(kind):
    terms = terms_from(kind(["a", "bc"]), "utf-8", "layer")
    assert terms == ["a", "bc"] and {*map(type, terms)} == {str}


@pytest.mark.parametrize("given", [[3, 4], np.array([3, 4]), np.float32([3, 4]), ["3", "+4"]])
def test_integers(given):
    terms = terms_from(given, None, "layer")
    assert terms == [3, 4] and {*map(type, terms)} == {int}


def test_refused():
    for bad in ([1], ["a", None], [["a"]]):
        with pytest.raises(ArgumentTypeError, match="terms of `vocabulary` must be strings"):
            terms_from(bad, "utf-8", "layer")
    for bad in (["a"], [1.5], [True]):
        with pytest.raises(ArgumentTypeError, match="terms of `vocabulary` must be integers"):
            terms_from(bad, None, "layer")
    with pytest.raises(ArgumentTypeError, match="must be a list, a tuple, an array, or the path of a file"):
        terms_from(3, None, "layer")
    with pytest.raises(ArgumentError, match="empty vocabulary"):
        terms_from([], None, "layer")
    with pytest.raises(ArgumentError, match="one axis"):
        terms_from(np.array([["a"]]), "utf-8", "layer")


def test_files(tmp_path):
    path = tmp_path / "terms.txt"
    path.write_bytes("über\r\nb c\n\nd\x85e\n".encode())
    assert read_lines(str(path), "layer") == ["über", "b c", "", "d\x85e"]
    path.write_bytes(b"\xff")
    for bad in (path, tmp_path, tmp_path / "none"):
        with pytest.raises(FileReadError, match="layer: vocabulary file"):
            read_lines(str(bad), "layer")


def test_checks():
    check_terms(["a", "b"], ["a", "b"], ["?"], {"oov_token": "?", "mask_token": None}, "layer")
    with pytest.raises(ArgumentError, match=r"at least one repeated term.*\['a'\]"):
        check_terms(["a", "b", "a"], ["a", "b", "a"], [], {}, "layer")
    with pytest.raises(ArgumentError, match="reserved `oov_token` .*at index 1"):
        check_terms(["a", "?"], ["a", "?"], ["?"], {"oov_token": "?"}, "layer")


def test_plain_lists():
    assert plain_list(np.array([1, 2])) == [1, 2] and plain_list(("a",)) == ["a"] and plain_list(None) is None
