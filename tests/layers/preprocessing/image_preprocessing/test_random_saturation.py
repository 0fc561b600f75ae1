"""RandomSaturation: real values, by hand."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomSaturation")


def test_by_hand():
    image = np.float32([[[0.5, 0.5, 1.0]]])
    for factor, expected in ((0.5, 0.5), (0.0, 1.0), (0.25, 5 / 6), (0.6, 0.25)):  # 0.6: the saturation is 3/4
        changed = layers.RandomSaturation((factor, factor))(image)
        np.testing.assert_allclose(changed, [[[expected, expected, 1]]], rtol=1e-5)
