"""Copies of windows: what they hold follows from the values of convolutions, in test_lowering."""

import numpy as np
import pytest

from minikeras.ops.convolution import window_copies


@pytest.mark.parametrize("name", ["WINDOWS", "ELEMENTS", "GROUPS", "TILES"])
def test_shape_rules(name):
    primitive = getattr(window_copies, name)
    geometry = {"size": (2,), "strides": (2,), "padding": ((1, 0),), "dilation": (1,), "phases": ()}
    geometry |= {"groups": 3} if name == "GROUPS" else {}
    x = np.ones((3, 7, 6), "float32")
    result = primitive.kernel(x, **geometry)
    assert primitive.shape(x, **geometry) == (result.shape, result.dtype)


def test_tiles_have_the_examples_after_the_places():
    x = np.arange(12.0).reshape(2, 6, 1)
    geometry = {"size": (4,), "strides": (3,), "padding": ((1, 0),), "dilation": (1,), "phases": ()}
    tiles = window_copies.TILES.kernel(x, **geometry)
    assert tiles.shape == (4, 2, 2, 1) and tiles.dtype == "complex128"
    assert tiles[:, 0, 0, 0].tolist() == [0, 0, 1, 2] and tiles[:, 1, 1, 0].tolist() == [8, 9, 10, 11]
