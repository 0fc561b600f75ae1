import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.Reshape((-1, 2)), (1, 3, 4), (1, 6, 2), order=1)


def test_by_hand():
    x = np.arange(6, dtype="float32").reshape(1, 2, 3)
    assert layers.Reshape((3, -1))(x).tolist() == [[[0, 1], [2, 3], [4, 5]]]
    assert layers.Reshape((-1,))(layers.Input((None, 2))).shape == (None, None)


def test_refused():
    for shape in ((-1, -1), (2.5,), 3, (-2,), (True,)):
        with pytest.raises(ArgumentError, match="Reshape: `target_shape` must be a tuple of sizes"):
            layers.Reshape(shape)
    for shape in ((4,), (-1, 4), (0, -1)):
        with pytest.raises(ShapeError, match="the 6 elements of an example of shape"):
            layers.Reshape(shape)(np.ones((2, 6)))
