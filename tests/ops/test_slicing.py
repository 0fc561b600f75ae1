"""Slices by start and shape."""

import numpy as np
import pytest

import minikeras
from minikeras import ops
from minikeras.errors import ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

X = np.arange(12).reshape(3, 4)


def test_slice():
    assert ops.slice(X, (1, 0), (2, 1)).tolist() == [[4], [8]]
    assert ops.slice(X, (1, 2), (-1, 2)).tolist() == [[6, 7], [10, 11]]
    assert ops.slice(KerasTensor((None, 4)), (0, 1), (-1, 2)).shape == (None, 2)


def test_slice_update():
    before = X.copy()
    assert ops.slice_update(X, (1, 2), [[-1.5, -2.0]]).tolist() == [[0, 1, 2, 3], [4, 5, -1, -2], [8, 9, 10, 11]]
    np.testing.assert_array_equal(X, before)
    assert ops.slice_update(KerasTensor((None, 4)), (0, 1), np.ones((1, 1))).shape == (None, 4)


@pytest.mark.parametrize("start, size", [((0, 0), (4, 1)), ((-1, 0), (1, 1)), ((0,), (1,)), ((0, 3), (1, 2))])
def test_outside(start, size):
    with pytest.raises(ShapeError, match="exceeds a tensor of shape"):
        ops.slice(X, start, size)
    with pytest.raises(ShapeError, match="exceeds a tensor of shape"):
        ops.slice_update(X, start, np.zeros(size))


@pytest.mark.parametrize("start, shape", [([0.7], [2]), ([0], [2.5]), (np.array([1.0]), [-1])])
def test_blocks_between_elements(start, shape):
    with pytest.raises(TypeError, match="integers as start indices"):
        ops.slice([1, 2, 3], start, shape)


def _rows_replaced(x):
    def row(number, found):
        part = ops.slice(x, (number, 0), (1, 4))
        return ops.slice_update(found, (2 - number, ops.zeros((), "int32")), part * x[0, 0])

    return ops.fori_loop(0, 3, row, ops.zeros_like(x))


def test_starts_that_depend_on_data():
    model = minikeras.Sequential([minikeras.layers.Lambda(lambda x: _rows_replaced(x[0])[None])])
    x = X.astype("float32")
    for first in (1.0, 2.0, 3.0):
        x[0, 0] = first
        np.testing.assert_array_equal(model.predict_on_batch(x[None])[0], x[::-1] * first)
    with minikeras.GradientTape() as outer:
        x = outer.watch(x)
        with minikeras.GradientTape() as tape:
            tape.watch(x)
            y = ops.sum(_rows_replaced(x) ** 2)
        grads = tape.gradient(y, x)
        total = ops.sum(grads)
    expected = 2 * np.asarray(x) * 9
    expected[0, 0] += 2 * 3 * np.sum(np.asarray(x) ** 2)
    np.testing.assert_allclose(grads, expected)
    # total = sum 2 x w^2 + 2 w sum x^2 for w = x[0, 0]
    second = 2 * 9 + 4 * 3 * np.asarray(x)
    second[0, 0] += 4 * 3 * np.sum(x) + 2 * np.sum(np.asarray(x) ** 2)
    np.testing.assert_allclose(outer.gradient(total, x), second, rtol=1e-5)


def test_starts_that_depend_on_data_stay_inside():
    start = minikeras.Input(batch_shape=(2,), dtype="int32")
    model = minikeras.Model(start, ops.slice(X, start, (2, 3)))
    assert model.output.shape == (2, 3)
    for given, expected in (((1, 0), (1, 0)), ((5, -3), (1, 0)), ((0, 9), (0, 1))):
        row, column = expected
        np.testing.assert_array_equal(model(np.int32(given)), X[row : row + 2, column : column + 3])
        np.testing.assert_array_equal(model.predict_on_batch(np.int32(given)), X[row : row + 2, column : column + 3])
    number = KerasTensor((), "int32")
    assert ops.slice_update(KerasTensor((None, 4)), (number, 1), np.ones((1, 1))).shape == (None, 4)
    with pytest.raises(ShapeError, match=r"slice of shape \(2, -1\), whose start is a traced value"):
        ops.slice(X, (number, 0), (2, -1))
    with pytest.raises(ShapeError, match="does not fit a tensor of shape"):
        ops.slice(X, (number, 0), (4, 1))
    with pytest.raises(TypeError, match="`slice_update` needs integers"):
        ops.slice_update(X, (KerasTensor((), "float32"), 0), [[1]])


@pytest.mark.parametrize("start", [1, None, np.int32(1), KerasTensor((), "int32")])
def test_start_indices_are_a_sequence(start):
    with pytest.raises(ArgumentTypeError, match="expects a sequence of integers as `start_indices`"):
        ops.slice(np.arange(3), start, (1,))
    with pytest.raises(ArgumentTypeError, match="expects a sequence of integers as `start_indices`"):
        ops.slice_update(np.arange(3), start, [7])
