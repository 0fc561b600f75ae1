"""Softmax along one axis, several axes, and with a mask."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test


@pytest.mark.parametrize("axis", [-1, 1, (1, 2), [2]])
def test_in_full(axis):
    run_layer_test(lambda: layers.Softmax(axis=axis), (2, 3, 2), (2, 3, 2))


def test_by_hand():
    x = np.log(np.float32([[[1, 3], [4, 8]]]))  # shares of 1, 3, 4 and 8
    np.testing.assert_allclose(layers.Softmax()(x), [[[1 / 4, 3 / 4], [1 / 3, 2 / 3]]], rtol=1e-6)
    np.testing.assert_allclose(layers.Softmax(axis=1)(x), [[[1 / 5, 3 / 11], [4 / 5, 8 / 11]]], rtol=1e-6)
    np.testing.assert_allclose(layers.Softmax(axis=(1, 2))(x), [[[1 / 16, 3 / 16], [4 / 16, 8 / 16]]], rtol=1e-6)


def test_mask():
    x = np.log(np.float32([[1, 3, 4]]))
    masked = layers.Softmax()(x, mask=np.array([[True, True, False]]))
    np.testing.assert_allclose(masked, [[1 / 4, 3 / 4, 0]], rtol=1e-6)
    assert masked.dtype == np.float32
    assert layers.Softmax()(x, mask=np.array([[False, False, False]])).tolist() == [[0, 0, 0]]


def test_large_scores_stay_finite():
    assert layers.Softmax(axis=(0, 1))([[1e30, 1e30]]).tolist() == [[0.5, 0.5]]
    assert layers.Softmax()([[1e30, -1e30]]).tolist() == [[1, 0]]


@pytest.mark.parametrize("axis", ["a", None, 1.0, True, ("a",), ()])
def test_refused(axis):
    with pytest.raises(ArgumentError, match="Softmax: `axis` must be an integer, or a list or tuple of integers"):
        layers.Softmax(axis=axis)
