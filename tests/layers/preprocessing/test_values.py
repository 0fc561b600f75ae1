"""Values of any form, checked; and the batches that `adapt` reads."""

import numpy as np
import pytest

from minikeras.data import Dataset
from minikeras.errors import ArgumentTypeError, DataError, DTypeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.layers.preprocessing.values import (
    as_integers,
    as_strings,
    as_values,
    batches,
    bytes_of,
    check_encoding,
    is_whole,
    text_of,
    texts_of,
    whole_numbers,
)


@pytest.mark.parametrize("kind", [list, np.array, lambda x: np.array(x, object), lambda x: np.array(x, "S")])
def test_strings_in_any_form(kind):
    found = as_strings(kind(["a", "bc"]), "layer")
    assert found.dtype == object and texts_of(found, "utf-8") == ["a", "bc"]
    assert as_strings("word", "layer").shape == ()


def test_symbolic_values_pass():
    symbol = KerasTensor((None, 1), "string")
    assert as_strings(symbol, "layer") is symbol
    with pytest.raises(DTypeError, match="expected strings"):
        as_strings(KerasTensor((None, 1)), "layer")


def test_refused():
    with pytest.raises(DTypeError, match="layer: expected strings. Received: .*int64"):
        as_strings(np.array([1]), "layer")
    with pytest.raises(DTypeError, match="layer: expected integers. Received: strings"):
        as_integers(["a"], "layer")
    with pytest.raises(DataError, match="rows of one length"):
        as_values([["a"], ["b", "c"]], "layer")
    for mixed in (["a", 1], np.array(["a", None], object), np.array(["2020-01-01"], "datetime64[D]"), [None]):
        with pytest.raises(ArgumentTypeError, match="strings or numbers, and not both"):
            as_values(mixed, "layer")
    with pytest.raises(UnknownNameError, match="encoding of layer: 'utf-99'"):
        check_encoding("layer", "utf-99")


def test_whole_numbers():
    assert whole_numbers(np.float32([1, -2]), "layer").tolist() == [1, -2]
    assert whole_numbers(np.array([True]), "layer").dtype == np.int64
    for bad in ([1.5], [np.nan], [1e30], np.array([2**64 - 1], np.uint64)):
        with pytest.raises(DataError, match="layer: expected integers"):
            whole_numbers(np.asarray(bad), "layer")


def test_encodings():
    assert texts_of(np.array(["ä".encode("latin-1"), "b"], object), "latin-1") == ["ä", "b"]
    assert bytes_of(["ä".encode("latin-1"), "ä"], "latin-1") == ["ä".encode(), "ä".encode()]
    assert bytes_of([b"\xff", "é"]) == [b"\xff", "é".encode()]
    assert bytes_of(texts_of(np.array([b"\xff"], object), "utf-8")) == [b"\xff"]  # what is no UTF-8 is kept
    assert text_of("é".encode()) == "é"


def test_batches():
    data = ["a", "b"]
    assert list(batches(data, None, "layer")) == [data] and is_whole(np.zeros(2))
    assert list(batches(iter([1, 2, 3]), 2, "layer")) == [1, 2]
    assert [part.tolist() for part in batches(Dataset.from_tensor_slices(["a", "b"]).batch(1), None, "x")] == [
        ["a"],
        ["b"],
    ]
    for bad in ("text", {"a": 1}, 3, None):
        with pytest.raises(DataError, match="layer: `adapt` takes an array, a list, or an iterable"):
            list(batches(bad, None, "layer"))
    with pytest.raises(DataError, match="batches of inputs alone. Received: a tuple of 2"):
        list(batches(iter([(1, 2)]), None, "layer"))
