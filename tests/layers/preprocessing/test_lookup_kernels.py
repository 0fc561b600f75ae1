"""Lookups: unknown terms and masks; the bins are those of TensorFlow 2.21."""

import numpy as np
import pytest

from minikeras.errors import DataError
from minikeras.layers.preprocessing.lookup_kernels import Inverse, Lookup, bins
from minikeras.layers.preprocessing.terms import Terms


def lookup(terms, oov_count=1, mask=None, encoding="utf-8", **options):
    settings = {"mask_index": 0, "oov_start": 0, "hashes": False, "salt": None, **options}
    return Lookup(Terms(terms, oov_count), "layer", mask, oov_count=oov_count, encoding=encoding, **settings)


def test_strings_and_bytes():
    x = np.array([["b", b"a"], ["z", ""]], object)
    assert lookup(["a", "b"]).indices(x).tolist() == [[2, 1], [0, 0]]
    assert lookup(["a", "b"], mask="", mask_index=-2).indices(x).tolist() == [[2, 1], [0, -2]]


def test_integers():
    assert lookup([5, 7], 3, encoding=None).indices(np.array([5, -4, 7, 8])).tolist() == [3, 2, 4, 2]
    hashed = lookup([10, 20], 5, encoding=None, hashes=True)  # issue 22327 of Keras
    assert hashed.indices(np.array([10, 20, 3, 6, 9, 12, 15])).tolist() == [5, 6, 1, 2, 0, 3, 3]


def test_no_index_for_unknown_terms():
    assert lookup(["a"], 0).indices(np.array(["a"], object)).tolist() == [0]
    with pytest.raises(DataError, match=r"layer: with `num_oov_indices=0` .* Received: \['z', 'y'\]"):
        lookup(["a"], 0).indices(np.array(["a", "z", "z", "y"], object))


def test_bins():
    assert bins(["A", "B", "", "D", "A"], 3, None).tolist() == [1, 0, 2, 1, 1]
    assert bins(["A", "B", "C", "D"], 4, [133, 133]).tolist() == [3, 2, 2, 1]  # `Hashing(4, salt=133)` of Keras


def test_inverse():
    x = np.array([[0, 1], [2, 9]])
    assert Inverse(Terms(["a", "b"], 1), "layer", None, "?", "string").terms_of(x).tolist() == [["?", "a"], ["b", "?"]]
    found = Inverse(Terms([5, 6], 2), "layer", -1, 0, "int64").terms_of(np.array([0, 1, 2, 3, -5]))
    assert found.dtype == np.int64 and found.tolist() == [-1, 0, 5, 6, 0]
    with pytest.raises(DataError, match="expected integers. Received: 0.5"):
        Inverse(Terms(["a"], 1), "layer", None, "?", "string").terms_of(np.array([0.5]))
