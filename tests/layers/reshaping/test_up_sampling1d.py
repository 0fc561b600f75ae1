import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_by_hand():
    layer = layers.UpSampling1D(2)
    x = np.float32([[[1], [2]]])
    assert layer(x).tolist() == [[[1], [1], [2], [2]]]
    assert layer.compute_output_shape(x.shape) == layer(x).shape
    assert type(layer).from_config(layer.get_config())(x).tolist() == [[[1], [1], [2], [2]]]


def test_refused():
    with pytest.raises(ArgumentError, match="UpSampling1D: `size` must be an integer >="):
        layers.UpSampling1D(0)
    with pytest.raises(ShapeError, match="expected 3 axes"):
        layers.UpSampling1D(2)(np.ones((2, 3)))


def test_sequences_have_one_layout():
    with pytest.raises(ArgumentError, match="Unrecognized keyword arguments passed to UpSampling1D"):
        layers.UpSampling1D(2, data_format="channels_first")
