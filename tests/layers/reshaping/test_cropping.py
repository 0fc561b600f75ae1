import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.Cropping1D((1, 0)), (2, 3, 2), (2, 2, 2))
    run_layer_test(lambda: layers.Cropping2D((1, (0, 2))), (2, 4, 3, 1), (2, 2, 1, 1))
    run_layer_test(
        lambda: layers.Cropping3D(1, data_format="channels_first"), (1, 2, 3, 3, 3), (1, 2, 1, 1, 1), order=1
    )


def test_by_hand():
    x = np.arange(20, dtype="float32").reshape(1, 4, 5, 1)
    assert layers.Cropping2D(((1, 2), (3, 0)))(x)[0, :, :, 0].tolist() == [[8, 9]]
    assert layers.Cropping2D()(x).tolist() == x.tolist()
    assert layers.Cropping1D(1)(x[0]).tolist() == x[0, :, 1:4].tolist()
    first = layers.Cropping2D(((1, 2), (3, 0)), data_format="channels_first")
    assert first(x.transpose(0, 3, 1, 2)).tolist() == [[[[8, 9]]]]


def test_free_sizes_and_what_is_left():
    assert layers.Cropping2D(1)(layers.Input((None, 5, 2))).shape == (None, None, 3, 2)
    for layer, shape in ((layers.Cropping1D(2), (None, 4, 1)), (layers.Cropping2D((0, 2)), (None, 9, 4, 1))):
        with pytest.raises(ShapeError, match="`cropping` must leave at least one element of each axis"):
            layer(layers.Input(shape[1:]))
        with pytest.raises(ShapeError, match="must leave at least one element"):
            layer(np.ones((2, *shape[1:])))


@pytest.mark.parametrize("cropping", [-1, (1, 2, 3), 1.5, None, "ab", ((1, 2), (3,)), ((-1, 0), (0, 0))])
def test_refused(cropping):
    with pytest.raises(ArgumentError, match="Cropping2D: `cropping` must be an integer >= 0, or a tuple of 2"):
        layers.Cropping2D(cropping)
