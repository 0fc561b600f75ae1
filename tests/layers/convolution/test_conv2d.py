import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test


def test_by_hand():
    layer = layers.Conv2D(1, 2, kernel_initializer="ones", bias_initializer="ones")
    assert layer(np.arange(9, dtype="float32").reshape(1, 3, 3, 1))[0, :, :, 0].tolist() == [[9, 13], [21, 25]]


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (2, 5, 6, 2), (2, 3, 4, 4)),
        ({"padding": "same", "strides": 2, "activation": "tanh"}, (2, 5, 6, 2), (2, 3, 3, 4)),
        ({"groups": 2, "dilation_rate": 2, "data_format": "channels_first"}, (2, 4, 6, 5), (2, 4, 2, 1)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.Conv2D(4, 3, **options), shape, result)


def test_refused():
    with pytest.raises(ArgumentError, match="both be greater than 1"):
        layers.Conv2D(4, 3, strides=2, dilation_rate=2)
    with pytest.raises(ArgumentError, match="multiple of the number of groups"):
        layers.Conv2D(4, 3, groups=3)
    with pytest.raises(ArgumentError, match="number of input channels must be known"):
        layers.Conv2D(4, 3).build((None, 8, 8, None))
    with pytest.raises(ShapeError, match="does not fit"):
        layers.Conv2D(4, 9)(np.ones((1, 8, 8, 1), "float32"))


def test_same_padding_adds_more_at_the_end():
    layer = layers.Conv2D(1, 3, strides=2, padding="same", kernel_initializer="ones")
    assert layer(np.ones((1, 4, 5, 1), "float32"))[0, :, :, 0].tolist() == [[6, 9, 6], [4, 6, 4]]
