"""CenterCrop: real values, small images, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("CenterCrop")


def test_center():
    images = np.arange(20, dtype="float32").reshape(1, 4, 5, 1)
    np.testing.assert_array_equal(layers.CenterCrop(2, 3)(images)[0, :, :, 0], [[6, 7, 8], [11, 12, 13]])
    np.testing.assert_array_equal(layers.CenterCrop(2, 3)(images, training=False)[0, 0, :, 0], [6, 7, 8])


def test_small_images_are_resized():
    image = np.float32([[0, 1], [2, 3]])[..., None]
    np.testing.assert_allclose(layers.CenterCrop(4, 4)(image)[0, :, 0], [0, 0.25, 0.75, 1])


def test_boxes_follow():
    check_boxes(layers.CenterCrop, 4, 6)


def test_bad_sizes():
    with pytest.raises(ArgumentError, match="CenterCrop: `width` must be a positive integer"):
        layers.CenterCrop(2, 0)
