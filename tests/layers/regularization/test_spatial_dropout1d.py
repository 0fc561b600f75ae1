import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ShapeError


def test_channels_are_dropped_as_a_whole():
    x = np.ones((20, 4, 3), "float32")
    layer = layers.SpatialDropout1D(0.5, seed=1)
    y = layer(x, training=True)
    assert (y.min(axis=(1,)) == y.max(axis=(1,))).all() and set(np.unique(y)) == {0, 2}
    np.testing.assert_array_equal(layer(x), x)


def test_the_number_of_axes():
    with pytest.raises(ShapeError, match="expected 3 axes"):
        layers.SpatialDropout1D(0.5)(np.ones((2, 3)))
