import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_by_hand():
    layer = layers.Cropping3D(((1, 0), (0, 1), (1, 1)))
    x = np.arange(12, dtype="float32").reshape(1, 2, 2, 3, 1)
    assert layer(x).tolist() == [[[[[7]]]]]
    assert layer.compute_output_shape(x.shape) == layer(x).shape
    assert type(layer).from_config(layer.get_config())(x).tolist() == [[[[[7]]]]]


def test_refused():
    with pytest.raises(ArgumentError, match="Cropping3D: `cropping` must be an integer >="):
        layers.Cropping3D((1, 2))
    with pytest.raises(ShapeError, match="expected 5 axes"):
        layers.Cropping3D(((1, 0), (0, 1), (1, 1)))(np.ones((2, 3)))
