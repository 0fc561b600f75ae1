"""RandomColorDegeneration: real values, by hand."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomColorDegeneration")


def test_by_hand():
    image = np.float32([[[100, 0, 0]]])
    np.testing.assert_allclose(layers.RandomColorDegeneration((0.5, 0.5))(image), [[[64.945, 14.945, 14.945]]])
    np.testing.assert_array_equal(layers.RandomColorDegeneration(0.0)(image), image)
