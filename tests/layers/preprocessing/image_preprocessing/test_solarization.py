"""Solarization: real values, by hand."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("Solarization")


def test_by_hand():
    image = np.float32([0, 100, 255]).reshape(1, 3, 1)
    np.testing.assert_array_equal(layers.Solarization()(image)[0, :, 0], [255, 155, 0])
    half = layers.Solarization(value_range=(0, 1))(image / 255)[0, :, 0]
    np.testing.assert_allclose(half, [1, 155 / 255, 0], atol=1e-6)


def test_bad_factors():
    for factor in (-0.1, 1.1, "a"):
        with pytest.raises(ArgumentError, match="Solarization: `threshold_factor` must be"):
            layers.Solarization(threshold_factor=factor)
