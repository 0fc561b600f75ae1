"""RandomContrast: real values, by hand."""

import numpy as np

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomContrast")


def test_by_hand():
    image = np.float32([0.25, 0.75]).reshape(1, 2, 1)
    layer = layers.RandomContrast((0.0, 1.0), (0, 1), seed=0)
    factor = layer.get_random_transformation(image)["contrast_factor"].item()
    changed = layers.RandomContrast((0.0, 1.0), (0, 1), seed=0)(image)[0, :, 0]
    np.testing.assert_allclose(changed, [0.5 - 0.25 * factor, 0.5 + 0.25 * factor], rtol=1e-6)
    assert 1 < factor < 2
