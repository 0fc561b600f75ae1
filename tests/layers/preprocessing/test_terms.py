"""The indices of terms."""

import numpy as np

from minikeras.layers.preprocessing.terms import Terms


def test_strings():
    terms = Terms(["b", "ä"], 2)
    assert len(terms) == 2 and terms.indices(["ä", "b", "c"]) == [3, 2, -1]
    assert terms.with_padding(0) == {"b": 2, "ä": 3, "": 0}
    assert terms.with_padding(-2)[""] == -2


def test_integers():
    terms = Terms([7, -3, 5], 1)
    assert terms.indices_of_numbers(np.array([[5, 7], [9, -3]])).tolist() == [[3, 1], [-1, 2]]
    assert Terms([], 1).indices_of_numbers(np.array([5])).tolist() == [-1]
