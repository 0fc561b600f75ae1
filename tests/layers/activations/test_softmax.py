"""Softmax along one axis, several axes, and with a mask."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
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


@pytest.mark.parametrize("mask", [[0.3, 0.6, 1.0], [0, 1, 2], [False, True, True]], ids=str)
def test_what_is_masked_does_not_matter(mask):
    """Not even infinities and NaN; of a mask of numbers, those above 0.5 are kept. Values as in Keras."""
    for left_out in (1.0, np.inf, -np.inf, np.nan):
        x = np.float32([[left_out, np.log(1), np.log(3)]])
        np.testing.assert_allclose(layers.Softmax()(x, mask=np.array([mask])), [[0, 0.25, 0.75]], rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "mixed_bfloat16", "float32", "float64"])
def test_dtypes_with_a_mask(dtype):
    layer = layers.Softmax(dtype=dtype)
    found = layer(np.zeros((1, 3), "float32"), mask=np.array([[False, True, True]]))
    assert str(found.dtype) == layer.compute_dtype and found.astype("float64").tolist() == [[0, 0.5, 0.5]]


@pytest.mark.parametrize("shape", [(2, 3), (1, 3, 3), (3, 2)])
def test_masks_that_do_not_fit(shape):
    with pytest.raises(ShapeError, match=r"`mask` must broadcast to the inputs, of shape \(3, 3\)"):
        layers.Softmax()(np.ones((3, 3), "float32"), mask=np.ones(shape, bool))


def test_large_scores_stay_finite():
    assert layers.Softmax(axis=(0, 1))([[1e30, 1e30]]).tolist() == [[0.5, 0.5]]
    assert layers.Softmax()([[1e30, -1e30]]).tolist() == [[1, 0]]


@pytest.mark.parametrize("axis", ["a", None, 1.0, True, ("a",), ()])
def test_refused(axis):
    with pytest.raises(ArgumentError, match="Softmax: `axis` must be an integer, or a list or tuple of integers"):
        layers.Softmax(axis=axis)
