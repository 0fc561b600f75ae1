"""Data in all the forms users give it, brought to nested arrays."""

from collections import namedtuple

import numpy as np
import pytest

from minikeras.errors import ArgumentError, DataError
from minikeras.training.arrays import as_arrays, common_length, dense, split

X = np.arange(14.0).reshape(7, 2)
Y = np.arange(7)
Pair = namedtuple("Pair", "left right")


class Frame:
    """What can be made an array, as a tensor of another library can."""

    def __array__(self, dtype=None, copy=None):
        return X


def test_structures_are_kept():
    found = as_arrays({"b": (X, [Y]), "a": Pair(Y, X)}, "x")
    assert found["b"][0] is X and found["b"][1][0] is Y
    assert type(found["a"]) is Pair and found["a"].right is X
    assert as_arrays(None, "x") is None


def test_lists_of_numbers_become_arrays():
    assert as_arrays([[1, 2], [3, 4]], "x").tolist() == [[1, 2], [3, 4]]
    assert [part.shape for part in as_arrays([Y, [1, 2]], "x")] == [(7,), (2,)]  # an array among them: a structure
    assert as_arrays([np.float32(1), np.float32(2)], "x").shape == (2,)
    assert as_arrays(Frame(), "x") is X


class OwnArray(np.ndarray):
    pass


def test_subclasses_of_arrays_are_left_behind():
    assert type(as_arrays(X.view(OwnArray), "x")) is np.ndarray
    masked = np.ma.masked_array(X, mask=np.zeros_like(X))
    assert type(as_arrays(masked, "x")) is np.ndarray
    masked[0, 0] = np.ma.masked
    with pytest.raises(DataError, match="`x` is a masked array, and 1 of its elements are masked"):
        as_arrays(masked, "x")


REFUSED = {
    "text": (["a", "b"], "`x` must be numeric. Received: an array of dtype <U1"),
    "a number": (3, "`x` must be a numpy array.*Received: 3"),
    "a scalar array": (np.float32(3), "`x` must have a batch axis"),
    "a generator": ((row for row in X), "Received: generator. A generator or dataset must yield whole batches"),
    "ragged": ([[1.0], [1.0, 2.0]], "`x` is a list whose rows do not have one length"),
    "nothing": ([], r"`x` is empty.*Received: shape \(0,\)"),
    "a part": ({"k": [X, X[:0]]}, r"`x\['k'\]\[1\]` is empty"),
    "keys": ({"k": X, 1: X}, r"`x` must be a dict with strings as keys. Received: keys \['k', 1\]"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    part, message = REFUSED[case]
    with pytest.raises(DataError, match=message):
        as_arrays(part, "x")


def test_the_number_of_examples():
    assert common_length(({"a": X}, Y, None), ("x", "y", "sample_weight")) == 7
    with pytest.raises(DataError, match="Received: x: 7, y: 6"):
        common_length((X, Y[:6]), ("x", "y"))
    with pytest.raises(DataError, match="There is no data: `x` is None"):
        common_length((None, Y), ("x", "y"))


def test_dense_leaves_arrays_alone():
    assert dense([X, None])[0] is X and dense([Frame()])[0] is X


def test_split():
    first, last = split((X, Y, None), 0.3)  # int(7 * 0.7) = 4, as in Keras
    assert first[1].tolist() == [0, 1, 2, 3] and last[1].tolist() == [4, 5, 6] and first[2] is None
    with pytest.raises(ArgumentError, match="of 7 examples leaves 0 for training and 7 for validation"):
        split((X, Y, None), 0.99)


def test_missing_values_among_strings():
    for missing in (None, float("nan"), 3):
        with pytest.raises(DataError, match=rf"`x` must be numbers or strings.*Received: {missing} at \[1, 0\]"):
            as_arrays(np.array([["a"], [missing]], object), "x", takes_text=True)
