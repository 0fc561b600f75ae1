"""Token indices and counts."""

import numpy as np

from minikeras.layers.preprocessing.lookup_kernels import Lookup
from minikeras.layers.preprocessing.terms import Terms
from minikeras.layers.preprocessing.text_kernels import COUNTS, IDS, Vectorizer
from minikeras.layers.preprocessing.tokenizer import Tokenizer

TEXTS = np.array(["a b a", "", "q b"], object)


def vectorizer(mask_index=0, first=2, unknown=1, split="whitespace"):
    lookup = Lookup(Terms(["a", "b"], first), "layer", "", mask_index, unknown, 1, False, None, "utf-8")
    return Vectorizer(Tokenizer(None, split, None, "utf-8", "layer"), lookup, split is None)


def test_ids():
    own = vectorizer()
    assert IDS.kernel(TEXTS, vectorizer=own, length=None).tolist() == [[2, 3, 2], [0, 0, 0], [1, 3, 0]]
    assert IDS.kernel(TEXTS, vectorizer=own, length=2).tolist() == [[2, 3], [0, 0], [1, 3]]
    assert IDS.kernel(np.array("b", object), vectorizer=own, length=None).tolist() == [3]
    assert IDS.kernel(TEXTS[:0], vectorizer=own, length=None).shape == (0, 0)


def test_counts():
    own = vectorizer(mask_index=-2, first=1, unknown=0)
    expected = [[0, 2, 1], [0, 0, 0], [1, 0, 1]]
    assert COUNTS.kernel(TEXTS, vectorizer=own, depth=3, dtype="int64", counts=True).tolist() == expected
    found = COUNTS.kernel(TEXTS[:1], vectorizer=own, depth=3, dtype="float32", counts=False)
    assert found.dtype == np.float32 and found.tolist() == [[0, 1, 1]]


def test_empty_tokens_are_padding():
    own = vectorizer(split=None)
    assert IDS.kernel(np.array([["a", ""]], object), vectorizer=own, length=3).tolist() == [[2, 0, 0]]
    own = vectorizer(mask_index=-2, first=1, unknown=0, split=None)
    assert COUNTS.kernel(
        np.array([["a", ""]], object), vectorizer=own, depth=3, dtype="int64", counts=True
    ).tolist() == [[0, 1, 0]]
