"""RandomCrop: real values, the same window for all, small images, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("RandomCrop")


def test_window():
    images = np.arange(60, dtype="float32").reshape(2, 5, 6, 1)
    layer = layers.RandomCrop(3, 2, seed=1)
    found = set()
    for _ in range(60):
        window = layer(images)[..., 0]
        np.testing.assert_array_equal(window[0] - window[0, 0, 0], [[0, 1], [6, 7], [12, 13]])
        np.testing.assert_array_equal(window[1], window[0] + 30)
        found.add(int(window[0, 0, 0]))
    assert found == {row * 6 + column for row in range(3) for column in range(5)}


def test_inference_and_small_images_are_resized():
    images = np.arange(8, dtype="float32").reshape(1, 2, 4, 1)
    np.testing.assert_array_equal(layers.RandomCrop(1, 1)(images, training=False)[0, :, :, 0], [[3.5]])
    for training in (True, False):
        seen = layers.RandomCrop(4, 4)(images, training=training)[0, :, :, 0]
        np.testing.assert_allclose(seen[0], [1, 1.25, 1.75, 2])  # the columns 1 and 2, twice as large


def test_boxes_follow():
    check_boxes(lambda **options: layers.RandomCrop(6, 7, seed=2, **options), moved=None)


def test_bad_sizes():
    for height in (0, -1, 1.5, "a", None):
        with pytest.raises(ArgumentError, match="RandomCrop: `height` must be a positive integer"):
            layers.RandomCrop(height, 2)
