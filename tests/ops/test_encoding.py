"""Encoding of class indices."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError
from minikeras.graph.keras_tensor import KerasTensor


def test_one_hot():
    assert ops.one_hot([[0], [2]], 3).tolist() == [[[1, 0, 0]], [[0, 0, 1]]]
    assert ops.one_hot([1, -1, 3], 3).tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert ops.one_hot([1, 0], 2, axis=0, dtype="int32").tolist() == [[0, 1], [1, 0]]
    assert ops.one_hot(np.uint8([1]), 300).sum() == 1 and ops.one_hot(2, 3).tolist() == [0, 0, 1]
    with pytest.raises(NotSupportedError, match="sparse"):
        ops.one_hot([1], 2, sparse=True)


@pytest.mark.parametrize("count", [-1, 2.5, np.float32(2), None, "2"])
def test_one_hot_of_no_number_of_classes(count):
    with pytest.raises(ValueError, match="`num_classes` must be an integer, at least 0"):
        ops.one_hot([1, 0], count)


@pytest.mark.parametrize("axis", [(0,), [-1], 1.0, None])
def test_an_axis_of_one_hot_that_is_no_integer(axis):
    for x in (np.int32([1, 0]), KerasTensor((2,), "int32"), KerasTensor((None,), "int32")):
        for call in (ops.one_hot, ops.multi_hot):
            with pytest.raises(ArgumentTypeError, match="Expected an integer as axis"):
                call(x, 2, axis)
            with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
                call(x, 2, 2)


def test_multi_hot():
    assert ops.multi_hot([0, 2, -1, 7], 3).tolist() == [1, 0, 1]
    assert ops.multi_hot(np.int64([[0, 2], [1, 1]]), num_tokens=3).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert ops.multi_hot(np.float32([0, 2.7]), 3, dtype="bool").tolist() == [True, False, True]
    assert ops.multi_hot([[[0, 2], [1, 1]]], 3).tolist() == [[[1, 1, 0], [0, 1, 1]]]
    assert ops.multi_hot(KerasTensor((None, 3, 1), "int32"), 5).shape == (None, 1, 5)
    assert ops.multi_hot(KerasTensor((None, 3, 1), "int32"), 5, 1).shape == (None, 3, 1)


def test_bad_arguments_of_multi_hot():
    for x in (np.int32([0, 1]), KerasTensor((None,), "int32")):
        with pytest.raises(ArgumentError, match="`num_classes` must be given"):
            ops.multi_hot(x)
        with pytest.raises(ArgumentError, match="at least 0"):
            ops.multi_hot(x, -1)
        with pytest.raises(ArgumentTypeError, match="no arguments tokens"):
            ops.multi_hot(x, 3, tokens=3)
        with pytest.raises(NotSupportedError, match="sparse"):
            ops.multi_hot(x, 3, sparse=True)
