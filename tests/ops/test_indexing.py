"""Indexing by keys, arrays of indices and masks, with gradients."""

import numpy as np
import pytest

from minikeras import GradientTape, ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, OutOfRangeError, ReplayWarning, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: ops.take(x, [5, 0, -1]), [5, 0, 5]),
        (lambda x: ops.take(x, [[2], [0]], axis=1), [[[2], [0]], [[5], [3]]]),
        (lambda x: ops.take(x, 1, axis=0), [3, 4, 5]),
        (lambda x: ops.take_along_axis(x, [[2, 0], [-1, 1]], axis=1), [[2, 0], [5, 4]]),
        (lambda x: ops.take_along_axis(x, [[1, 0, 1]], axis=-2), [[3, 1, 5]]),
        (lambda x: ops.take_along_axis(x, [[0, 0]], axis=1), [[0, 0], [3, 3]]),
        (lambda x: ops.take_along_axis(x, [5, 0]), [5, 0]),
        (lambda x: ops.get_item(x, (0, slice(None, None, -1))), [2, 1, 0]),
        (lambda x: ops.get_item(x, [1, 0]), [[3, 4, 5], [0, 1, 2]]),
        (lambda x: ops.get_item(x, (Ellipsis, None, 2)), [[2], [5]]),
    ],
)
def test_by_hand(function, expected):
    assert function(X).tolist() == expected
    with Trace() as trace:
        result = function(Tensor(X, trace))
        assert result.array.tolist() == expected
    check_grads(lambda x: ops.square(function(x)), X + 1)


def test_the_gradient_of_elements_taken_twice_adds_up():
    with Trace() as trace:
        x = Tensor(np.float32([1, 2, 3]), trace)
        (grad,) = gradients(ops.take(x, np.array([0, 0, -1])) * np.float32([1, 10, 100]), [x])
        assert np.asarray(getattr(grad, "array", grad)).tolist() == [11, 0, 100]


def test_traced_indices():
    with Trace() as trace:
        x, place = Tensor(X, trace), Tensor(np.int32(1), trace)
        assert x[place].array.tolist() == [3, 4, 5] and trace.replay_blocker is None


CUBE = np.arange(24.0).reshape(2, 3, 4)
KEYS = {
    "pairs": ([0, 1, 1], [2, 0, 0]),
    "after a slice": (slice(None), [0, 2]),
    "before a slice": ([1, 0], slice(1, None)),
    "with a number": (1, [0, 2]),
    "around a slice": ([0, 1], slice(None), [3, 0]),
    "with ...": (Ellipsis, [1, 1]),
    "with None": (None, [1, 0], None, [2, 2]),
    "broadcast": ([[0], [1]], [0, 2]),
    "table": ([[0, 1], [1, 1]],),
    "negative": ([-1, -2], [-1, -1]),
    "one between": (slice(1, None), [[0], [2]], slice(None, None, -1)),
    "one with ...": (Ellipsis, [3, 0], None),
    "one before ...": ([1, 0], None, Ellipsis, slice(0, 2)),
    "one with None": (None, slice(None), None, [2, 2]),
    "a mask": (slice(None), np.bool_([True, False, True]), slice(1, 3)),
    "one of no axes": (slice(None), np.array(1)),
    "numpy integers": (np.int64(1), np.uint8([0, 2])),
}


@pytest.mark.parametrize("name", KEYS)
def test_several_arrays_of_indices(name):
    key = KEYS[name]
    arrays = tuple(np.asarray(part) if isinstance(part, list) else part for part in key)
    np.testing.assert_array_equal(ops.get_item(CUBE, key), CUBE[arrays])
    assert ops.get_item(KerasTensor((2, 3, 4)), key).shape == CUBE[arrays].shape
    check_grads(lambda x: ops.square(x[key]), CUBE)


def test_indices_that_are_traced_or_free():
    rows = np.arange(2)

    def chosen(data):
        x, columns = data
        return x[rows, columns]

    results = run_step_test(chosen, (CUBE, np.int32([0, 2])), (CUBE + 1, np.int32([1, 1])))
    np.testing.assert_array_equal(results[1], CUBE[rows, [1, 1]] + 1)
    x, indices = KerasTensor((None, 3)), KerasTensor((None,), "int32")
    assert ops.get_item(x, (indices, 0)).shape == (None,) and x[:, [0, 1, 1]].shape == (None, 3)


def test_masks():
    assert ops.get_item(X, X > 2).tolist() == [3, 4, 5]
    assert ops.get_item(CUBE, (slice(None), np.bool_([True, False, True]), 0)).tolist() == [[0, 8], [12, 20]]
    with GradientTape() as tape:
        x = tape.watch(X)
        y = ops.sum(x[x > 2] * 3)
    assert tape.gradient(y, x).tolist() == [[0, 0, 0], [3, 3, 3]]
    step = Step(lambda x: x[x > 2], "masks")
    with pytest.warns(ReplayWarning, match=r"`masks` cannot be replayed .*test_indexing.py:\d+"):
        assert [step(value).tolist() for value in (X, X + 2)] == [[3, 4, 5], [3, 4, 5, 6, 7]]


def test_bad_indices():
    with pytest.raises(IndexError):
        ops.get_item(X, 5)
    with pytest.raises(IndexError):
        ops.take(X, [3], axis=1)
    with pytest.raises(IndexError):
        ops.get_item(X, ([0], [3]))
    with pytest.raises(ArgumentTypeError, match="Indices must be integers. Received: dtype float32"):
        ops.get_item(X, (0, [1.0]))
    assert ShapeError.__mro__[1] is ArgumentError


def test_indices_along_an_axis_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"as many axes as `x`. Received: x of shape \(2, 3\)"):
        ops.take_along_axis(X, [1], axis=1)
    with pytest.raises(ArgumentError, match=r"along axis 1 of shape \(2, 3\): index 3 is out of bounds"):
        ops.take_along_axis(X, [[3]], axis=1)
    assert ops.take_along_axis(KerasTensor((None, 3)), KerasTensor((None, 2), "int32"), axis=1).shape == (None, 2)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint64"])
def test_gradients_of_indices_of_any_dtype(dtype):
    places = np.array([[0, 300 if dtype not in ("int8", "uint8") else 7, 0]], dtype)
    for function in (
        lambda x: ops.take(x, places, axis=0),
        lambda x: ops.get_item(x, (places, places * 0)),
        lambda x: ops.take(x, places * 0, axis=1),
        lambda x: ops.take_along_axis(x, np.broadcast_to(places.T, (3, 2)), axis=0),
    ):
        with Trace() as trace:
            x = Tensor(np.random.default_rng(0).normal(size=(301, 2)).astype("float32"), trace)
            y = function(x)
            (grad,) = gradients(ops.sum(y * y), [x])
            expected = np.zeros((301, 2), "float32")
            steps = np.arange(602).reshape(301, 2)
            np.add.at(expected.reshape(-1), np.asarray(function(steps)).reshape(-1), 2 * y.array.reshape(-1))
            np.testing.assert_array_equal(grad.array, expected)


@pytest.mark.parametrize(
    "key",
    [
        lambda i: (i, slice(None), slice(1, 3)),
        lambda i: (i, slice(None), i % 4),
        lambda i: (i, -2),
        lambda i: (slice(1, None), i % 6),
        lambda i: (None, i, ..., None),
        lambda i: (..., i % 4, slice(None, None, -1)),
        lambda i: (2, slice(None), i % 4),
    ],
)
def test_gradients_of_mixed_keys_are_those_of_add_at(key):
    rng = np.random.default_rng(0)
    x, key = rng.normal(size=(8, 6, 4, 3)).astype("float32"), key(rng.integers(0, 8, (3, 400)))
    weights = rng.normal(size=x[key].shape).astype("float32")
    with Trace() as trace:
        value = Tensor(x, trace)
        (found,) = gradients(ops.sum(ops.multiply(value[key], weights)), [value])
    expected = np.zeros_like(x)
    np.add.at(expected, key, weights)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("indices", [[1.0], np.float32(1), KerasTensor((2,)), KerasTensor((None,), "complex64")])
def test_take_refuses_indices_that_are_no_integers(indices):
    with pytest.raises(ArgumentTypeError, match="expects integers as indices"):
        ops.take(np.arange(3), indices)


def test_what_is_out_of_range_has_a_class():
    for call in (
        lambda: ops.get_item(X, 5),
        lambda: ops.get_item(X, (0, 0, 0)),
        lambda: ops.get_item(KerasTensor((2, 3)), 5),
        lambda: ops.take(X, [3], axis=1),
        lambda: ops.take(np.zeros((0, 3)), [0], axis=0),
        lambda: ops.take_along_axis(X, [[3]], axis=1),
    ):
        with pytest.raises(OutOfRangeError, match="of shape|Axis"):
            call()
    for indices in ([0.5], np.float32([1])):
        with pytest.raises(ArgumentTypeError, match="`take` expects integers as indices. Received: dtype float32"):
            ops.take(X, indices)
