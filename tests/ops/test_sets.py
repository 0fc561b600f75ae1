"""Unique elements and membership."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ArgumentTypeError, ReplayWarning
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.int32([3, 1, 2, 1, 3, 3])
EVERY = {"return_index": True, "return_inverse": True, "return_counts": True}


def lists(found):
    return [each.tolist() for each in found]


def test_unique():
    assert ops.unique(X).tolist() == [1, 2, 3]
    assert lists(ops.unique(X, **EVERY)) == [[1, 2, 3], [1, 2, 0], [2, 0, 1, 0, 2, 2], [2, 1, 3]]
    assert lists(ops.unique(X, sorted=False, **EVERY)) == [[3, 1, 2], [0, 1, 2], [0, 1, 2, 1, 0, 0], [3, 2, 1]]
    assert all(each.dtype == "int32" for each in ops.unique(X, **EVERY))
    assert lists(ops.unique([True, False, True], return_counts=True)) == [[False, True], [1, 2]]


def test_a_fixed_size():
    found = lists(ops.unique(X, size=5, **EVERY))
    assert found == [[1, 2, 3, 0, 0], [1, 2, 0, 1, 1], [2, 0, 1, 0, 2, 2], [2, 1, 3, 0, 0]]
    assert ops.unique(X, size=5, fill_value=-7).tolist() == [1, 2, 3, -7, -7]
    assert lists(ops.unique(X, size=2, **EVERY)) == [[1, 2], [1, 2], [2, 0, 1, 0, 2, 2], [2, 1]]
    assert lists(ops.unique(X, sorted=False, size=2, **EVERY)) == [[3, 1], [0, 1], [0, 1, 2, 1, 0, 0], [3, 2]]
    assert ops.unique(X, size=0).tolist() == [] and ops.unique(X, size=5, fill_value=2.7).tolist() == [1, 2, 3, 2, 2]
    with pytest.raises(ArgumentError, match="at least 0. Received: size=-1"):
        ops.unique(X, size=-1)


@pytest.mark.parametrize("size", [2.5, np.float32(2), "a", [2], (2,)])
def test_sizes_that_are_no_integers(size):
    def call(x):
        return ops.unique(x, size=size)

    for run, x in ((call, X), (Step(call, "step"), X), (call, KerasTensor((6,))), (call, KerasTensor((None,)))):
        with pytest.raises(ArgumentTypeError, match="`unique` expects `size` to .* integer"):
            run(x)


@pytest.mark.parametrize("x", [X, KerasTensor((6,), "int32"), KerasTensor((None,), "int32")])
def test_a_padding_that_is_no_integer(x):
    with pytest.raises(ArgumentError, match="nan does not exist in the dtype int32"):
        ops.unique(x, size=5, fill_value=float("nan"))


def test_along_an_axis():
    x = np.int32([[1, 0, 0], [0, 1, 0], [1, 0, 0]])
    assert lists(ops.unique(x, axis=0, **EVERY)) == [[[0, 1, 0], [1, 0, 0]], [1, 0], [1, 0, 1], [1, 2]]
    assert lists(ops.unique(x, axis=0, sorted=False, **EVERY)) == [[[1, 0, 0], [0, 1, 0]], [0, 1], [0, 1, 0], [2, 1]]
    columns, first, numbers, counts = ops.unique(x, axis=-1, size=4, fill_value=9, **EVERY)
    assert columns.tolist() == [[0, 0, 1, 9], [0, 1, 0, 9], [0, 0, 1, 9]]
    assert lists([first, numbers, counts]) == [[2, 1, 0, 2], [2, 1, 0], [1, 1, 1, 0]]
    assert lists(ops.unique(x, return_index=True, return_inverse=True)) == [[0, 1], [1, 0], x.tolist()]


def test_special_values():
    nan = float("nan")
    values, counts = ops.unique(np.float32([1, nan, nan, 0, -0.0]), return_counts=True)
    np.testing.assert_array_equal(values, np.float32([0, 1, nan, nan]))
    assert counts.tolist() == [2, 1, 1, 1]
    assert lists(ops.unique(3, return_inverse=True)) == [[3], 0]
    empty = np.zeros(0, "float32")
    assert lists(ops.unique(empty, **EVERY)) == [[], [], [], []]
    assert lists(ops.unique(empty, size=2, fill_value=4, **EVERY)) == [[4, 4], [0, 0], [], [0, 0]]
    assert ops.unique(np.zeros((3, 0)), axis=0).shape == (1, 0)


def test_unique_has_gradients():
    x = np.array([5.0, 5.0, 3.0, 7.0])
    check_grads(lambda x: ops.square(ops.unique(x, size=4)) * np.arange(1.0, 5.0), np.array([5.0, 4.0, 3.0]))
    assert ops.unique(x).tolist() == [3, 5, 7]


def test_in_steps():
    run_step_test(lambda x: list(ops.unique(x, size=4, **EVERY)), X, np.int32([9, 8, 7, 6, 5, 4]))
    with pytest.warns(ReplayWarning, match="eagerly"):
        with pytest.raises(AssertionError, match="not replayed"):
            run_step_test(ops.unique, X, X)


def test_symbolic():
    x = KerasTensor((None, 3))
    values, first, numbers, counts = ops.unique(x, **EVERY)
    assert [each.shape for each in (values, first, numbers, counts)] == [(None,), (None,), (None, 3), (None,)]
    assert [each.shape for each in ops.unique(x, axis=0, size=5, return_inverse=True)] == [(5, 3), (None,)]


def test_isin():
    x = np.int32([[1, 2], [3, 4]])
    assert ops.isin(x, np.float32([2, 4, 4])).tolist() == [[False, True], [False, True]]
    assert ops.isin([1, 2, 3], 2, assume_unique=True, invert=True).tolist() == [True, False, True]
    assert ops.isin(np.float32([1, np.nan]), np.float32([np.nan, 1])).tolist() == [True, False]
    assert ops.isin([1.5, 2.0], [1, 2]).tolist() == [False, True]
    assert ops.isin(1, [1, 2]).shape == () and ops.isin(x, np.zeros(0)).tolist() == [[False] * 2] * 2
    assert ops.isin(KerasTensor((None, 2)), [1.0]).dtype == "bool"
    run_step_test(lambda x: ops.isin(x, [1, 4]), x, x + 1)


def test_unique_of_nothing():
    for x in (np.zeros((0, 2), "float32"), KerasTensor((0, 2))):
        found = ops.unique(x, return_index=True, return_counts=True, size=3, fill_value=7)
        assert [each.shape for each in found] == [(3,)] * 3
        assert ops.unique(x, axis=0, size=2).shape == (2, 2)
    assert ops.unique(np.zeros(0), size=2, fill_value=7).tolist() == [7, 7]
