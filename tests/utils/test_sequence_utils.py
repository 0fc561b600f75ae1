"""Sequences of different lengths as one array."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, DataError, UnknownNameError
from minikeras.utils import pad_sequences

RAGGED = [[1], [2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 0, 1], [0, 2, 3], [4, 5, 6]]),
        ({"padding": "post"}, [[1, 0, 0], [2, 3, 0], [4, 5, 6]]),
        ({"maxlen": 2}, [[0, 1], [2, 3], [5, 6]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [2, 3], [4, 5]]),
        ({"maxlen": 4, "value": 9}, [[9, 9, 9, 1], [9, 9, 2, 3], [9, 4, 5, 6]]),
    ],
)
def test_padding_and_truncating(options, expected):
    padded = pad_sequences(RAGGED, **options)
    assert padded.tolist() == expected and padded.dtype == np.int32


def test_dtypes():
    assert pad_sequences([[0.5], [1, 2]], dtype="float32").tolist() == [[0, 0.5], [1, 2]]
    assert pad_sequences([["a"], ["b", "c"]], dtype=object, value="pad").tolist() == [["pad", "a"], ["b", "c"]]


def test_elements_that_are_arrays():
    padded = pad_sequences([np.ones((1, 2)), np.full((2, 2), 3)], padding="post")
    assert padded.tolist() == [[[1, 1], [0, 0]], [[3, 3], [3, 3]]]


def test_empty_sequences():
    assert pad_sequences([[], [1]]).tolist() == [[0], [1]]
    assert pad_sequences([]).shape == (0, 0) and pad_sequences([[]]).shape == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"padding": "both"}, UnknownNameError, "`padding` of `pad_sequences`"),
        ({"truncating": "posts"}, UnknownNameError, "Did you mean 'post'"),
        ({"sequences": 3}, ArgumentTypeError, "a list of sequences"),
        ({"sequences": [[1], 2]}, DataError, "Received at 1: 2"),
        ({"sequences": [[[1, 2]], [[1]]]}, DataError, r"sequence 1 have shape \(1,\)"),
        ({"value": "pad"}, ArgumentError, "dtype=object"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        pad_sequences(**{"sequences": RAGGED, **arguments})
