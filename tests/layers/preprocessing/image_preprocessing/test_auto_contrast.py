"""AutoContrast: real values, by hand."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("AutoContrast")


def test_by_hand():
    image = np.stack([np.float32([10, 20, 30]), np.float32([7, 7, 7])], -1)[None]
    stretched = layers.AutoContrast()(image)
    np.testing.assert_allclose(stretched[0, :, 0], [0, 127.5, 255])
    np.testing.assert_array_equal(stretched[0, :, 1], [7, 7, 7])  # nothing to stretch
