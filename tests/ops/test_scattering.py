"""Scatters: worked by hand, repeated indices, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.float32([1, 2, 3, 4])


def test_scatter_adds_values_with_the_same_index():
    assert ops.scatter([[0], [2], [0]], np.float32([1, 2, 4]), (4,)).tolist() == [5, 0, 2, 0]
    assert ops.scatter([[-1], [0]], [[1, 2], [3, 4]], (3, 2)).tolist() == [[3, 4], [0, 0], [1, 2]]
    assert ops.scatter([[0, 1], [1, 1]], [1.0, 1.0], shape=(2, 2)).tolist() == [[0, 1], [0, 1]]
    assert ops.scatter([[[0], [0]], [[2], [1]]], [[1.0, 2.0], [3.0, 4.0]], (4,)).tolist() == [3, 4, 3, 0]
    assert ops.scatter([[1], [1]], np.uint8([200, 100]), (2,)).tolist() == [0, 44]
    assert ops.scatter(np.zeros((0, 1), "int32"), np.float32([]), (2,)).tolist() == [0, 0]
    assert ops.scatter(np.uint64([[1]]), [2.0], [2]).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [
        (None, [-6, 2, 7, 4]),
        ("add", [0, 2, 10, 4]),
        ("max", [5, 2, 7, 4]),
        ("min", [-6, 2, 3, 4]),
        ("mul", [-30, 2, 21, 4]),
    ],
)
def test_scatter_update(reduction, expected):
    updates, places = np.float32([5, -6, 7]), [[0], [0], [2]]
    assert ops.scatter_update(X, places, updates, reduction).tolist() == expected
    assert ops.scatter_update(X, places, [5, -6, 7], reduction).dtype == "float32"
    rows = ops.scatter_update(X.reshape(2, 2), [[0, 0], [0, 0], [-1, 0]], updates, reduction)
    assert rows.tolist() == np.reshape(expected, (2, 2)).tolist()
    values = np.array([5, -6, 7, 0.5])
    check_grads(
        lambda x, y: ops.square(ops.scatter_update(x, [[0], [0], [2], [-1]], y, reduction)), X.astype("float64"), values
    )
    x = np.random.default_rng(0).normal(size=(2, 3, 2))
    check_grads(
        lambda x, y: ops.square(ops.scatter_update(x, [[[0, 1], [0, 1]], [[1, 0], [0, 0]]], y, reduction)),
        x,
        x.reshape(3, 2, 2)[:2] + 0.1,
    )


def test_products_have_gradients_where_factors_are_0():
    places = [[0], [0], [0], [1], [2]]
    for updates in ([0.0, 0.0, 7.0, 0.0, 4.0], [0.0, 2.0, 7.0, 0.0, 4.0]):
        check_grads(
            lambda x, y: ops.square(ops.scatter_update(x, places, y, "mul") + 1),
            np.array([1.0, 0.0, 3.0]),
            np.array(updates),
        )


def test_equal_values_share_the_gradient():
    with Trace() as trace:
        x, y = Tensor(np.float32([5, 1]), trace), Tensor(np.float32([5, 5, 0]), trace)
        found = gradients(ops.sum(ops.scatter_update(x, [[0], [0], [1]], y, "max") * np.float32([6, 7])), [x, y])
        assert [grad.array.tolist() for grad in found] == [[2, 7], [2, 2, 0]]


def test_the_last_update_of_a_place_gets_its_gradient():
    with Trace() as trace:
        x, y = Tensor(X, trace), Tensor(np.float32([5, 6]), trace)
        found = gradients(ops.sum(ops.scatter_update(x, [[1], [1]], y) * (X + 1)), [x, y])
        assert [getattr(grad, "array", grad).tolist() for grad in found] == [[2, 0, 4, 5], [0, 3]]


def test_special_values():
    assert np.isnan(ops.scatter_update(X, [[0]], np.float32([np.nan]), "max")[0])
    assert ops.scatter_update(np.int32([1, 2]), [[0]], np.float32([5.7])).tolist() == [5, 2]
    assert ops.scatter_update(np.zeros((3, 2), "float32"), [[0], [1]], [5, 6]).tolist() == [[5, 6], [5, 6], [0, 0]]
    assert ops.scatter_update(np.zeros((2, 0, 3), "float32"), np.zeros((0, 2), "int32"), np.zeros((0, 3))).shape == (
        2,
        0,
        3,
    )
    assert ops.scatter_update(X, np.zeros((0, 1), "int32"), [], "add").tolist() == X.tolist()


def test_indices_are_data():
    run_step_test(
        lambda data: [ops.scatter_update(data[0], data[1], data[2], "add"), ops.scatter(data[1], data[2], (2, 2))],
        [X.reshape(2, 2), np.int32([[0, 1], [0, 1]]), np.float32([1, 2])],
        [X.reshape(2, 2), np.int32([[1, -1], [0, 0]]), np.float32([3, 4])],
    )


def test_free_sizes():
    places, rows = KerasTensor((None, 1), "int32"), KerasTensor((None, 3))
    assert ops.scatter_update(KerasTensor((None, 3)), places, rows, "add").shape == (None, 3)
    assert ops.scatter_update(KerasTensor((None, 3)), KerasTensor((4, 2), "int32"), rows[:, 0]).shape == (None, 3)
    assert ops.scatter(places, rows, (7, 3)).shape == (7, 3)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((X, [[4]], [1.0]), ArgumentError, r"index \[4\] is outside of a tensor .* sizes \(4,\)"),
        ((X, [[-5]], [1.0]), ArgumentError, r"index \[-5\]"),
        ((X, [[0.0]], [1.0]), ArgumentTypeError, "expects integers as indices. Received: dtype float32"),
        ((X, [[0, 1]], [1.0]), ShapeError, r"k from 1 to the 1 axes .* shape \(1, 2\)"),
        ((X, 0, [1.0]), ShapeError, r"indices of shape \(\)"),
        ((X, [[0]], [1.0, 2.0]), ShapeError, r"values of shape \(1,\) for these indices. Received: shape \(2,\)"),
        ((X, [[0]], [1.0], "sum"), ArgumentError, "'add', 'max', 'min' or 'mul' as `reduction`. Received: .*'sum'"),
    ],
)
def test_refused(arguments, error, message):
    with pytest.raises(error, match=f"`scatter_update`.*{message}"):
        ops.scatter_update(*arguments)


def test_scatter_needs_a_value_for_each_index():
    with pytest.raises(ShapeError, match=r"`scatter` expects values of shape \(2,\) .* Received: shape \(1,\)"):
        ops.scatter([[0], [1]], [1.0], (3,))
