import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_by_hand():
    layer = layers.ZeroPadding2D(((1, 0), (0, 1)))
    x = np.float32([[[[5]]]])
    assert layer(x).tolist() == [[[[0], [0]], [[5], [0]]]]
    assert layer.compute_output_shape(x.shape) == layer(x).shape
    assert type(layer).from_config(layer.get_config())(x).tolist() == [[[[0], [0]], [[5], [0]]]]


def test_refused():
    with pytest.raises(ArgumentError, match="ZeroPadding2D: `padding` must be an integer >="):
        layers.ZeroPadding2D((-1, -1))
    with pytest.raises(ShapeError, match="expected 4 axes"):
        layers.ZeroPadding2D(((1, 0), (0, 1)))(np.ones((2, 3)))
