import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.UpSampling1D(3), (1, 2, 2), (1, 6, 2))
    run_layer_test(lambda: layers.UpSampling2D((1, 2)), (1, 2, 2, 1), (1, 2, 4, 1), order=1)
    run_layer_test(lambda: layers.UpSampling3D(2, "channels_first"), (1, 2, 1, 2, 1), (1, 2, 2, 4, 2), order=1)


def test_by_hand():
    x = np.array([[[[1.0], [2.0]], [[3.0], [4.0]]]], "float32")
    assert layers.UpSampling2D((2, 1))(x)[0, :, :, 0].tolist() == [[1, 2], [1, 2], [3, 4], [3, 4]]
    assert layers.UpSampling1D()(x[0]).tolist() == [[[1], [1], [2], [2]], [[3], [3], [4], [4]]]
    assert layers.UpSampling2D(2)(layers.Input((None, 5, 2))).shape == (None, None, 10, 2)


def test_refused():
    for size in (0, -1, 1.5, (1, 2, 3), None, True):
        with pytest.raises(ArgumentError, match="UpSampling2D: `size` must be an integer >= 1, or a tuple of 2"):
            layers.UpSampling2D(size)
    for size in (1.5, (1, 2), True):
        with pytest.raises(ArgumentTypeError, match="UpSampling1D: `size` must be an integer"):
            layers.UpSampling1D(size)
    with pytest.raises(UnknownNameError, match="nearest"):
        layers.UpSampling2D(interpolation="neares")
    with pytest.raises(ArgumentTypeError, match="`interpolation` must be a string"):
        layers.UpSampling2D(interpolation=None)
    with pytest.raises(UnknownNameError, match="channels_last"):
        layers.UpSampling3D(data_format="channels_lost")
