"""Equalization: real values, by hand."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("Equalization")


def test_by_hand():
    image = np.float32([10, 20, 20, 30]).reshape(1, 4, 1)
    # Up to each value there are 1, 3 and 4 pixels: (n - 1) / (4 - 1) * 255.
    np.testing.assert_array_equal(layers.Equalization()(image)[0, :, 0], [0, 170, 170, 255])
    flat = np.full((2, 2, 1), 9, "float32")
    np.testing.assert_array_equal(layers.Equalization()(flat), flat)


def test_bad_bins():
    with pytest.raises(ArgumentError, match="Equalization: `bins` must be a positive integer"):
        layers.Equalization(bins=0)


def test_symbolic_outputs():
    layer, x = layers.Equalization(), layers.Input((4, 4, 3), dtype="uint8")
    for y in (layer.compute_output_spec(inputs=x), layer(x), layer(data=x, training=False)):
        assert (y.shape, y.dtype) == ((None, 4, 4, 3), "float32")
    with pytest.raises(TypeError, match="other"):
        layer.compute_output_spec(x, other=1)
