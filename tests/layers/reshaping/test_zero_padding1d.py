import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_by_hand():
    layer = layers.ZeroPadding1D((0, 2))
    x = np.float32([[[1]]])
    assert layer(x).tolist() == [[[1], [0], [0]]]
    assert layer.compute_output_shape(x.shape) == layer(x).shape
    assert type(layer).from_config(layer.get_config())(x).tolist() == [[[1], [0], [0]]]


def test_refused():
    with pytest.raises(ArgumentError, match="ZeroPadding1D: `padding` must be an integer >="):
        layers.ZeroPadding1D((-1, -1))
    with pytest.raises(ShapeError, match="expected 3 axes"):
        layers.ZeroPadding1D((0, 2))(np.ones((2, 3)))
