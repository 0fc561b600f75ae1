"""RandomBrightness: real values, by hand, the range."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomBrightness")


def test_by_hand():
    image = np.float32([0, 51, 255]).reshape(1, 3, 1)
    darker = layers.RandomBrightness((-0.2, -0.2))
    np.testing.assert_allclose(darker(image)[0, :, 0], [0, 0, 204])
    np.testing.assert_array_equal(darker(image.astype("uint8"))[0, :, 0], [0, 0, 204])
    np.testing.assert_allclose(layers.RandomBrightness((0.5, 0.5), [1, 3])(image / 255 + 1)[0, :, 0], [2, 2.2, 3])


def test_bad_arguments():
    for options in ({"factor": 1.5}, {"factor": "a"}, {"factor": 0.1, "value_range": 3}):
        with pytest.raises(ArgumentError, match="RandomBrightness: `(factor|value_range)` must be"):
            layers.RandomBrightness(**options)
    with pytest.raises(ArgumentError, match="`value_range` must be a list or tuple of two different numbers"):
        layers.RandomBrightness(0.1, value_range=(1, 1))
