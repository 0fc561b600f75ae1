"""ContrastLimitedAdaptiveHistogramEqualization: real values, by hand, the limit."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("ContrastLimitedAdaptiveHistogramEqualization")


def test_by_hand():
    image = np.float32([10, 20, 20, 30]).reshape(1, 4, 1)
    layer = layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(1, 1), clip_limit=0)
    np.testing.assert_allclose(layer(image)[0, :, 0], [63.75, 191.25, 191.25, 255])  # 1/4, 3/4 and 4/4 of 255


def test_a_small_limit_spreads_evenly():
    layer = layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(1, 1), clip_limit=1e-6)
    image = np.float32([0, 51, 255]).reshape(1, 3, 1)
    np.testing.assert_allclose(layer(image)[0, :, 0], [0, 51, 255], atol=1e-2)  # all values occur about as often


def test_bad_arguments():
    for options in ({"tile_grid_size": 0}, {"tile_grid_size": (1, 2, 3)}, {"clip_limit": "a"}, {"value_range": 3}):
        with pytest.raises(ArgumentError, match="Equalization: `"):
            layers.ContrastLimitedAdaptiveHistogramEqualization(**options)
