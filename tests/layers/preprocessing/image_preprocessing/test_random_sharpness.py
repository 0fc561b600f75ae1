"""RandomSharpness: real values, by hand."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomSharpness")


def test_by_hand():
    image = np.float32([13, 0, 0]).reshape(1, 3, 1)
    for factor, expected in ((0.0, [5, 1, 0]), (0.5, [13, 0, 0]), (1.0, [21, 0, 0])):
        changed = layers.RandomSharpness((factor, factor))(image)
        np.testing.assert_allclose(changed[0, :, 0], expected, atol=1e-5)
