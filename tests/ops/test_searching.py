"""Indices of extrema, insertion points and counts."""

import numpy as np
import pytest

from minikeras import Model, ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ReplayWarning, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.layers import Input
from minikeras.ops.searching import argmax_last_axis
from tests.helpers import run_step_test


@pytest.mark.parametrize(
    ("name", "axis", "keepdims", "expected"),
    [
        ("argmax", None, False, 5),
        ("argmax", 0, False, [1, 0, 1]),
        ("argmax", -1, True, [[1], [2]]),
        ("argmax", None, True, [[5]]),
        ("argmin", 1, False, [0, 1]),
    ],
)
def test_indices(name, axis, keepdims, expected):
    result = getattr(ops, name)([[1.0, 7.0, 2.0], [4.0, 3.0, 9.0]], axis=axis, keepdims=keepdims)
    assert result.tolist() == expected and result.dtype == "int32"


def test_searchsorted():
    assert ops.searchsorted([1.0, 2.0, 2.0, 3.0], [[0.0, 2.0], [2.5, 4.0]]).tolist() == [[0, 1], [3, 4]]
    assert ops.searchsorted([1, 2, 2, 3], 2, side="right").tolist() == 3
    assert ops.searchsorted([1, 2], 1.5).dtype == "int32"
    with pytest.raises(ArgumentError, match="side='middle'"):
        ops.searchsorted([1, 2], 1, side="middle")
    with pytest.raises(ShapeError, match=r"one axis. Received: sorted_sequence of shape \(1, 2\)"):
        ops.searchsorted([[1, 2]], 1)


@pytest.mark.parametrize(
    ("name", "value", "expected"), [("argmax", [1, 5, 5], 1), ("argmin", [[2.0, 1.0], [1.0, 3.0]], 1)]
)
def test_the_first_of_equal_elements(name, value, expected):
    result = getattr(ops, name)(value)
    assert result == expected and result.dtype == "int32" and result.shape == ()


@pytest.mark.parametrize("name", ["argmax", "argmin"])
@pytest.mark.parametrize("axis", [3, -4])
def test_axes_that_do_not_exist(name, axis):
    for value in (np.zeros((2, 3, 4), "float32"), KerasTensor((None, 3, 4))):
        with pytest.raises(ArgumentError, match="3 axes"):
            getattr(ops, name)(value, axis=axis)


def test_argmax_along_the_last_axis():
    found = argmax_last_axis(np.float32([[1, 7, 2], [4, 3, 9]]))
    assert found.tolist() == [1, 2] and found.dtype == np.intp


def test_count_nonzero():
    assert ops.count_nonzero([[0, 1], [2, 0]], axis=1).tolist() == [1, 1] and int(ops.count_nonzero([0.0])) == 0


def test_nonzero():
    x = np.float32([[1, 0, 2], [0, 0, np.nan]])
    rows, columns = ops.nonzero(x)
    assert (rows.tolist(), columns.tolist()) == ([0, 0, 1], [0, 2, 2]) and rows.dtype == columns.dtype == "int32"
    assert [each.tolist() for each in ops.nonzero([False, True])] == [[1]]
    assert [each.shape for each in ops.nonzero(np.zeros((0, 2)))] == [(0,), (0,)]
    assert [(each.shape, each.dtype) for each in ops.nonzero(KerasTensor((None, 3)))] == [((None,), "int32")] * 2
    with pytest.raises(ShapeError, match="at least one axis"):
        ops.nonzero(3.0)


def test_nonzero_elements_of_data_are_not_replayed():
    data = np.float32([1, 0, 2])
    with pytest.warns(ReplayWarning, match="eagerly"):
        with pytest.raises(AssertionError, match="not replayed"):
            run_step_test(lambda x: ops.take(x, ops.nonzero(x)[0]), data, data)
    run_step_test(lambda x: ops.take(x, ops.nonzero(data)[0]), data, data)  # these are constants


def test_nonzero_in_a_model():
    inputs = Input((3,))
    model = Model(inputs, ops.where(inputs > 1)[1])
    assert model(np.float32([[1, 2, 3], [4, 0, 0]])).tolist() == [1, 2, 0]


def test_unravel_index():
    found = ops.unravel_index([[5, 0], [-1, -12]], (3, 4))
    assert [each.tolist() for each in found] == [[[1, 0], [2, 0]], [[1, 0], [3, 0]]]
    assert [each.dtype for each in ops.unravel_index(np.uint8([5]), [7])] == ["uint8"]
    assert [int(each) for each in ops.unravel_index(5, (3, 4))] == [1, 1]
    assert [each.shape for each in ops.unravel_index(KerasTensor((None, 2), "int64"), (3, 4))] == [(None, 2)] * 2
    for wrong in (12, -13):
        with pytest.raises(ArgumentError, match=f"from -12 to 11 for shape .* Received: indices from {wrong}"):
            ops.unravel_index([wrong], (3, 4))
    with pytest.raises(ArgumentTypeError, match="expects integers"):
        ops.unravel_index([1.0], (3, 4))
    with pytest.raises(ShapeError, match="at least one axis"):
        ops.unravel_index([0], ())


@pytest.mark.parametrize("name", ["argmax", "argmin", "nanargmax", "nanargmin"])
def test_the_largest_of_nothing(name):
    function = getattr(ops, name)
    assert function(np.zeros((0, 3)), axis=1).shape == (0,)
    for x in (np.zeros((0, 3)), KerasTensor((0, 3))):
        for axis in (None, 0, -2):
            with pytest.raises(ShapeError, match="needs an element at least. Received: shape"):
                function(x, axis=axis)
    with pytest.raises(ArgumentTypeError, match="an integer as axis"):
        function(np.zeros((2, 3)), axis=(0, 1))
