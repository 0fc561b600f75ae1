import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (2, 3, 2), (2, 5, 4)),
        ({"strides": 2, "padding": "same"}, (2, 3, 2), (2, 6, 4)),
        ({"strides": 2, "padding": "same", "output_padding": 0}, (2, 3, 2), (2, 5, 4)),
        ({"dilation_rate": 2, "data_format": "channels_first", "activation": "tanh"}, (2, 2, 3), (2, 4, 7)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.Conv1DTranspose(4, 3, **options), shape, result)


@pytest.mark.parametrize(
    ("options", "result"),
    [
        ({"padding": "same"}, [1, 10, 102, 20, 203, 30]),
        ({}, [1, 10, 102, 20, 203, 30, 300]),
        ({"output_padding": 1}, [1, 10, 102, 20, 203, 30, 300, 0]),
        ({"padding": "same", "output_padding": 0}, [10, 102, 20, 203, 30]),
    ],
)
def test_by_hand(options, result):
    layer = layers.Conv1DTranspose(1, 3, strides=2, use_bias=False, **options)
    layer.build((None, 3, 1))
    layer.set_weights([np.float32([1, 10, 100]).reshape(3, 1, 1)])
    assert layer(np.float32([1, 2, 3]).reshape(1, 3, 1))[0, :, 0].tolist() == result
