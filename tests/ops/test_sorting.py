"""Sorting, the largest elements, and ties among them."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, DTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

ROWS = np.float32([[1, 4, 3, 4], [0, -1, -2, -3]])


def test_sort():
    assert ops.sort(ROWS).tolist() == [[1, 3, 4, 4], [-3, -2, -1, 0]]
    assert ops.argsort(ROWS).tolist() == [[0, 2, 1, 3], [3, 2, 1, 0]]  # equal elements keep their order
    assert ops.sort(ROWS, axis=0).tolist() == [[0, -1, -2, -3], [1, 4, 3, 4]]
    assert ops.sort(ROWS, axis=None).tolist() == [-3, -2, -1, 0, 1, 3, 4, 4]
    assert ops.argsort(ROWS, axis=None).tolist() == [7, 6, 5, 4, 0, 2, 1, 3]
    assert ops.argsort(3.0).tolist() == [0] and ops.argsort(ROWS).dtype == np.int32
    check_grads(lambda x: ops.square(ops.sort(x, axis=0)) * np.float64([[1], [10]]), ROWS)
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        ops.sort(ROWS, axis=2)


def test_top_k():
    values, places = ops.top_k(ROWS, 3)
    assert values.tolist() == [[4, 4, 3], [0, -1, -2]] and places.tolist() == [[1, 3, 2], [0, 1, 2]]
    assert (values.dtype, places.dtype) == ("float32", "int32")
    assert [part.shape for part in ops.top_k(ROWS, 0)] == [(2, 0), (2, 0)]
    assert [part.tolist() for part in ops.top_k([2, 1], 1, sorted=False)] == [[2], [0]]


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64", "float16", "float64"])
def test_the_first_of_equal_elements_comes_first(dtype):
    values, places = ops.top_k(np.array([0, 7, 5, 7, 7], dtype), 4)
    assert values.tolist() == [7, 7, 7, 5] and places.tolist() == [1, 3, 4, 2] and values.dtype == dtype


def test_smallest_integer_and_nan():
    assert ops.top_k(np.int8([-128, 1]), 1)[1].tolist() == [1]
    assert ops.top_k(np.float32([1, np.nan, 2]), 2)[1].tolist() == [2, 0]
    assert ops.top_k(np.float32([-np.inf, np.inf]), 1)[1].tolist() == [1]


def test_gradient_of_the_largest():
    check_grads(lambda x: ops.square(ops.top_k(x, 2)[0]), np.float64([[1, 5, 3], [0, 2, 4]]))


@pytest.mark.parametrize("value", [ROWS, KerasTensor((None, 4)), 3.0])
def test_too_few_elements(value):
    with pytest.raises(ShapeError, match="`top_k` expects a last axis of at least k=5 elements"):
        ops.top_k(value, 5)
    with pytest.raises(ShapeError, match="k=-1"):
        ops.top_k(value, -1)


def test_in_top_k():
    scores = np.float32([[0.1, 0.5, 0.4], [0.1, 0.5, 0.4], [0.1, 0.5, 0.4]])
    assert ops.in_top_k([0, 1, 2], scores, 1).tolist() == [False, True, False]
    assert ops.in_top_k([0, 1, 2], scores, 2).tolist() == [False, True, True]
    assert ops.in_top_k([0, 1, 2], scores, 9).tolist() == [True, True, True]
    assert ops.in_top_k([0, 1, 2], scores, 0).tolist() == [False, False, False]


def test_ties_count():
    assert ops.in_top_k([0, 2, 1], [[1, 2, 2], [1, 2, 2], [1, 2, 2]], 1).tolist() == [False, True, True]


def test_what_is_never_among_the_largest():
    assert ops.in_top_k([-1, 3], np.ones((2, 3), "float32"), 3).tolist() == [False, False]
    unclear = np.float32([[1, np.inf], [np.nan, 1], [0, 1]])
    assert ops.in_top_k([0, 1, 1], unclear, 2).tolist() == [False, False, True]


@pytest.mark.parametrize(("targets", "scores"), [((2,), (3, 4)), ((2, 1), (2, 4)), ((2,), (2,)), ((2,), (2, 3, 4))])
def test_scores_of_another_shape(targets, scores):
    with pytest.raises(ShapeError, match="`in_top_k` expects predictions of shape"):
        ops.in_top_k(np.zeros(targets, "int32"), np.zeros(scores), 1)


@pytest.mark.parametrize("kth", [0, 2, -1])
@pytest.mark.parametrize("axis", [-1, 0, None])
def test_argpartition(kth, axis):
    x = np.float32([[3, 1, 2], [0, 5, 4], [9, 7, np.nan]])
    order = ops.argpartition(x, kth, axis)
    flat, along = (x.ravel(), 0) if axis is None else (x, axis)
    taken, expected = np.take_along_axis(flat, order, along), np.sort(flat, along)
    position = kth % flat.shape[along]
    np.testing.assert_array_equal(np.take(taken, position, along), np.take(expected, position, along))
    np.testing.assert_array_equal(np.sort(taken, along), expected)
    smaller = np.sort(np.take(taken, range(position), along), along)
    np.testing.assert_array_equal(smaller, np.take(expected, range(position), along))
    assert order.dtype == "int32"


def test_argpartition_elsewhere():
    assert ops.argpartition(5.0, 0).tolist() == [0] and sorted(ops.argpartition([True, False], 0)) == [0, 1]
    assert ops.argpartition(KerasTensor((None, 3)), 1).shape == (None, 3)
    assert ops.argpartition(KerasTensor((2, 3)), 1, axis=None).shape == (6,)
    for kth in (4, -5):
        with pytest.raises(ArgumentError, match=f"-4 <= kth < 4, for axis 1. Received: kth={kth}"):
            ops.argpartition(ROWS, kth)
    with pytest.raises(ArgumentTypeError, match=r"an integer as `kth`. Received: kth=\[0, 1\]"):
        ops.argpartition(ROWS, [0, 1])
    for several in ((0, 1), np.array([0, 1])):  # Keras takes them on no backend that trains
        for x in (ROWS, KerasTensor((None, 4))):
            with pytest.raises(ArgumentTypeError, match="an integer as `kth`"):
                ops.argpartition(x, several)


def test_complex_numbers_have_no_order():
    x = np.complex64([1, 2j])
    calls = {
        "argmax": ops.argmax,
        "argmin": ops.argmin,
        "argpartition": lambda x: ops.argpartition(x, 1),
        "clip": lambda x: ops.clip(x, 0, 1),
        "ctc_loss": lambda x: ops.ctc_loss([[1]], ops.reshape(x, (1, 1, 2)), [1], [1]),
        "heaviside": lambda x: ops.heaviside(x, 1),
        "max_pool": lambda x: ops.max_pool(ops.reshape(x, (1, 2, 1)), 2),
        "top_k": lambda x: ops.top_k(x, 1),
    }
    for name, function in calls.items():
        for value in (x, KerasTensor((2,), "complex64")):
            with pytest.raises(DTypeError, match=f"`{name}` expects real numbers. Received: dtype complex64"):
                function(value)


def test_in_top_k_without_classes():
    assert ops.in_top_k([0, 1], np.zeros((2, 0), "float32"), 1).tolist() == [False, False]
