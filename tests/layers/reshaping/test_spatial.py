"""What the layers share that resize the spatial axes."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ShapeError, UnknownNameError
from minikeras.layers import Input
from minikeras.layers.reshaping.spatial import Spatial


class Doubled(Spatial):
    rank = 2

    def new_size(self, size, place, input_shape):
        return size * 2 + place

    def call(self, inputs):
        return inputs


def test_only_the_spatial_axes_are_resized():
    assert Doubled().compute_output_shape((None, 3, 5, 7)) == (None, 6, 11, 7)
    assert Doubled("channels_first").compute_output_shape((2, 7, 3, None)) == (2, 7, 6, None)
    assert [Doubled().first_axis, Doubled("channels_first").first_axis] == [1, 2]
    assert Doubled()(Input((3, 5, 7), dtype="int32")).dtype == "int32"


def test_pairs():
    layer = Doubled()
    assert layer.pairs("size", 2) == ((2, 2), (2, 2))
    assert layer.pairs("size", (1, (0, 3))) == ((1, 1), (0, 3))
    with pytest.raises(ArgumentError, match="Doubled: `size` must be an integer >= 0, or a tuple of 2"):
        layer.pairs("size", (1, 2, 3))


def test_refused():
    with pytest.raises(UnknownNameError, match="channels_last"):
        Doubled("channels_lost")
    with pytest.raises(ShapeError, match="expected 4 axes"):
        Doubled()(np.ones((2, 3)))
