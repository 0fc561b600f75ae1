"""Resizing of images. What is not worked by hand comes from `tf.image.resize` of TensorFlow 2.21."""

import numpy as np
import pytest

from minikeras.utils.resampling import INTERPOLATIONS, resized, taps

ROW = np.array([0, 10, 50, 255, 20], "uint8").reshape(1, 5, 1)
# tf.image.resize(ROW, (1, 3), method=name)
TENSORFLOW = {
    "bilinear": [3.33333, 50.0, 98.3334],
    "nearest": [0.0, 50.0, 20.0],
    "bicubic": [1.3778, 50.0, 91.8031],
    "area": [4.0, 83.0, 114.0],
    "lanczos3": [2.1339, 50.0, 97.9411],
    "lanczos5": [10.9881, 50.0, 100.267],
    "gaussian": [3.39244, 67.5737, 99.7223],
    "mitchellcubic": [2.25101, 59.1667, 97.9881],
}


@pytest.mark.parametrize("name", INTERPOLATIONS)
def test_beside_tensorflow(name):
    found = resized(ROW, (1, 3), name)
    assert found.dtype == (np.uint8 if name == "nearest" else np.float32)
    # weights are rounded to float32
    np.testing.assert_allclose(found.ravel(), TENSORFLOW[name], rtol=1e-5, atol=1e-4)
    # and the same along the other axis
    np.testing.assert_array_equal(resized(ROW.transpose(1, 0, 2), (3, 1), name), found.transpose(1, 0, 2))


def test_bilinear_by_hand():
    image = np.array([[0, 100], [40, 60]], "uint8")[:, :, None]
    assert resized(image, (1, 1), "bilinear").ravel().tolist() == [50]
    assert resized(image, (2, 4), "bilinear")[:, :, 0].tolist() == [[0, 25, 75, 100], [40, 45, 55, 60]]


def test_area_by_hand():
    image = np.array([[10, 20, 60]], "uint8")[:, :, None]
    # each of two pixels covers one and a half
    np.testing.assert_allclose(resized(image, (1, 2), "area").ravel(), [20 / 1.5, 70 / 1.5], rtol=1e-6)


@pytest.mark.parametrize("name", INTERPOLATIONS)
@pytest.mark.parametrize(("size", "target"), [(1, 1), (1, 5), (5, 1), (5, 5), (7, 3), (3, 7), (500, 256), (3000, 8)])
def test_constant_images_stay_constant(name, size, target):
    places, weights = taps(name, size, target)
    assert places.min() >= 0 and places.max() < size and places.shape == weights.shape and len(places) == target
    np.testing.assert_allclose(weights.sum(1), 1, rtol=1e-5)  # rounding of float32
    image = np.full((size, 2, 3), 200, "uint8")
    np.testing.assert_allclose(resized(image, (target, 3), name), np.full((target, 3, 3), 200), rtol=1e-5)


def test_images_with_more_rows_than_a_block():
    image = np.arange(200, dtype="uint8").reshape(200, 1, 1)
    # each row is the mean of two
    assert resized(image, (100, 1), "bilinear").ravel().tolist() == [2 * row + 0.5 for row in range(100)]


def test_only_the_rows_that_are_needed_are_read():
    image = np.arange(3000 * 2).astype("uint8").reshape(3000, 2, 1)
    places, weights = taps("bilinear", 3000, 8)
    expected = (image[places, 0, 0] * weights).sum(1)
    np.testing.assert_allclose(resized(image, (8, 2), "bilinear")[:, 0, 0], expected, rtol=1e-6)
