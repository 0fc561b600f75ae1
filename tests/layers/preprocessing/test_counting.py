"""Counts of terms, and the order and weights that follow from them."""

import math

import numpy as np

from minikeras.layers.preprocessing.counting import Counts


def counted(each=True):
    counts = Counts()
    counts.add(iter([["b", "a", "b"], ["c"]]), each)
    counts.add([["a", ""]], each)
    return counts


def test_order():
    assert counted().most_frequent(None, ["", None]) == ["b", "a", "c"]
    assert counted().most_frequent(2, []) == ["b", "a"]


def test_weights():
    weights = counted().idf_weights(["b", "a", "z"], "float32")
    np.testing.assert_allclose(weights, [math.log(1 + 3 / 2), math.log(1 + 3 / 3), math.log(1 + 3)], rtol=1e-6)
    assert weights.dtype == np.float32 and counted().total == 3


def test_documents_are_counted_only_if_needed():
    counts = counted(each=False)
    assert (counts.total, dict(counts.documents)) == (0, {}) and counts.terms["b"] == 2
