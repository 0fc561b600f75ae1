import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.ZeroPadding1D((1, 0)), (2, 3, 2), (2, 4, 2))
    run_layer_test(lambda: layers.ZeroPadding2D((1, (0, 2))), (2, 2, 3, 1), (2, 4, 5, 1))
    run_layer_test(lambda: layers.ZeroPadding3D(1, "channels_first"), (1, 2, 1, 2, 1), (1, 2, 3, 4, 3), order=1)


def test_by_hand():
    x = np.array([[[[1.0], [2.0]]]], "float32")
    assert layers.ZeroPadding2D(((1, 0), (0, 2)))(x)[0, :, :, 0].tolist() == [[0, 0, 0, 0], [1, 2, 0, 0]]
    assert layers.ZeroPadding1D(1, "channels_first")(np.array([[[1.0, 2.0]]])).tolist() == [[[0, 1, 2, 0]]]


def test_free_sizes():
    assert layers.ZeroPadding2D(1)(layers.Input((None, 5, 2))).shape == (None, None, 7, 2)
    with pytest.raises(ShapeError, match="expected 4 axes"):
        layers.ZeroPadding2D(1)(np.ones((2, 3)))


@pytest.mark.parametrize("padding", [-1, (1, 2, 3), 1.5, None, "ab", ((1, 2), (3,))])
def test_refused(padding):
    with pytest.raises(ArgumentError, match="ZeroPadding2D: `padding` must be an integer >= 0, or a tuple of 2"):
        layers.ZeroPadding2D(padding)
