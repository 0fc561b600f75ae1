"""What the spatial dropout layers share: the shape of the mask, and their configs."""

import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, UnknownNameError


def test_the_mask_has_size_1_along_spatial_axes():
    assert layers.SpatialDropout1D(0.5).noise_shape == (None, 1, None)
    assert layers.SpatialDropout2D(0.5).noise_shape == (None, 1, 1, None)
    assert layers.SpatialDropout2D(0.5, "channels_first").noise_shape == (None, None, 1, 1)
    assert layers.SpatialDropout3D(0.5).noise_shape == (None, 1, 1, 1, None)


def test_configs():
    config = layers.SpatialDropout2D(0.5, "channels_first", seed=3, name="s").get_config()
    assert config == {"rate": 0.5, "seed": 3, "name": "s", "dtype": "float32", "data_format": "channels_first"}
    assert "data_format" not in layers.SpatialDropout1D(0.5).get_config()


def test_refused():
    with pytest.raises(UnknownNameError, match="channels_first"):
        layers.SpatialDropout3D(0.5, "channels_fist")
    with pytest.raises(ArgumentError, match="SpatialDropout2D: `rate`"):
        layers.SpatialDropout2D(2)
