import numpy as np
import pytest

from minikeras import layers
from tests.helpers import run_layer_test


@pytest.mark.parametrize(
    ("options", "shape", "result"),
    [
        ({}, (2, 5, 2), (2, 3, 2)),
        ({"depth_multiplier": 2, "padding": "same", "strides": 2}, (2, 5, 2), (2, 3, 4)),
        ({"data_format": "channels_first", "dilation_rate": 2, "activation": "tanh"}, (2, 2, 6), (2, 2, 2)),
    ],
)
def test_the_layer(options, shape, result):
    run_layer_test(lambda: layers.DepthwiseConv1D(3, **options), shape, result)


def test_by_hand():
    layer = layers.DepthwiseConv1D(2, depth_multiplier=2)
    layer.build((None, 2, 2))
    layer.set_weights([np.float32([[[1, 2], [3, 4]], [[10, 20], [30, 40]]]), np.float32([0, 0, 0, 1])])
    assert layer(np.float32([[[1, 2], [3, 4]]])).tolist() == [[[31, 62, 126, 169]]]
