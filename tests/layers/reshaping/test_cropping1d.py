import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_by_hand():
    layer = layers.Cropping1D((1, 0))
    x = np.arange(4, dtype="float32").reshape(1, 4, 1)
    assert layer(x).tolist() == [[[1], [2], [3]]]
    assert layer.compute_output_shape(x.shape) == layer(x).shape
    assert type(layer).from_config(layer.get_config())(x).tolist() == [[[1], [2], [3]]]


def test_refused():
    with pytest.raises(ArgumentError, match="Cropping1D: `cropping` must be an integer >="):
        layers.Cropping1D((-1, -1))
    with pytest.raises(ShapeError, match="expected 3 axes"):
        layers.Cropping1D((1, 0))(np.ones((2, 3)))


def test_sequences_have_one_layout():
    with pytest.raises(ArgumentError, match="Unrecognized keyword arguments passed to Cropping1D"):
        layers.Cropping1D((1, 0), data_format="channels_first")
