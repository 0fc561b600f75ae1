"""RandomPosterization: real values, by hand."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomPosterization")


def test_by_hand():
    image = np.float32([0, 63, 64, 200, 255]).reshape(1, 5, 1)
    np.testing.assert_array_equal(layers.RandomPosterization((2, 2))(image)[0, :, 0], [0, 0, 64, 192, 192])
    halves = layers.RandomPosterization((1, 1), (0, 1))(np.float32([0.4, 0.6]).reshape(1, 2, 1))
    np.testing.assert_allclose(halves[0, :, 0], [0, 128 / 255])


def test_bad_factors():
    for factor in (0, 9, 2.5, "a"):
        with pytest.raises(ArgumentError, match="RandomPosterization: `factor` must be"):
            layers.RandomPosterization(factor)
