"""Splitting: as numpy does it, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.arange(12.0).reshape(3, 4).astype("float32")
CUBE = np.arange(24).reshape(2, 3, 4)


def same(ours, theirs):
    assert len(ours) == len(theirs)
    for first, second in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(first, second)


def test_parts():
    for name, args in [
        ("split", (2, 1)),
        ("split", ([1, 3], 1)),
        ("split", ([1, 1, 2],)),
        ("split", (3,)),
        ("array_split", (2,)),
        ("array_split", (3, 1)),
        ("array_split", (5,)),
        ("hsplit", (2,)),
        ("hsplit", ([1],)),
        ("vsplit", (3,)),
    ]:
        same(getattr(ops, name)(X, *args), getattr(np, name)(X, *args))
    same(ops.hsplit(X[0], 2), np.hsplit(X[0], 2))
    same(ops.unstack(CUBE, axis=1), [CUBE[:, 0], CUBE[:, 1], CUBE[:, 2]])
    assert isinstance(ops.split(X, 3), list)


def test_parts_of_a_free_axis():
    x = KerasTensor((None, 4))
    assert [part.shape for part in ops.split(x, 3)] == [(None, 4)] * 3
    assert [part.shape for part in ops.array_split(x, 5)] == [(None, 4)] * 5
    assert [part.shape for part in ops.split(x, [1, 3])] == [(None, 4)] * 3


def test_free_sizes():
    x = KerasTensor((None, 4))
    assert [part.shape for part in ops.split(x, 2, 1)] == [(None, 2)] * 2
    assert [part.shape for part in ops.unstack(x, 3)] == [(4,)] * 3


BAD = {
    "unequal": (
        lambda: ops.split(X, 3, 1),
        ShapeError,
        r"of shape \(3, 4\) cannot be split into 3 equal",
    ),
    "no parts": (lambda: ops.split(X, 0), ShapeError, "cannot be split into 0"),
    "unequal, free batch": (
        lambda: ops.split(KerasTensor((None, 3)), 2, 1),
        ShapeError,
        "cannot be split into 2",
    ),
    "axis": (lambda: ops.split(X, 2, 2), ArgumentError, "Axis 2 does not exist"),
    "number": (lambda: ops.unstack(X, 2), ArgumentError, "`num` must be the size 3 of axis 0"),
    "no number": (lambda: ops.unstack(KerasTensor((None, 4))), ArgumentError, "Received: num=None"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name):
    function, error, message = BAD[name]
    with pytest.raises(error, match=message):
        function()


def test_dsplit():
    for where in (2, [1, 3]):
        same(ops.dsplit(CUBE, where), np.dsplit(CUBE, where))
    assert [each.shape for each in ops.dsplit(KerasTensor((None, 2, 4, 5)), 2)] == [(None, 2, 2, 5)] * 2
    with pytest.raises(ShapeError, match=r"`dsplit` expects at least three axes. Received: shape \(3, 4\)"):
        ops.dsplit(X, 2)
    with pytest.raises(ShapeError, match="`dsplit`: axis 2 .* 3 equal sections"):
        ops.dsplit(CUBE, 3)


# ---------------------------------------------------------------- gradients


def gradient_entries(function, x):
    """Returns the gradient of the sum of squares of the parts, and the names of the calls that compute it."""
    with Trace() as trace:
        x = Tensor(x, trace)
        parts = function(x)
        total = sum(ops.sum(part**2 * (number + 1)) for number, part in enumerate(parts))
        count = len(trace.entries)
        (grad,) = gradients(total, [x])
        return np.array(grad.array), [entry.primitive.name for entry in trace.entries[count:]]


def test_the_gradient_of_all_parts_is_one_concatenation():
    grad, names = gradient_entries(lambda x: ops.split(x, [1, 3], axis=1), X)
    assert np.array_equal(grad, 2 * X * np.float32([1, 2, 2, 3]))
    assert names.count("concatenate") == 1 and "put_item" not in names and "add" not in names


def test_parts_without_a_gradient():
    grad, _ = gradient_entries(lambda x: [ops.split(x, 2, axis=1)[1]], X)
    assert np.array_equal(grad, 2 * X * np.float32([0, 0, 1, 1]))
    grad, _ = gradient_entries(lambda x: [x, *ops.split(x, 2, axis=1)], X)  # used besides
    assert np.array_equal(grad, 2 * X * np.float32([3, 3, 4, 4]))


def test_parts_that_overlap_or_leave_something_out():
    grad, _ = gradient_entries(lambda x: ops.split(x, [3, 1], axis=1), X)
    assert np.array_equal(grad, 2 * X * np.float32([1, 4, 4, 3]))


@pytest.mark.parametrize("cut", [lambda x: ops.split(x, 2, axis=1), lambda x: ops.split(x, [1], axis=0)])
def test_gradients(cut):
    check_grads(lambda x: [ops.tanh(part) for part in cut(x)][::-1], X / 10)


def test_gradients_in_loops():
    def run(x, w):
        def turn(carry, row):
            first, second, third = ops.split(row @ w + carry, 3, axis=-1)
            new = ops.concatenate([second * third, ops.tanh(first), third], axis=-1)
            return new, first

        return ops.scan(turn, np.zeros((2, 6)), x)

    check_grads(run, np.random.default_rng(0).normal(size=(3, 2, 2)), np.random.default_rng(1).normal(size=(2, 6)))
