"""Pixels in another range of values."""

import numpy as np

from minikeras.layers.preprocessing.image_preprocessing.value_ranges import rescaled


def test_rescaled():
    pixels = np.float32([10, 20, 30])
    np.testing.assert_array_equal(rescaled(pixels, (10, 30), (-1, 1)), [-1, 0, 1])
    assert rescaled(pixels, [0, 255], (0, 255)) is pixels
    assert rescaled(pixels, (10, 30), (0, 1)).dtype == "float32"
