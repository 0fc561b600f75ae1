"""Linear maps along one axis."""

import numpy as np
import pytest

from minikeras.ops.image.contractions import contract, correlate
from tests.helpers import check_grads, run_step_test

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("width", [1, 3, 20])
@pytest.mark.parametrize("axis", [-3, -2, -1])
def test_contractions(axis, width):
    x = RNG.normal(size=(2, 4, 5, width))
    matrix = RNG.normal(size=(x.shape[axis], 3))
    expected = np.moveaxis(np.tensordot(x, matrix, (axis, 0)), -1, axis)
    np.testing.assert_allclose(contract(x, matrix, axis), expected, rtol=1e-12)
    assert contract(x[:0], matrix, axis).shape == (0, *expected.shape[1:])
    nothing = x[:, :0] if axis == -3 else x[:, :, :0] if axis == -2 else x[..., :0]
    assert (contract(nothing, matrix[:0], axis) == np.zeros_like(expected)).all()


@pytest.mark.parametrize("axis", [-3, -2, -1])
def test_gradients_of_contractions(axis):
    x, matrix = RNG.normal(size=(2, 3, 2)), RNG.normal(size=((2, 3, 2)[axis], 2))
    check_grads(lambda x, matrix: contract(x, matrix, axis) ** 2, x, matrix)
    run_step_test(lambda x: contract(x, np.float32(matrix), axis), *np.float32(RNG.normal(size=(3, 2, 3, 2))))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("axis", [-3, -2, -1])
def test_correlation(axis, count):
    x, weights = RNG.normal(size=(3, 4, 2)), RNG.normal(size=count)
    before = (count - 1) // 2
    padded = np.apply_along_axis(lambda row: np.pad(row, (before, count - 1 - before)), axis, x)
    expected = np.apply_along_axis(lambda row: np.correlate(row, weights, "valid"), axis, padded)
    np.testing.assert_allclose(correlate(x, weights, axis), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_gradients_of_correlation(count):
    weights = RNG.normal(size=count)
    check_grads(lambda x, w: correlate(x, w, -2) ** 2, RNG.normal(size=(2, 3, 2)), weights)
    run_step_test(lambda x: correlate(x, np.float32(weights), -2), *np.float32(RNG.normal(size=(3, 2, 3, 2))))


def test_types():
    assert correlate(np.int32([1, 2, 3]), [1, 1, 1], -1).tolist() == [3, 6, 5]
    assert correlate(np.float16([1, 2]), np.float32([0.5]), -1).dtype == "float16"
    assert correlate(np.zeros((0, 3)), np.ones(3), -1).shape == (0, 3)
    assert correlate(np.zeros((3, 0)), np.ones(3), -1).shape == (3, 0)


def test_gradients_without_elements():
    matrix = np.ones((0, 2))
    check_grads(lambda x: contract(x, matrix, 0), np.zeros((0, 3)))
